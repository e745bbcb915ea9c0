"""What a request gives: inputs in the forms that connectors need, or failures that name them."""

from collections.abc import Iterable
from typing import Any, Never

from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError, Request


def refuse(message: str, *, hint: str | None = None) -> Never:
    """Refuse a request, of which nothing has been done."""
    raise ConnectorError(Failure.REFUSED, message, hint=hint)


def known_inputs(request: Request, known: Iterable[str]) -> None:
    """Refuse inputs that would otherwise be passed over.

    Raises:
        ConnectorError: There is an input that the operation does not take.
    """
    known = tuple(known)
    unknown = [name for name in request.inputs if name not in known]
    if unknown:
        refuse(
            f"operation `{request.operation}` takes no input `{unknown[0]}`",
            hint=f"it takes {', '.join(f'`{name}`' for name in known)}",
        )


def text(request: Request, name: str) -> str:
    """Give an input that is a text.

    Raises:
        ConnectorError: It is missing, empty, or no text.
    """
    found = optional_text(request, name)
    if not found:
        missing(name)
    return found


def optional_text(request: Request, name: str) -> str | None:
    """Give an input that is a text, if it is given.

    Raises:
        ConnectorError: It is no text.
    """
    found = request.inputs.get(name)
    if found is None or isinstance(found, str):
        return found
    if isinstance(found, int | float) and not isinstance(found, bool):
        return str(found)
    raise ConnectorError(Failure.MISSING_DATA, f"input `{name}` is no text")


def texts(request: Request, name: str) -> tuple[str, ...]:
    """Give an input that is a list of texts, or one text; nothing if it is left out.

    Raises:
        ConnectorError: It is something else.
    """
    found: Any = request.inputs.get(name)
    if found is None:
        return ()
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list | tuple) or not all(isinstance(each, str) for each in listed):
        raise ConnectorError(Failure.MISSING_DATA, f"input `{name}` is no text and no list of them")
    return tuple(each for each in listed if each.strip())


def missing(name: str) -> Never:
    """Say that an input is missing."""
    raise ConnectorError(Failure.MISSING_DATA, f"input `{name}` is missing")
