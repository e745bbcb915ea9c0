"""Endpoints: the method and path of an operation, and where its inputs and outputs stand."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sopc.errors import UsageError
from sopc.graph import DataField, DataType
from sopc.organization import HttpRequest, Operation, System

IN_QUERY = frozenset({"GET", "HEAD", "DELETE"})
"""The methods whose inputs stand in the query unless something else is said."""

PLACEHOLDER = re.compile(r"\{([^{}/]+)\}")
"""An input's place in a path, as `{contact}`."""


class Place(StrEnum):
    """Where an input stands in a request."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An input of an endpoint.

    Attributes:
        name: What steps call it.
        key: What the system calls it; in the body a key, or a JSON pointer, empty for all of it.
        type: Its type, if it is known.
        decimal: Whether the system writes this money as `12.50`.
    """

    name: str
    place: Place
    key: str
    type: DataField | None = None
    required: bool = False
    decimal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """How an operation is asked for.

    Attributes:
        parts: Its inputs.
        more: Where inputs go that are not listed; None if there are no others.
        results: Where outputs stand in the answer: a key, or a JSON pointer.
        decimal: The outputs of money that the system writes as `12.50`.
        look_up: The operation that tells whether an earlier request happened.
    """

    operation: Operation
    method: str
    path: str
    parts: tuple[Part, ...] = ()
    more: Place | None = None
    results: Mapping[str, str] = field(default_factory=dict)
    decimal: frozenset[str] = frozenset()
    idempotency_header: str | None = None
    look_up: str | None = None

    @property
    def reads(self) -> bool:
        """Whether asking changes nothing, by the file's word or the method's."""
        if self.operation.effect is not None:
            return self.operation.effect == "read"
        return self.method in {"GET", "HEAD"}


def endpoint_of(operation: Operation, asked: HttpRequest, system: System) -> Endpoint:
    """Read an endpoint from the `request` of an operation.

    Raises:
        UsageError: It speaks of inputs or outputs that the operation does not have.
    """
    in_path = PLACEHOLDER.findall(asked.path)
    names = operation.input_names or tuple(
        dict.fromkeys([*in_path, *asked.query, *([asked.body] if asked.body else []), *asked.names])
    )
    outputs = tuple(each.name for each in operation.outputs)
    where = f"operation `{operation.name}` of system `{system.name}`"
    _known(where, "input", [*in_path, *asked.query, asked.body, *asked.names], names)
    if outputs:
        _known(where, "output", asked.results, outputs)
    _known(where, "decimal", asked.decimal, _money(operation), "which is no money of it")
    required = operation.required_inputs
    parts = []
    for name in names:
        place = _place(name, asked, in_path)
        key = name if place is Place.PATH else asked.names.get(name, name)
        parts.append(
            Part(
                name=name,
                place=place,
                key="" if name == asked.body else key,
                type=operation.input(name),
                required=name in required or place is Place.PATH,
                decimal=name in asked.decimal,
            )
        )
    _apart(where, parts)
    return Endpoint(
        operation=operation,
        method=asked.method,
        path=asked.path,
        parts=tuple(parts),
        more=None if operation.inputs else _rest(asked),
        results=asked.results,
        decimal=frozenset(asked.decimal) & frozenset(outputs),
        idempotency_header=asked.idempotency_header,
        look_up=asked.look_up,
    )


def stated(endpoint: Endpoint, operation: Operation) -> Endpoint:
    """Give an endpoint of the system's own description with what the organization file says."""
    known = endpoint.operation
    says: dict[str, object] = {
        name: getattr(operation, name)
        for name in ("description", "inputs", "outputs", "effect", "idempotent")
        if name in operation.model_fields_set
    }
    types = {each.name: each for each in operation.inputs if isinstance(each, DataField)}
    parts = tuple(
        replace(part, type=types[part.name], required=part.required or types[part.name].required)
        if part.name in types
        else part
        for part in endpoint.parts
    )
    return replace(endpoint, operation=known.model_copy(update=says), parts=parts)


def _place(name: str, asked: HttpRequest, in_path: list[str]) -> Place:
    if name in in_path:
        return Place.PATH
    if name in asked.query:
        return Place.QUERY
    return Place.BODY if name == asked.body else _rest(asked) or Place.QUERY


def _rest(asked: HttpRequest) -> Place | None:
    """Give where the inputs go of which the request says nothing."""
    if asked.method in IN_QUERY or asked.body is not None:
        return Place.QUERY
    return Place.BODY


def _money(operation: Operation) -> tuple[str, ...]:
    typed = (each for each in operation.inputs if isinstance(each, DataField))
    return tuple(each.name for each in (*typed, *operation.outputs) if each.type is DataType.MONEY)


def _known(
    where: str, what: str, said: Iterable[str | None], names: tuple[str, ...], reason: str = ""
) -> None:
    for name in said:
        if name is not None and name not in names:
            raise UsageError(
                f"`request` of {where} names {what} `{name}`, {reason or 'which it does not have'}",
                hint=", ".join(f"`{each}`" for each in names) or None,
            )


def _apart(where: str, parts: list[Part]) -> None:
    """Refuse inputs of which one would stand within another in the body."""
    places = sorted(
        (f"/{part.key}" if part.key and part.key[0] != "/" else part.key, part.name)
        for part in parts
        if part.place is Place.BODY
    )
    for number, (outer, name) in enumerate(places):
        for inner, other in places[number + 1 :]:
            if inner == outer or inner.startswith(f"{outer}/"):
                raise UsageError(f"`request` of {where} puts `{other}` where `{name}` stands")
