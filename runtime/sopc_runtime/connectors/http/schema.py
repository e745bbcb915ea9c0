"""JSON Schemas of an OpenAPI document as the types that graphs have."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from jsonpointer import JsonPointer, JsonPointerException

from sopc.errors import UsageError
from sopc.graph import DataField, DataType

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,79}")
_PARTS = 8
"""How deep parts of parts of one object are read."""

_DEPTH = 2
"""How deep fields within fields are read; what is deeper is an object of any fields."""

_REFERENCES = 50
_BY_FORMAT = {
    "date": DataType.DATE,
    "date-time": DataType.TIMESTAMP,
    "duration": DataType.DURATION,
}
_BY_TYPE = {
    "string": DataType.STRING,
    "integer": DataType.INTEGER,
    "number": DataType.NUMBER,
    "boolean": DataType.BOOLEAN,
    "array": DataType.LIST,
    "object": DataType.OBJECT,
}


class Schemas:
    """The schemas of one document, with what they refer to."""

    def __init__(self, document: Mapping[str, Any], name: str) -> None:
        self._document = document
        self._name = name
        self._known: dict[tuple[str, int, bool, int], DataField | None] = {}

    def resolved(self, value: Any) -> dict[str, Any]:
        """Give what stands at the end of references within the document.

        Raises:
            UsageError: It leads out of the document, nowhere, or round in a circle.
        """
        for _ in range(_REFERENCES):
            if not isinstance(value, dict):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            # Without its mark, another document's reference is no pointer either.
            pointer = unquote(reference[1:]) if reference.startswith("#") else reference
            try:
                value = JsonPointer(pointer).resolve(self._document)
            except JsonPointerException:
                raise UsageError(
                    f"OpenAPI document `{self._name}` has no `{reference}`",
                    hint="references to other documents are not followed",
                ) from None
        raise UsageError(f"references of OpenAPI document `{self._name}` lead round in a circle")

    def properties(self, schema: Any) -> dict[str, tuple[Any, bool]]:
        """Give an object's properties by name, each with whether it is required."""
        return self._properties(schema, 0)

    def kind(self, schema: Any) -> DataType | None:
        """Give the type of a schema's values; None where they may be of several."""
        return self._kind(self._one(schema))

    def field(self, name: str, schema: Any, *, required: bool, depth: int = 0) -> DataField | None:
        """Give a value's type; None where a graph has none for it."""
        # Large documents name the same values over and over; the document keeps them alive.
        key = name, id(schema), required, depth
        if key not in self._known:
            self._known[key] = self._field(name, schema, required=required, depth=depth)
        return self._known[key]

    def _field(self, name: str, schema: Any, *, required: bool, depth: int) -> DataField | None:
        one = self._one(schema)
        kind = self._kind(one)
        if kind is None:
            return None
        more: dict[str, Any] = {}
        if kind is DataType.ENUM:
            more["values"] = tuple(each for each in one["enum"] if each is not None)
        if kind is DataType.LIST:
            items = self.kind(one.get("items"))
            # An element is of the plain type of an enum, and of any fields if it is not known.
            more["items"] = DataType.STRING if items is DataType.ENUM else items or DataType.OBJECT
            if items is None or items is DataType.LIST:
                return None
            if items is DataType.OBJECT:
                more["fields"] = self._fields(one.get("items"), depth)
        if kind is DataType.OBJECT:
            more["fields"] = self._fields(schema, depth)
        nullable = one.get("nullable") is True or _nullable(one.get("type"))
        return DataField(
            name=name,
            type=kind,
            required=required and not nullable,
            description=words(one.get("description")),
            **more,
        )

    def _fields(self, schema: Any, depth: int) -> tuple[DataField, ...]:
        """Give the fields of an object; none, which is any, if one of them has no name here."""
        if depth >= _DEPTH:
            return ()
        fields = [
            self.field(name, each, required=required, depth=depth + 1)
            if _NAME.fullmatch(name)
            else None
            for name, (each, required) in self._properties(schema, 0).items()
        ]
        return tuple(each for each in fields if each is not None) if all(fields) else ()

    def _properties(self, schema: Any, depth: int) -> dict[str, tuple[Any, bool]]:
        """Merge the parts of an object: each may require what another describes."""
        parts = list(self._parts(schema, depth))
        required = {str(name) for part in parts for name in _listed(part.get("required"))}
        return {
            str(name): (each, str(name) in required)
            for part in parts
            if isinstance(part.get("properties"), dict)
            for name, each in part["properties"].items()
        }

    def _parts(self, schema: Any, depth: int) -> Iterator[dict[str, Any]]:
        one = self._one(schema)
        for part in _listed(one.get("allOf")) if depth < _PARTS else ():
            yield from self._parts(part, depth + 1)
        yield one

    def _one(self, schema: Any) -> dict[str, Any]:
        """Give the only form that a value may have beside null, if there is only one."""
        one = self.resolved(schema)
        for word in ("oneOf", "anyOf"):
            forms = [self.resolved(each) for each in _listed(one.get(word))]
            others = [each for each in forms if each.get("type") != "null"]
            if len(others) == 1:
                return {**others[0], "nullable": len(others) < len(forms)}
        return one

    def _kind(self, one: Mapping[str, Any]) -> DataType | None:
        stated = one.get("type")
        if isinstance(stated, list):
            others = [each for each in stated if each != "null"]
            stated = others[0] if len(others) == 1 else None
        if stated is None and ("properties" in one or "allOf" in one):
            stated = "object"
        choices = [each for each in _listed(one.get("enum")) if each is not None]
        if choices and all(isinstance(each, str) for each in choices):
            return DataType.ENUM
        if stated == "string" and str(one.get("format")) in _BY_FORMAT:
            return _BY_FORMAT[str(one["format"])]
        return _BY_TYPE.get(stated) if isinstance(stated, str) else None


def name_of(words: str) -> str:
    """Give a system's name of a value as a name of graphs: `firstName` as `first_name`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", words)
    name = re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_")[:80]
    return name if _NAME.fullmatch(name) else f"_{name}"[:80]


def words(value: Any) -> str | None:
    """Give a description as one line; None if it is none."""
    return " ".join(value.split())[:500] or None if isinstance(value, str) else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _nullable(stated: Any) -> bool:
    return isinstance(stated, list) and "null" in stated
