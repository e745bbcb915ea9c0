"""Values as people type and read them: `12.50`, `yes`, `2026-11-30 09:00`, `4 hours`."""

import json
import math
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

import isodate

from sopc.graph import DataField, DataType
from sopc.graph.currency import decimals_of, minor_units
from sopc_runtime.core.value import problems_with
from sopc_runtime.people.refusal import UnfitDecisionError

_TRUE = frozenset({"yes", "y", "true"})
_FALSE = frozenset({"no", "n", "false"})
_WORDS = re.compile(r"(?P<count>\d+) (?P<unit>minute|hour|day|week)s?")

_EXAMPLES = {
    DataType.INTEGER: "42",
    DataType.NUMBER: "4.2",
    DataType.BOOLEAN: "yes",
    DataType.DATE: "2026-11-30",
    DataType.TIMESTAMP: "2026-11-30T09:00",
    DataType.DURATION: "4 hours",
    DataType.LIST: '["a", "b"]',
    DataType.OBJECT: '{"key": "value"}',
}


def parsed(field: DataField, text: str, *, zone: tzinfo = UTC) -> Any:
    """Read a value that a person typed, as it stands in JSON: money in minor units.

    Times without an offset are meant in `zone`.

    Raises:
        UnfitDecisionError: The text is no value of the field.
    """
    try:
        value = _read(field, text if field.type is DataType.STRING else text.strip(), zone)
    except (ValueError, InvalidOperation, OverflowError, isodate.ISO8601Error, RecursionError):
        raise UnfitDecisionError(_wrong(field, text), hint=_help(field)) from None
    problems = problems_with({field.name: value}, [field])
    if problems:
        raise UnfitDecisionError("; ".join(problems), hint=_help(field))
    return value


def written(field: DataField | None, value: Any) -> str:
    """Write a value for people; `parsed` reads it back."""
    kind = field.type if field is not None else None
    if field is not None and kind is DataType.MONEY and type(value) is int and field.currency:
        amount = Decimal(value).scaleb(-decimals_of(field.currency))
        return f"{amount:f} {field.currency}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def example(field: DataField) -> str:
    """Give a text that would be a value of the field."""
    if field.type is DataType.MONEY:
        return written(field, 12 * 10 ** decimals_of(field.currency or ""))
    if field.type is DataType.ENUM:
        return field.values[0]
    return _EXAMPLES.get(field.type, "TEXT")


def _read(field: DataField, text: str, zone: tzinfo) -> Any:  # noqa: C901, PLR0911 # one for each type
    match field.type:
        case DataType.STRING:
            return text
        case DataType.ENUM:
            same = [each for each in field.values if each.casefold() == text.casefold()]
            return text if text in field.values or len(same) != 1 else same[0]
        case DataType.INTEGER:
            return _whole(text)
        case DataType.NUMBER:
            number = float(text)
            if not math.isfinite(number):
                raise ValueError(text)
            return _whole(text) if re.fullmatch(r"[+-]?\d+", text) else number
        case DataType.BOOLEAN:
            if text.casefold() not in _TRUE | _FALSE:
                raise ValueError(text)
            return text.casefold() in _TRUE
        case DataType.MONEY:
            return minor_units(text, field.currency or "")
        case DataType.DATE:
            return date.fromisoformat(text).isoformat()
        case DataType.TIMESTAMP:
            at = datetime.fromisoformat(text)
            return (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat()
        case DataType.DURATION:
            return _duration(text)
        case _:
            return json.loads(text, parse_constant=_refuse)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,19}", text):
        raise ValueError(text)
    return int(text)


def _duration(text: str) -> str:
    words = _WORDS.fullmatch(text)
    if words is None:
        isodate.parse_duration(text)
        return text
    return str(isodate.duration_isoformat(timedelta(**{f"{words['unit']}s": int(words["count"])})))


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _wrong(field: DataField, text: str) -> str:
    kind = f"{field.type} in {field.currency}" if field.currency else str(field.type)
    return f"`{field.name}` is no {kind}: `{text}`"


def _help(field: DataField) -> str:
    if field.type is DataType.ENUM:
        return f"it is one of {', '.join(f'`{each}`' for each in field.values)}"
    return f"write it as `{example(field)}`"
