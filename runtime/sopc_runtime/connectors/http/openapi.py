"""OpenAPI documents: the operations that a system says it has."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from sopc.errors import UsageError
from sopc.graph import DataField, DataType
from sopc.organization import Operation
from sopc_runtime.connectors.http.endpoint import PLACEHOLDER, Endpoint, Part, Place
from sopc_runtime.connectors.http.schema import Schemas, name_of, words

_METHODS = ("get", "head", "post", "put", "patch", "delete")
_READS = frozenset({"get", "head"})
_TWICE_IS_ONCE = frozenset({"get", "head", "put", "delete"})
"""Idempotent by RFC 9110, section 9.2.2."""

_SKIPPED = frozenset({"accept", "content-type", "authorization"})
"""Headers that are no inputs, as OpenAPI says."""


def endpoints(content: bytes, name: str) -> dict[str, Endpoint]:
    """Read the operations of an OpenAPI 3 document, in JSON or YAML, by their `operationId`.

    One without an id is called by its method and path. Operations that want another body than
    JSON are left out.

    Args:
        content: The document.
        name: What messages call it.

    Raises:
        UsageError: It is no OpenAPI 3 document, or refers to what it does not have.
    """
    document = _document(content, name)
    schemas = Schemas(document, name)
    found: dict[str, Endpoint] = {}
    for path, item in _mapping(document.get("paths")).items():
        for method, stated in _operations(schemas, item):
            endpoint = _endpoint(schemas, str(path), method, stated, schemas.resolved(item))
            if endpoint is not None:
                found[endpoint.operation.name] = endpoint
    return found


def _document(content: bytes, name: str) -> dict[str, Any]:
    try:
        document = yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 # both are safe
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        raise UsageError(f"OpenAPI document `{name}` is neither JSON nor YAML") from None
    version = document.get("openapi") if isinstance(document, dict) else None
    if not isinstance(version, str) or not version.startswith("3."):
        said = "it says no `openapi: 3...`" if version is None else f"it says `openapi: {version}`"
        raise UsageError(f"`{name}` is no OpenAPI 3 document", hint=said)
    return dict(document)


def _operations(schemas: Schemas, item: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    resolved = schemas.resolved(item)
    for method in _METHODS:
        if isinstance(resolved.get(method), dict):
            yield method, resolved[method]


def _endpoint(
    schemas: Schemas, path: str, method: str, stated: dict[str, Any], item: dict[str, Any]
) -> Endpoint | None:
    parts = _Parts(schemas)
    called = name_of(f"{method} {path}")
    both: dict[tuple[str, str], dict[str, Any]] = {}
    for each in [*_sequence(item.get("parameters")), *_sequence(stated.get("parameters"))]:
        parameter = schemas.resolved(each)
        both[str(parameter.get("name")), str(parameter.get("in"))] = parameter
    for (key, place), parameter in both.items():
        if place in {"path", "query"} or (place == "header" and key.lower() not in _SKIPPED):
            name = parts.add(
                key,
                Place(place),
                parameter.get("schema"),
                required=parameter.get("required") is True or place == "path",
                described=parameter.get("description"),
            )
            if place == "path":
                path = path.replace(f"{{{key}}}", f"{{{name}}}")
    for key in PLACEHOLDER.findall(path):
        if not any(part.place is Place.PATH and part.name == key for part in parts.found):
            path = path.replace(
                f"{{{key}}}", f"{{{parts.add(key, Place.PATH, None, required=True)}}}"
            )
    body = schemas.resolved(stated.get("requestBody"))
    if body and not parts.add_body(body):
        return None
    results, fields = _outputs(schemas, stated)
    return Endpoint(
        operation=Operation(
            name=str(stated.get("operationId") or called),
            description=words(stated.get("summary")) or words(stated.get("description")),
            inputs=tuple(part.type or part.name for part in parts.found),
            outputs=fields,
            effect="read" if method in _READS else None,
            idempotent=method in _TWICE_IS_ONCE,
        ),
        method=method.upper(),
        path=path,
        parts=tuple(parts.found),
        results=results,
    )


class _Parts:
    """The inputs of one operation, each with a name of its own."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self.found: list[Part] = []

    def add(
        self, key: str, place: Place, schema: Any, *, required: bool, described: object = None
    ) -> str:
        """Add an input, and give the name that it got."""
        name = self._free(name_of(key.removeprefix("/").replace("~1", "/")), place)
        field = self._schemas.field(name, schema, required=required)
        if field is not None and field.description is None:
            field = field.model_copy(update={"description": words(described)})
        shown = name if place is Place.PATH else key
        self.found.append(Part(name=name, place=place, key=shown, type=field, required=required))
        return name

    def add_body(self, body: Mapping[str, Any]) -> bool:
        """Add what a body holds; tell whether it can be sent."""
        required = body.get("required") is True
        kinds = _mapping(body.get("content"))
        schema = next(
            (_mapping(each).get("schema") for kind, each in kinds.items() if _is_json(str(kind))),
            None,
        )
        if schema is None:
            return not required
        properties = self._schemas.properties(schema)
        if self._schemas.kind(schema) is DataType.OBJECT and properties:
            for key, (each, needed) in properties.items():
                if self._schemas.resolved(each).get("readOnly") is not True:
                    self.add(_pointer(key), Place.BODY, each, required=needed and required)
        else:
            name = self._free("body", Place.BODY)
            field = self._schemas.field(name, schema, required=required)
            self.found.append(
                Part(name=name, place=Place.BODY, key="", type=field, required=required)
            )
        return True

    def _free(self, name: str, place: Place) -> str:
        taken = {part.name for part in self.found}
        choices = [name, f"{place}_{name}"[:80], *(f"{name[:76]}_{n}" for n in range(2, 1000))]
        return next(each for each in choices if each not in taken)


def _outputs(
    schemas: Schemas, stated: Mapping[str, Any]
) -> tuple[dict[str, str], tuple[DataField, ...]]:
    """Give what the first answer of success holds in JSON, and where."""
    answers = _mapping(stated.get("responses"))
    successes = sorted(str(status) for status in answers if str(status).startswith("2"))
    by_name = {str(status): answer for status, answer in answers.items()}
    for status in successes:
        kinds = _mapping(schemas.resolved(by_name[status]).get("content"))
        for kind, each in kinds.items():
            if _is_json(str(kind)):
                return _fields(schemas, _mapping(each).get("schema"))
    return {}, ()


def _fields(schemas: Schemas, schema: Any) -> tuple[dict[str, str], tuple[DataField, ...]]:
    kind = schemas.kind(schema)
    if kind is not DataType.OBJECT:
        name = "items" if kind is DataType.LIST else "value"
        field = schemas.field(name, schema, required=True)
        return ({name: ""}, (field,)) if field else ({}, ())
    results: dict[str, str] = {}
    fields = []
    for key, (each, required) in schemas.properties(schema).items():
        name = name_of(key)
        field = None if name in results else schemas.field(name, each, required=required)
        if field is not None:
            fields.append(field)
            results[name] = _pointer(key)
    return results, tuple(fields)


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _is_json(kind: str) -> bool:
    plain = kind.partition(";")[0].strip().lower()
    return plain in {"application/json", "*/*"} or plain.endswith("+json")


def _mapping(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
