"""Turning validation errors of an organization file into problems with places."""

import difflib
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sopc.graph.mistake import problems_of
from sopc.graph.problem import Problem
from sopc.graph.span import Path, SpanIndex
from sopc.organization.organization import Organization


@dataclass(frozen=True)
class _Rest:
    """Some of an error's details, as `problems_of` asks for them."""

    details: list[ErrorDetails]

    def errors(self, *, include_url: bool) -> list[ErrorDetails]:
        del include_url
        return self.details


def problems_in(error: ValidationError, data: Any, spans: SpanIndex) -> list[Problem]:
    """Give one problem for each mistake; unknown keys are told the keys of this file."""
    found = error.errors(include_url=False)
    unknown = [_path(each, data) for each in found if each["type"] == "extra_forbidden"]
    misspelt = {(*path[:-1], _meant(path)) for path in unknown}
    rest = [
        each
        for each in found
        if each["type"] != "extra_forbidden"
        and not (each["type"] == "missing" and (*_path(each, data), each["loc"][-1]) in misspelt)
    ]
    problems = [_unknown_key(path, data, spans) for path in unknown]
    return problems + problems_of(cast("ValidationError", _Rest(rest)), data, spans)


def _unknown_key(path: Path, data: Any, spans: SpanIndex) -> Problem:
    place = spans.find(path, key=True)
    near = _meant(path)
    known = ", ".join(f"`{key}`" for key in _keys(path[:-1]))
    owner = data
    for step in path[:-1]:
        owner = owner[step]
    named = next((owner[key] for key in ("id", "name") if isinstance(owner.get(key), str)), None)
    return Problem(
        place.line,
        place.column,
        f"unknown key `{path[-1]}`" + (f" in `{named}`" if named and len(path) > 1 else ""),
        f"did you mean `{near}`" if near else f"keys that may stand here: {known}",
        place.length,
    )


def _path(details: ErrorDetails, data: Any) -> Path:
    """Give the steps of an error's place that the file has, without names of union members."""
    path: list[str | int] = []
    value = data
    for step in details["loc"]:
        has_key = isinstance(value, dict) and step in value
        if has_key or (isinstance(value, list) and isinstance(step, int) and step < len(value)):
            path.append(step)
            value = value[step]
    return tuple(path)


def _meant(path: Path) -> str | None:
    near = difflib.get_close_matches(str(path[-1]), _keys(path[:-1]), n=1)
    return near[0] if near else None


def _keys(path: Path) -> list[str]:
    """Give the keys that a record at a place may have, as the file writes them."""
    annotation: Any = Organization
    for step in path:
        if isinstance(step, int):
            lists = (one for one in _flat(annotation) if get_origin(one) is tuple)
            annotation = get_args(next(lists))[0]
        else:
            fields = _record(annotation).model_fields
            annotation = next(
                field.annotation for name, field in fields.items() if (field.alias or name) == step
            )
    return [field.alias or name for name, field in _record(annotation).model_fields.items()]


def _record(annotation: Any) -> type[BaseModel]:
    return next(one for one in _flat(annotation) if isinstance(one, type) and _is_record(one))


def _is_record(kind: type) -> bool:
    return issubclass(kind, BaseModel)


def _flat(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _flat(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for member in get_args(annotation):
            yield from _flat(member)
    else:
        yield annotation
