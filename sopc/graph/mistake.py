"""Turning the model's validation errors into problems with places in the file."""

import difflib
import re
import types
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sopc.graph.base import GraphRecord
from sopc.graph.problem import Problem
from sopc.graph.procedure import StepGraph
from sopc.graph.span import Path, SpanIndex

_EXPECTED = {
    "string_type": "words",
    "string_too_short": "words",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "`true` or `false`",
    "bool_parsing": "`true` or `false`",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "greater_than_equal": "at least {ge}",
    "less_than": "below {lt}",
    "string_too_long": "at most {max_length} characters long",
    "too_short": "a list of at least {min_length}",
}
_TIME = "a time with its zone, as `2026-01-31T09:00:00Z`"
_PATTERNS = {
    "^[a-z0-9]+(?:-[a-z0-9]+)*$": "an id of lower-case words and digits joined by hyphens",
    "^[a-z_][a-z0-9_]*$": "a name of lower-case letters, digits and underscores",
    "^[A-Z]{3}$": "a currency of three letters, as `USD`",
    "^[0-9a-f]{64}$": "a SHA-256 of 64 hexadecimal digits",
    "^[A-Za-z0-9_][A-Za-z0-9_./-]*$": "a key of letters, digits and `_./-`",
    "^[0-9a-f]{12}$": "a hash of 12 hexadecimal digits",
}


def problems_of(error: ValidationError, data: Any, spans: SpanIndex) -> list[Problem]:
    """Give one problem for each mistake, none for the consequence of another.

    `data` are the values that failed to validate, `spans` the places in the file they came from.
    """
    at_place: dict[Path, list[ErrorDetails]] = defaultdict(list)
    for details in error.errors(include_url=False):
        if not _is_consequence(details, data):
            at_place[_path(details, data)].append(details)
    misspelt = {
        (*path[:-1], _meant(path, data))
        for path, found in at_place.items()
        if found[0]["type"] == "extra_forbidden"
    }
    return [
        _problem(path, found, data, spans)
        for path, found in at_place.items()
        if found[0]["type"] != "missing" or path not in misspelt
    ]


def _is_consequence(details: ErrorDetails, data: Any) -> bool:
    """Tell whether a list only came out too short because its elements are wrong."""
    if details["type"] != "too_short":
        return False
    value = _value(_path(details, data), data)
    return isinstance(value, list) and len(value) >= details["ctx"]["min_length"]


def _path(details: ErrorDetails, data: Any) -> Path:
    """Give the path of keys and positions: the error's place without the names of union members."""
    path: list[str | int] = []
    value = data
    previous: str | int = ""
    for step in (*details["loc"], *details.get("ctx", {}).get("at", ())):
        in_list = isinstance(previous, int) and isinstance(value, dict)
        is_kind = in_list and value.get("kind") == step
        has_key = isinstance(value, dict) and step in value and not is_kind
        if has_key or (isinstance(value, list) and isinstance(step, int) and step < len(value)):
            path.append(step)
            value = value[step]
        previous = step
    if details["type"] == "missing":
        path.append(details["loc"][-1])
    elif details["type"].startswith("union_tag"):
        path.append("kind")
    return tuple(path)


def _value(path: Path, data: Any) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else data[step]
    return data


def _problem(path: Path, found: list[ErrorDetails], data: Any, spans: SpanIndex) -> Problem:
    on_key = found[0]["type"] == "extra_forbidden" or found[0]["loc"][-1:] == ("[key]",)
    place = spans.find(path, key=on_key)
    message, hint = _told(path, found, data)
    return Problem(place.line, place.column, message, hint, place.length)


def _told(path: Path, found: list[ErrorDetails], data: Any) -> tuple[str, str | None]:
    """Give the message and the hint for what was found at one place."""
    kind = found[0]["type"]
    context: Mapping[str, Any] = found[0].get("ctx", {})
    value = _value(path, data)
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "the file")
    choices = _choices(context) or _kinds(kind, path, data)
    hint: str | None = None
    if kind == "missing" or (kind.startswith("union_tag") and value is None):
        hint = f"add `{key}: ...`" + (f", one of {_listed(choices)}" if choices else "")
        return f"`{key}` is missing{_owner(path, data)}", hint
    if kind == "extra_forbidden":
        near = _meant(path, data)
        known = f"keys that may stand here: {_listed(_known_keys(path, data))}"
        hint = f"did you mean `{near}`" if near else known
        return f"unknown key `{key}`{_owner(path, data)}", hint
    if kind == "value_error":
        return str(context["error"]), None
    if kind == "id_taken":
        return found[0]["msg"], context.get("hint")
    if choices:
        expected, near = f"one of {_listed(choices)}", _nearest(str(value), choices)
        hint = f"did you mean `{near}`" if near else None
    else:
        expected = " or ".join(dict.fromkeys(_expected(each) for each in found))
        hint = _change(kind, value)
    what = f"each of `{key}`" if path and isinstance(path[-1], int) else f"`{key}`"
    return f"expected {what} to be {expected}; found {_shown(value)}", hint


def _choices(context: Mapping[str, Any]) -> list[str]:
    text = str(context.get("expected_tags") or context.get("expected") or "")
    return re.findall(r"'([^']*)'", text) or re.findall(r"\d+", text)


def _expected(details: ErrorDetails) -> str:
    kind = details["type"]
    if kind.startswith(("datetime", "timezone")):
        return _TIME
    if kind == "string_pattern_mismatch":
        pattern = str(details["ctx"]["pattern"])
        return _PATTERNS.get(pattern, f"words that match `{pattern}`")
    if kind in _EXPECTED:
        return _EXPECTED[kind].format_map(dict(details.get("ctx", {})))
    return details["msg"].removeprefix("Input should be ").rstrip(".")


def _change(kind: str, value: Any) -> str | None:
    if kind == "string_type" and isinstance(value, (bool, int, float)):
        return "put it in quotes"
    if value is None:
        return "leave the key out where there is nothing to say"
    if kind == "tuple_type":
        return "write each element on a line of its own that starts with `- `"
    return None


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"`{value[:60]}...`" if len(value) > 60 else f"`{value}`"  # noqa: PLR2004  # a line
    empty = "" if value else "n empty"
    return f"a{empty} list" if isinstance(value, list) else f"a{empty} mapping"


def _owner(path: Path, data: Any) -> str:
    owner = _value(path[:-1], data)
    identity = owner.get("id") if isinstance(owner, dict) else None
    return f" in `{identity}`" if isinstance(identity, str) else ""


def _kinds(error: str, path: Path, data: Any) -> list[str]:
    """Give the kinds to choose from where the library's error does not list them."""
    if error != "union_tag_not_found":
        return []
    return [str(record.model_fields["kind"].default) for record in _records_at(path[:-1], data)]


def _listed(choices: list[str]) -> str:
    return ", ".join(f"`{choice}`" for choice in choices)


def _nearest(word: str, choices: list[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, choices, n=1)), None)


def _known_keys(path: Path, data: Any) -> list[str]:
    """Give the keys that may stand beside the one at `path`."""
    names = (name for record in _records_at(path[:-1], data) for name in record.model_fields)
    return list(dict.fromkeys(names))


def _meant(path: Path, data: Any) -> str | None:
    return _nearest(str(path[-1]), _known_keys(path, data))


def _records_at(path: Path, data: Any) -> Iterator[type[BaseModel]]:
    """Give the record types that a value may have, by the graph's types and the value's `kind`."""
    annotation: Any = StepGraph
    value = data
    for step in path:
        if isinstance(step, int):
            annotation = next(arg for arg in _flat(annotation) if get_origin(arg) in {tuple, list})
            annotation = get_args(annotation)[0]
        else:
            record = next(_fitting(annotation, value), None)
            field = record.model_fields.get(step) if record else None
            if field is None:
                mapping = next((arg for arg in _flat(annotation) if get_origin(arg) is dict), None)
                annotation = get_args(mapping)[1] if mapping else None
            else:
                annotation = field.annotation
        value = value[step]
    yield from _fitting(annotation, value)


def _flat(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _flat(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for member in get_args(annotation):
            yield from _flat(member)
    else:
        yield annotation


def _fitting(annotation: Any, value: Any) -> Iterator[type[BaseModel]]:
    """Give the records of a type that fit a value: by `kind`, or all of them if it has none."""
    records = [a for a in _flat(annotation) if isinstance(a, type) and issubclass(a, GraphRecord)]
    for record in records:
        kind = record.model_fields.get("kind")
        if len(records) == 1 or kind is None or value.get("kind") in {None, kind.default}:
            yield record
