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
    return [_problem(path, found, data, spans) for path, found in at_place.items()]


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
        if isinstance(value, dict) and step in value and not is_kind:
            path.append(step)
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
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
    details = found[0]
    kind = details["type"]
    context: Mapping[str, Any] = details.get("ctx", {})
    on_key = kind == "extra_forbidden" or details["loc"][-1:] == ("[key]",)
    place = spans.find(path, key=on_key)
    value = _value(path, data)
    name = next((step for step in reversed(path) if isinstance(step, str)), "the file")
    hint: str | None = None
    if kind == "missing" or (kind.startswith("union_tag") and value is None):
        message = f"`{name}` is missing{_owner(path, data)}"
        hint = f"add `{name}: ...`"
        if kind.startswith("union_tag"):
            hint = f"add `kind`, one of {_listed(_quoted_words(context['expected_tags']))}"
    elif kind == "extra_forbidden":
        message, hint = _unknown_key(path, data)
    elif kind in {"enum", "literal_error", "union_tag_invalid"}:
        choices = _quoted_words(str(context.get("expected_tags") or context.get("expected")))
        message = f"expected `{name}` to be one of {_listed(choices)}, found {_shown(value)}"
        hint = _nearest(str(value), choices)
    elif kind == "value_error":
        message = str(context["error"])
    elif kind.endswith("_id") and "at" in context:
        message = details["msg"]
    elif kind == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        expected = _PATTERNS.get(pattern, f"words that match `{pattern}`")
        message = f"expected `{name}` to be {expected}, found {_shown(value)}"
    else:
        wanted = list(dict.fromkeys(_expected(each) for each in found))
        message = f"expected `{name}` to be {' or '.join(wanted)}, found {_shown(value)}"
        hint = _change(kind, value)
    return Problem(place.line, place.column, message, hint, place.length)


def _expected(details: ErrorDetails) -> str:
    kind = details["type"]
    if kind.startswith(("datetime", "timezone")):
        return _TIME
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
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"`{value[:60]}...`" if len(value) > 60 else f"`{value}`"  # noqa: PLR2004  # a line
    return "a list" if isinstance(value, list) else "a mapping"


def _owner(path: Path, data: Any) -> str:
    owner = _value(path[:-1], data)
    identity = owner.get("id") if isinstance(owner, dict) else None
    return f" in `{identity}`" if isinstance(identity, str) else ""


def _quoted_words(text: str) -> list[str]:
    return re.findall(r"'([^']*)'", text) or re.findall(r"\d+", text)


def _listed(choices: list[str]) -> str:
    return ", ".join(f"`{choice}`" for choice in choices)


def _nearest(word: str, choices: list[str]) -> str | None:
    near = difflib.get_close_matches(word, choices, n=1)
    return f"write `{near[0]}`" if near else None


def _unknown_key(path: Path, data: Any) -> tuple[str, str]:
    *_, key = path
    records = list(_records_at(path[:-1], data))
    known = list(dict.fromkeys(name for record in records for name in record.model_fields))
    near = difflib.get_close_matches(str(key), known, n=1)
    hint = f"did you mean `{near[0]}`; " if near else ""
    return f"unknown key `{key}`{_owner(path, data)}", f"{hint}known keys: {_listed(known)}"


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
    records = [a for a in _flat(annotation) if isinstance(a, type) and issubclass(a, GraphRecord)]
    for record in records:
        kind = record.model_fields.get("kind")
        if len(records) == 1 or kind is None or value.get("kind") == kind.default:
            yield record
