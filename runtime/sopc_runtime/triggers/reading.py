"""Reading what comes from outside: JSON within bounds, and values of the types that are asked for.

Nothing here raises for bad input: it gives what is wrong, by path, in words.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Optional

from sopc.graph import DataField, DataType
from sopc.graph.currency import minor_units
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
        words = text if isinstance(text, str) else text.decode("utf-8-sig")
        value = json.loads(words, parse_constant=_no_constant, object_pairs_hook=_no_twins)
    except RecursionError:
        return None, f"it is nested more than {DEEPEST} deep"
    except UnicodeDecodeError:
        return None, "it is not UTF-8"
    except json.JSONDecodeError as error:
        return None, (
            f"it is no JSON: {error.msg[:1].lower()}{error.msg[1:]} "
            f"(line {error.lineno}, column {error.colno})"
        )
    except _UnfitError as error:
        return None, f"it is no JSON: {error}"
    except ValueError:
        # The only one left: Python reads numbers of so many digits and no more.
        return None, "it holds a number beyond 64 bits"
    problem = unfit(value)
    return (None, problem) if problem else (value, None)


class _UnfitError(ValueError):
    """What Python would read, and the standard does not have or leaves open."""


def _no_constant(name: str) -> float:
    raise _UnfitError(f"`{name}` is no number of JSON")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; of a name that stands twice nobody knows which value is meant."""
    made = dict(pairs)
    if len(made) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twin = next(name for name, count in counts.items() if count > 1)
        raise _UnfitError(f"{_named(twin)} stands twice in an object")
    return made


def unfit(value: Any) -> str | None:
    """Say why a value cannot be worked with at all: too deep, too large a number, broken text."""
    # Paths are written only where one is told: of a long name and many values, all of them would
    # take more memory than there is.
    waiting: list[tuple[Any, _Path]] = [(value, None)]
    depths = [0]
    while waiting:
        (each, path), depth = waiting.pop(), depths.pop()
        if depth > DEEPEST:
            return f"it is nested more than {DEEPEST} deep"
        if isinstance(each, dict):
            if any(_broken(key) for key in each):
                return f"{_written(path)} has a name that is no text"
            waiting += [(inner, (path, key)) for key, inner in each.items()]
            depths += [depth + 1] * len(each)
        elif isinstance(each, list):
            waiting += [(inner, (path, place)) for place, inner in enumerate(each)]
            depths += [depth + 1] * len(each)
        elif isinstance(each, float) and not math.isfinite(each):
            return f"{_written(path)} is too large a number"
        elif isinstance(each, int) and not -_WHOLE <= each < _WHOLE:
            return f"{_written(path)} is a number beyond 64 bits"
        elif isinstance(each, str) and _broken(each):
            return f"{_written(path)} holds half a character"
    return None


_Path = Optional[tuple["_Path", str | int]]  # noqa: UP045 # it names itself
"""Where a value stands: in what, and its name or number there; None for the whole."""


def _written(path: _Path) -> str:
    words = ""
    while path is not None:
        path, last = path
        words = (f"[{last}]" if isinstance(last, int) else f".{last}") + words
    return _named(words)


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
        value = _from_words(kind, value, field.currency or "")
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


def _from_words(kind: DataType | None, text: str, currency: str) -> Any:  # noqa: PLR0911 # a type each
    plain = text.strip()
    if not plain:
        return None
    if kind is DataType.MONEY:
        # What people write is read alike wherever they write it: `900` is not nine euros.
        with suppress(ValueError):
            return minor_units(plain, currency)
        return text
    if kind is DataType.INTEGER and _INTEGER.fullmatch(plain):
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
