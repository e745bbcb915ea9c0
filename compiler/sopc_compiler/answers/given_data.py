"""What answers give an operation: its inputs by name, and the operation itself."""

from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter

from sopc.graph.base import GraphRecord, Name, Words
from sopc.graph.data import Argument
from sopc_compiler.answers import spoken_data

_NAME: TypeAdapter[str] = TypeAdapter(Name)


def _arguments(value: object) -> object:
    """Read inputs: a text, or a mapping from names to literals and `{cel: ...}`."""
    given = spoken_data.arguments(value) if isinstance(value, str) else value
    if not isinstance(given, dict):
        return given
    return [_argument(name, each) for name, each in given.items()]


def _argument(name: object, value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        if set(value) != {"cel"}:
            raise ValueError(f"`{name}` is a plain value, or `{{cel: ...}}`")
        return {"name": name, "cel": spoken_data.expression(str(value["cel"]))}
    if isinstance(value, list):
        message = f"`{name}` is a list; write it as an expression: `{{cel: '[...]'}}`"
        raise ValueError(message)  # noqa: TRY004 # pydantic tells of values only
    return {"name": name, "value": value}


GivenInputs = Annotated[
    tuple[Argument, ...],
    BeforeValidator(_arguments, json_schema_input_type=str | dict[str, Any]),
]
"""Inputs by name: a literal, or an expression as `{cel: client_name}`."""


class GivenBinding(GraphRecord):
    """What a step calls: an operation, and what it is given; no `operation` where a person does it.

    Without `inputs`, it is not said yet what the operation is given.
    """

    operation: Words | None = None
    inputs: GivenInputs | None = None
