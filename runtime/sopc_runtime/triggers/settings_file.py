"""Reading the `[triggers]` table, and telling its mistakes at their places."""

import re
import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sopc.errors import UsageError
from sopc.graph.problem import GraphFileError, Problem
from sopc_runtime.triggers.settings import TriggerSettings

_LARGEST = 1_000_000
_TOML_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def load_trigger_settings(path: Path) -> TriggerSettings:
    """Load the `[triggers]` table of a settings file; nothing of it is set where there is none.

    Raises:
        GraphFileError: The file is no TOML, or the table is not as it should be.
        UsageError: It cannot be read.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GraphFileError(str(path), [Problem(1, 1, "it is not UTF-8")]) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read `{path}`: {reason}") from None
    if len(content) > _LARGEST:
        raise UsageError(f"`{path}` is larger than {_LARGEST:,} bytes")
    try:
        table = tomllib.loads(text).get("triggers", {})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise GraphFileError(str(path), [_no_toml(text, str(error))]) from None
    try:
        return TriggerSettings.model_validate(table)
    except ValidationError as error:
        problems = [_problem(text, each) for each in error.errors(include_url=False)]
        raise GraphFileError(str(path), problems) from None


def _no_toml(text: str, message: str) -> Problem:
    match = _TOML_PLACE.search(message)
    said = f"not valid TOML: {_TOML_PLACE.sub('', message)}"
    if match is None or match["line"] is None:
        return Problem(max(1, len(text.splitlines())), 1, said)
    return Problem(int(match["line"]), int(match["column"]), said)


def _problem(text: str, details: ErrorDetails) -> Problem:
    place = details["loc"]
    keys = [str(part) for part in place if isinstance(part, str)]
    key = keys[-1] if keys else "triggers"
    line, column = _place(text, place)
    # What a setting holds may be a secret in the wrong place, so values are not shown.
    match details["type"]:
        case "extra_forbidden":
            known = _keys_of(place)
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean `{near[0]}`" if near else f"known: {_listed(known)}"
            return Problem(line, column, f"`{_table(place)}` has no key `{key}`", hint, len(key))
        case "missing":
            return Problem(line, column, f"`{_table(place)}` needs `{key}`")
        case "value_error":
            return Problem(line, column, str(details["ctx"]["error"]))
        case "secret":
            said = f"`{key}` {details['msg']}"
        case "string_pattern_mismatch" if key.endswith("_pointer"):
            said = f"`{key}` is no JSON Pointer, as `/data/id`"
        case "string_pattern_mismatch":
            said = f"`{key}` is not written as it has to be"
        case "tuple_type":
            said = f"`[triggers.{key}]` has to be written `[[triggers.{key}]]`"
        case "time_delta_parsing" | "time_delta_type":
            said = f"`{key}` is no duration in ISO 8601, as `PT5M`"
        case _:
            said = f"`{key}`: {details['msg'][:1].lower()}{details['msg'][1:]}"
    return Problem(line, column, said.replace("'", "`"), None, len(key))


def _table(place: Sequence[int | str]) -> str:
    return f"[[triggers.{place[0]}]]" if len(place) > 1 else "[triggers]"


def _keys_of(place: Sequence[int | str]) -> list[str]:
    if len(place) == 1:
        return list(TriggerSettings.model_fields)
    kind: Any = TriggerSettings.model_fields[str(place[0])].annotation
    model: type[BaseModel] = kind.__args__[0]
    return list(model.model_fields)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _place(text: str, place: Sequence[int | str]) -> tuple[int, int]:
    """Find the line of a key in its table: TOML readers give no places of values."""
    lines = text.splitlines()
    start, end = 0, len(lines)
    if place:
        header = re.compile(rf"^\s*\[+\s*triggers\s*\.\s*{re.escape(str(place[0]))}\s*\]")
        heads = [number for number, line in enumerate(lines) if header.match(line)]
        number = place[1] if len(place) > 1 and isinstance(place[1], int) else 0
        if number < len(heads):
            start = heads[number]
            after = (each for each in range(start + 1, end) if lines[each].lstrip().startswith("["))
            end = next(after, end)
    for part in reversed(place):
        if isinstance(part, str):
            key = re.compile(rf"(?<![\w-]){re.escape(part)}(?![\w-])")
            for line in range(start, end):
                match = key.search(lines[line].partition("#")[0])
                if match:
                    return line + 1, match.start() + 1
    return start + 1, 1
