"""What is sent: an endpoint with the values of a request in their places."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from jsonpointer import JsonPointer

from sopc.graph import DataField, Failure
from sopc.graph.currency import decimals_of
from sopc_runtime.connectors.connector import ConnectorError, Request
from sopc_runtime.connectors.http.endpoint import PLACEHOLDER, Endpoint, Part, Place
from sopc_runtime.core.value import problems_with

_IN_HEADERS = "".join(map(chr, range(0x20, 0x7F)))
_MOST_DIGITS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request as HTTP has it, but for who asks.

    Attributes:
        target: The path below the system's URL, percent-encoded.
        body: Its JSON, if `has_body`.
    """

    method: str
    target: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = None
    has_body: bool = False

    def url(self, base: str) -> str:
        """Give the whole URL, below that of the system."""
        parts = urlsplit(base)
        path = parts.path.rstrip("/") + self.target if self.target else parts.path
        query = "&".join(filter(None, (parts.query, urlencode(self.query))))
        return urlunsplit((parts.scheme, parts.netloc, path, query, ""))

    def content(self) -> bytes | None:
        """Give the body as it goes over the wire; None if there is none."""
        if not self.has_body:
            return None
        return json.dumps(self.body, ensure_ascii=False, allow_nan=False).encode()


def outgoing(endpoint: Endpoint, request: Request, idempotency_header: str) -> Outgoing:
    """Put the values of a request into their places.

    Raises:
        ConnectorError: An input is missing, not known, or of the wrong type or form.
    """
    _sendable(request)
    parts = _parts(endpoint, request)
    _check(endpoint, request, parts)
    given = [(part, request.inputs[part.name]) for part in parts if _has(request, part)]
    headers = [(part.key, _header(part, value)) for part, value in given if _at(part, Place.HEADER)]
    if request.key and not endpoint.reads:
        headers.append((endpoint.idempotency_header or idempotency_header, key_of(request)))
    body = [(part, _written(part, value)) for part, value in given if _at(part, Place.BODY)]
    return Outgoing(
        method=endpoint.method,
        target=_target(endpoint, {p.key: value for p, value in given if _at(p, Place.PATH)}),
        query=tuple(
            (part.key, text)
            for part, value in given
            if _at(part, Place.QUERY)
            for text in _texts(_written(part, value))
        ),
        headers=tuple(headers),
        body=_body(body),
        has_body=bool(body),
    )


def key_of(request: Request) -> str:
    """Give the key as a header can have it: runs may be named by data, in any script."""
    return quote(request.key, safe=_IN_HEADERS)


def minor_units(value: Any, currency: str | None) -> int | None:
    """Give an amount that a system writes as `12.50` in minor units; None if it is none."""
    try:
        shifted = Decimal(str(value)).scaleb(decimals_of(currency or ""))
    except ArithmeticError:
        return None
    # Writing out `1e999999` takes minutes.
    if shifted.is_finite() and shifted.adjusted() > _MOST_DIGITS:
        return None
    return int(shifted) if shifted.is_finite() and shifted == int(shifted) else None


def _sendable(request: Request) -> None:
    try:
        json.dumps(request.inputs, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise ConnectorError(
            Failure.MISSING_DATA, "an input is no number, or no text that can be sent"
        ) from None


def _parts(endpoint: Endpoint, request: Request) -> tuple[Part, ...]:
    named = {part.name for part in endpoint.parts}
    others = [name for name in request.inputs if name not in named]
    if not others:
        return endpoint.parts
    if endpoint.more is None:
        known = ", ".join(f"`{name}`" for name in sorted(named))
        raise ConnectorError(
            Failure.REFUSED,
            f"operation `{endpoint.operation.name}` takes no input `{others[0]}`",
            hint=f"its inputs: {known}" if known else "it takes none",
        )
    place = endpoint.more
    return endpoint.parts + tuple(Part(name=name, place=place, key=name) for name in others)


def _check(endpoint: Endpoint, request: Request, parts: tuple[Part, ...]) -> None:
    problems = [
        f"`{part.name}` is missing" for part in parts if part.required and not _has(request, part)
    ]
    given = [part.type for part in parts if part.type is not None and _has(request, part)]
    problems += problems_with(request.inputs, given)
    if problems:
        raise ConnectorError(
            Failure.MISSING_DATA,
            f"inputs of operation `{endpoint.operation.name}`: {', '.join(problems)}",
        )


def _has(request: Request, part: Part) -> bool:
    return request.inputs.get(part.name) is not None


def _at(part: Part, place: Place) -> bool:
    return part.place is place


def _target(endpoint: Endpoint, values: dict[str, Any]) -> str:
    filled = endpoint.path
    for name in PLACEHOLDER.findall(endpoint.path):
        text = ",".join(_texts(values[name]))
        # A segment of dots would lead to another path than the one that the file says.
        if text in {"", ".", ".."}:
            raise ConnectorError(
                Failure.MISSING_DATA, f"input `{name}` cannot stand in a path: `{text}`"
            )
        filled = filled.replace(f"{{{name}}}", quote(text, safe=""))
    return filled


def _header(part: Part, value: Any) -> str:
    text = ",".join(_texts(value))
    if not (text.isascii() and text.isprintable()):
        raise ConnectorError(
            Failure.MISSING_DATA, f"input `{part.name}` has characters that no header can have"
        )
    return text


def _written(part: Part, value: Any) -> Any:
    if not part.decimal or not isinstance(part.type, DataField):
        return value
    return float(Decimal(value).scaleb(-decimals_of(part.type.currency or "")))


def _texts(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [text for each in value for text in _texts(each)]
        case _:  # JSON's own words for true, false and numbers
            return [json.dumps(value, ensure_ascii=False)]


def _body(parts: list[tuple[Part, Any]]) -> Any:
    whole: Any = {}
    for part, value in parts:
        if part.key == "":
            return value
        keys = JsonPointer(part.key).parts if part.key.startswith("/") else [part.key]
        inner = whole
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = value
    return whole
