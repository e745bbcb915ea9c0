"""Turning a record's validation errors into problems with places in the file."""

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sopc.graph.problem import Problem
from sopc.graph.procedure import StepGraph
from sopc.graph.shape import Shape
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
    "model_attributes_type": "a mapping",
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


def problems_of(
    error: ValidationError, data: Any, spans: SpanIndex, root: type[BaseModel] = StepGraph
) -> list[Problem]:
    """Give one problem for each mistake, none for the consequence of another.

    `data` are the values that failed to validate as `root`, `spans` the places in the file they
    came from.
    """
    shape = Shape(data, root)
    at_place: dict[tuple[Path, bool], list[ErrorDetails]] = defaultdict(list)
    for details in error.errors(include_url=False):
        if not _is_consequence(details, shape):
            at_place[shape.path(details), _is_about_key(details)].append(details)
    misspelt = {
        (*path[:-1], _meant(path, shape))
        for (path, _), found in at_place.items()
        if found[0]["type"] == "extra_forbidden"
    }
    return [
        _problem(path, found, shape, spans)
        for (path, _), found in at_place.items()
        if found[0]["type"] != "missing" or path not in misspelt
    ]


def _is_consequence(details: ErrorDetails, shape: Shape) -> bool:
    """Tell whether a list only came out too short because its elements are wrong."""
    if details["type"] != "too_short":
        return False
    value = shape.value(shape.path(details))
    return isinstance(value, list) and len(value) >= details["ctx"]["min_length"]


def _is_about_key(details: ErrorDetails) -> bool:
    return details["type"] == "extra_forbidden" or details["loc"][-1:] == ("[key]",)


def _problem(path: Path, found: list[ErrorDetails], shape: Shape, spans: SpanIndex) -> Problem:
    place = spans.find(path, key=_is_about_key(found[0]))
    message, hint = _told(path, found, shape)
    return Problem(place.line, place.column, message, hint, place.length)


def _told(path: Path, found: list[ErrorDetails], shape: Shape) -> tuple[str, str | None]:
    """Give the message and the hint for what was found at one place."""
    kind = found[0]["type"]
    context: Mapping[str, Any] = found[0].get("ctx", {})
    value = shape.value(path)
    key = _short(_nearest_key(path))
    choices = _choices(context)
    if kind == "union_tag_not_found":  # the one error that does not list its choices
        choices = shape.kinds(path[:-1])
    hint: str | None = None
    if kind == "missing" or (kind.startswith("union_tag") and value is None):
        hint = f"add `{key}: ...`" + (f", one of {_listed(choices)}" if choices else "")
        return f"`{key}` is missing{_owner(path, shape)}", hint
    if kind == "extra_forbidden":
        near = _meant(path, shape)
        known = f"keys that may stand here: {_listed(shape.keys(path[:-1]))}"
        hint = f"did you mean `{near}`" if near else known
        return f"unknown key `{key}`{_owner(path, shape)}", hint
    if kind == "value_error":
        return str(context["error"]), None
    if kind == "id_taken":
        return found[0]["msg"], context.get("hint")
    if choices:
        expected = ("one of " if len(choices) > 1 else "") + _listed(choices)
        near = _nearest(str(value), choices)
        hint = f"did you mean `{near}`" if near else None
    else:
        expected = " or ".join(dict.fromkeys(_expected(each) for each in found))
        hint = _change(kind, value, path)
    if _is_about_key(found[0]):
        what = f"each key of `{_short(_nearest_key(path[:-1]))}`"
        return f"expected {what} to be {expected}; found `{key}`", None
    what = f"each of `{key}`" if path and isinstance(path[-1], int) else f"`{key}`"
    return f"expected {what} to be {expected}; found {_shown(value)}", hint


def _nearest_key(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "the file")


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


def _change(kind: str, value: Any, path: Path) -> str | None:
    if kind == "string_type" and isinstance(value, (bool, int, float)):
        return "put it in quotes"
    if value is None and isinstance(path[-1], int):
        return "take the empty element out of the list"
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
        return f"`{_short(value)}`"
    empty = "" if value else "n empty"
    return f"a{empty} list" if isinstance(value, list) else f"a{empty} mapping"


def _short(words: str) -> str:
    return f"{words[:60]}..." if len(words) > 60 else words  # noqa: PLR2004  # a line


def _owner(path: Path, shape: Shape) -> str:
    """Name the record that a key stands in, unless that is the file as a whole."""
    owner = shape.value(path[:-1])
    if len(path) == 1 or not isinstance(owner, dict):
        return ""
    known = shape.keys(path[:-1])
    names = (owner.get(key) for key in ("id", "name") if key in known)
    name = next((name for name in names if isinstance(name, str) and name), None)
    return f" in `{_short(name)}`" if name else ""


def _listed(choices: list[str]) -> str:
    return ", ".join(f"`{choice}`" for choice in choices)


def _nearest(word: str, choices: list[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, choices, n=1)), None)


def _meant(path: Path, shape: Shape) -> str | None:
    return _nearest(str(path[-1]), shape.keys(path[:-1]))
