"""Reading what comes from outside: JSON within bounds, and values of the types that are asked for.

Nothing here raises for bad input: it gives what is wrong, by path, in words.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sopc.graph import DataField, DataType
from sopc_runtime.core.event import Values
from sopc_runtime.core.value import fitting, problems_with

DEEPEST = 64
_WHOLE = 2**63
_EXACT = 2**53
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_TRUTHS = {"true": True, "false": False}


def read_json(text: str | bytes) -> tuple[Any, str | None]:
    """Read JSON as the standard has it.

    Returns:
        The value and None, or None and what is wrong with it.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        return None, f"it is nested more than {DEEPEST} deep"
    except UnicodeDecodeError:
        return None, "it is not UTF-8"
    except json.JSONDecodeError as error:
        return None, (
            f"it is no JSON: {error.msg[:1].lower()}{error.msg[1:]} "
            f"(line {error.lineno}, column {error.colno})"
        )
    except ValueError as error:
        return None, f"it is no JSON: {error}"
    problem = unfit(value)
    return (None, problem) if problem else (value, None)


def _no_constant(name: str) -> float:
    raise ValueError(f"`{name}` is no number of JSON")


def unfit(value: Any) -> str | None:
    """Say why a value cannot be worked with at all: too deep, too large a number, broken text."""
    waiting: list[tuple[Any, str, int]] = [(value, "", 0)]
    while waiting:
        each, path, depth = waiting.pop()
        if depth > DEEPEST:
            return f"it is nested more than {DEEPEST} deep"
        if isinstance(each, dict):
            if any(_broken(key) for key in each):
                return f"{_named(path)} has a name that is no text"
            waiting += [(inner, f"{path}.{key}", depth + 1) for key, inner in each.items()]
        elif isinstance(each, list):
            waiting += [(inner, f"{path}[{place}]", depth + 1) for place, inner in enumerate(each)]
        elif isinstance(each, float) and not math.isfinite(each):
            return f"{_named(path)} is too large a number"
        elif isinstance(each, int) and not -_WHOLE <= each < _WHOLE:
            return f"{_named(path)} is a number beyond 64 bits"
        elif isinstance(each, str) and _broken(each):
            return f"{_named(path)} holds half a character"
    return None


def _broken(text: str) -> bool:
    # A lone surrogate can be written in JSON, and in nothing else.
    return not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text)


def _named(path: str) -> str:
    shown = path.removeprefix(".").encode("utf-8", "replace").decode()
    return f"`{shown if len(shown) <= 80 else shown[:77] + '...'}`" if shown else "it"  # noqa: PLR2004


def read_values(
    values: Mapping[str, Any], fields: Iterable[DataField], *, textual: bool = False
) -> tuple[Values, list[str]]:
    """Give the values that fields name, read as their types where nothing is lost by it.

    A whole number written as `5.0` is the integer 5. Of `textual` values (CSV, flags), words are
    read as what the type says, and empty ones are missing. All else has to be of its type.

    Returns:
        The values, and what is wrong with them; with problems, the values are not to be used.
    """
    known = tuple(fields)
    read = {
        each.name: _coerced(each.type, each, values[each.name], textual=textual)
        for each in known
        if each.name in values
    }
    return fitting(read, known), problems_with(read, known)


def _coerced(kind: DataType | None, field: DataField, value: Any, *, textual: bool) -> Any:
    if textual and isinstance(value, str):
        value = _from_words(kind, value)
    if kind in {DataType.INTEGER, DataType.MONEY} and isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= _EXACT else value
    if kind is DataType.OBJECT and isinstance(value, dict):
        inner = {each.name: each for each in field.fields}
        return {
            key: _coerced(inner[key].type, inner[key], each, textual=textual)
            if key in inner
            else each
            for key, each in value.items()
        }
    if kind is DataType.LIST and isinstance(value, list):
        return [_coerced(field.items, field, each, textual=textual) for each in value]
    return value


def _from_words(kind: DataType | None, text: str) -> Any:
    plain = text.strip()
    if not plain:
        return None
    if kind in {DataType.INTEGER, DataType.MONEY} and _INTEGER.fullmatch(plain):
        return int(plain)
    if kind is DataType.NUMBER and _NUMBER.fullmatch(plain):
        number = float(plain)
        return number if math.isfinite(number) else text
    if kind is DataType.BOOLEAN:
        return _TRUTHS.get(plain.lower(), text)
    if kind in {DataType.LIST, DataType.OBJECT}:
        value, problem = read_json(plain)
        return text if problem else value
    return text if kind in {DataType.STRING, DataType.ENUM} else plain
