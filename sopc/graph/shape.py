"""The values of a file beside the record types that they should make, however wrong they are."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from sopc.graph.span import Path


@dataclass(frozen=True)
class Shape:
    """A file's plain values, and the record that its root should be."""

    data: Any
    root: type[BaseModel]

    def path(self, details: ErrorDetails) -> Path:
        """Give the keys and positions of an error's place, without the names of union members."""
        path: list[str | int] = []
        value: Any = self.data
        annotation: Any = self.root
        steps = (*details["loc"], *details.get("ctx", {}).get("at", ()))
        for number, step in enumerate(steps, start=1):
            tagged = _tagged(annotation, value, step)
            if tagged is not None:
                annotation = tagged
                continue
            inside = _inside(annotation, value, step)
            unknown_key = details["type"] == "extra_forbidden" and number == len(steps)
            if (inside is not None or unknown_key) and _holds(value, step):
                path.append(step)
                value, annotation = value[step], inside
        if details["type"] == "missing":
            path.append(details["loc"][-1])
        elif details["type"].startswith("union_tag"):
            path.append("kind")
        return tuple(path)

    def value(self, path: Path) -> Any:
        """Give the value at a path; None where there is none."""
        value = self.data
        for step in path:
            if not _holds(value, step):
                return None
            value = value[step]
        return value

    def keys(self, path: Path) -> list[str]:
        """Give the keys that the record at a path may have, as files write them."""
        return list(dict.fromkeys(key for record in self._records(path) for key in _fields(record)))

    def kinds(self, path: Path) -> list[str]:
        """Give the kinds that the record at a path may be of."""
        kinds = (record.model_fields.get("kind") for record in self._records(path))
        return [str(kind.default) for kind in kinds if kind is not None]

    def _records(self, path: Path) -> list[type[BaseModel]]:
        value: Any = self.data
        annotation: Any = self.root
        for step in path:
            annotation = _inside(annotation, value, step)
            value = value[step] if _holds(value, step) else None
        return list(_fitting(annotation, value))


def _holds(value: Any, step: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and -1 < step < len(value)
    return isinstance(value, dict) and step in value


def _fields(record: type[BaseModel]) -> dict[str, Any]:
    """Give the types of a record's fields by the keys of files."""
    fields = record.model_fields.items()
    return {field.alias or name: field.annotation for name, field in fields}


def _inside(annotation: Any, value: Any, step: str | int) -> Any:
    """Give the type of a part of a value; None where the value's type has no such part."""
    for record in _fitting(annotation, value):
        if step in _fields(record):
            return _fields(record)[str(step)]
    for member in _members(annotation):
        if get_origin(member) in {tuple, list} and isinstance(step, int):
            return get_args(member)[0]
        if get_origin(member) is dict:
            return get_args(member)[1]
    return None


def _tagged(annotation: Any, value: Any, step: str | int) -> type[BaseModel] | None:
    """Give the one of several records that a step of an error's place names by its kind."""
    if len(_all_records(annotation)) == 1 or not isinstance(value, dict):
        return None
    records = _fitting(annotation, value)
    return next((one for one in records if step == _kind(one) == value.get("kind")), None)


def _fitting(annotation: Any, value: Any) -> Iterator[type[BaseModel]]:
    """Give the records of a type that fit a value: by `kind`, or all of them if it has none."""
    records = _all_records(annotation)
    said = value.get("kind") if isinstance(value, dict) else None
    for record in records:
        if len(records) == 1 or said is None or _kind(record) in (None, said):
            yield record


def _kind(record: type[BaseModel]) -> Any:
    kind = record.model_fields.get("kind")
    return kind.default if kind else None


def _all_records(annotation: Any) -> list[type[BaseModel]]:
    members = _members(annotation)
    return [one for one in members if isinstance(one, type) and issubclass(one, BaseModel)]


def _members(annotation: Any) -> Iterator[Any]:
    """Give the members of a union, or the type itself."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _members(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for member in get_args(annotation):
            yield from _members(member)
    else:
        yield annotation
