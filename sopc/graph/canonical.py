"""The one way a graph is written: which fields, in which order, in which YAML."""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from sopc.graph.base import GraphRecord
from sopc.graph.citation import AnswerCitation, ProseCitation
from sopc.graph.provenance import SourcePassage
from sopc.graph.scalar import is_hidden, written

_ALWAYS = frozenset({"format", "kind", "match"})
_HEAD = ("id", "kind", "title", "says", "role", "system", "operation")
_TAIL = ("cite", "citations")
_ONE_LINE = (ProseCitation, AnswerCitation, SourcePassage)


class OneLine(dict[str, Any]):
    """A mapping written as `{line: 12, column: 5}`."""


def canonical(record: GraphRecord) -> dict[str, Any]:
    """Give a record as plain values in the file's order, without what the defaults say."""
    result: dict[str, Any] = OneLine() if isinstance(record, _ONE_LINE) else {}
    for name, default in _order(type(record)):
        value = getattr(record, name)
        is_default = type(value) is type(default) and bool(value == default)
        if name in _ALWAYS or not is_default:
            result[name] = _plain(value)
    return result


def _plain(value: Any) -> Any:
    if isinstance(value, GraphRecord):
        return canonical(value)
    if isinstance(value, tuple):
        return [_plain(element) for element in value]
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value


@cache
def _order(record: type[GraphRecord]) -> tuple[tuple[str, Any], ...]:
    """Give the fields as declared, with their defaults.

    In a family of records what each kind adds comes early: a step of a kind starts with what it is
    and does, then come the bounds that all steps share.
    """
    names = list(record.model_fields)
    if GraphRecord not in record.__bases__:
        families = (base for base in record.__mro__ if GraphRecord in base.__bases__)
        shared = next(families).__annotations__
        own = [name for name in names if name not in shared]
        middle = [*own, *(name for name in names if name in shared)]
        head = [name for name in _HEAD if name in names]
        tail = [name for name in _TAIL if name in names]
        names = [*head, *(name for name in middle if name not in {*head, *tail}), *tail]
    fields = record.model_fields
    return tuple((name, fields[name].get_default(call_default_factory=True)) for name in names)


def as_yaml(data: dict[str, Any]) -> str:
    """Write plain values as YAML: a line each, never folded, one newline at the end."""
    return "".join(f"{line}\n" for line in _mapping(data, ""))


def _mapping(data: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        yield from _entry(f"{indent}{written(key)}:", value, indent)


def _entry(start: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, OneLine) or value in ({}, []):
        yield f"{start} {_flow(value)}"
    elif isinstance(value, dict):
        yield start
        yield from _mapping(value, indent + "  ")
    elif isinstance(value, list):
        yield start
        yield from _list(value, indent + "  ")
    elif isinstance(value, str) and _is_block(value):
        yield f"{start} |-"
        yield from (f"{indent}  {line}" if line else "" for line in value.split("\n"))
    else:
        yield f"{start} {written(value)}"


def _list(data: list[Any], indent: str) -> Iterator[str]:
    for element in data:
        if isinstance(element, dict) and element and not isinstance(element, OneLine):
            first, *rest = _mapping(element, indent + "  ")
            yield f"{indent}- {first.removeprefix(indent + '  ')}"
            yield from rest
        else:
            yield from _entry(f"{indent}-", element, indent)


def _flow(data: Any) -> str:
    if not isinstance(data, dict):
        return "[]"
    inside = (f"{written(k, flow=True)}: {written(v, flow=True)}" for k, v in data.items())
    return "{" + ", ".join(inside) + "}"


def _is_block(text: str) -> bool:
    lines = text.split("\n")
    return (
        len(lines) > 1
        and bool(lines[-1])
        and bool(lines[0])
        and not any(line[:1] == " " or line[-1:] == " " or is_hidden(line) for line in lines)
    )
