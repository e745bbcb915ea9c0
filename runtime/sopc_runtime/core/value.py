"""Whether values are of the types that a graph says they have."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from typing import Any

import isodate

from sopc.graph import ComputedValue, DataField, DataType
from sopc.graph.expression import EvaluationError
from sopc_runtime.core.event import Values

_WHOLE = 2**63


def problems_with(values: Values, fields: Iterable[DataField]) -> list[str]:
    """Say what is wrong with values, one sentence each, by name; nothing if all fit."""
    found = []
    for field in fields:
        value = values.get(field.name)
        if value is None:
            if field.required:
                found.append(f"`{field.name}` is missing")
        else:
            found += _problems(field, value, field.name)
    return found


def fitting(values: Values, fields: Iterable[DataField | ComputedValue]) -> Values:
    """Give those of some values that fields name."""
    return {each.name: values[each.name] for each in fields if values.get(each.name) is not None}


def _problems(field: DataField, value: Any, path: str) -> list[str]:
    if not _fits(field.type, value):
        return [f"`{path}` is no {field.type}: {_short(value)}"]
    if field.type is DataType.ENUM and value not in field.values:
        choices = ", ".join(f"`{each}`" for each in field.values)
        return [f"`{path}` is none of {choices}: {_short(value)}"]
    if field.type is DataType.OBJECT:
        return _inside(field.fields, value, path)
    if field.type is DataType.LIST and field.items is not None:
        found = []
        for number, each in enumerate(value):
            if not _fits(field.items, each):
                found.append(f"`{path}[{number}]` is no {field.items}: {_short(each)}")
            elif field.items is DataType.OBJECT:
                found += _inside(field.fields, each, f"{path}[{number}]")
        return found
    return []


def _inside(fields: Iterable[DataField], value: Values, path: str) -> list[str]:
    found = []
    for field in fields:
        inner = value.get(field.name)
        if inner is None:
            if field.required:
                found.append(f"`{path}.{field.name}` is missing")
        else:
            found += _problems(field, inner, f"{path}.{field.name}")
    return found


_TYPES: dict[DataType, type[Any] | tuple[type[Any], ...]] = {
    DataType.STRING: str,
    DataType.ENUM: str,
    DataType.BOOLEAN: bool,
    DataType.INTEGER: int,
    DataType.MONEY: int,
    DataType.NUMBER: (int, float),
    DataType.LIST: list,
    DataType.OBJECT: dict,
}


def _fits(kind: DataType, value: Any) -> bool:
    types = _TYPES.get(kind)
    if types is None:
        return isinstance(value, str) and _reads(kind, value)
    if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
        return False
    if isinstance(value, float) and not isfinite(value):
        return False
    return not isinstance(value, int) or -_WHOLE <= value < _WHOLE


def _reads(kind: DataType, text: str) -> bool:
    try:
        if kind is DataType.DATE:
            date.fromisoformat(text)
            return True
        if kind is DataType.TIMESTAMP:
            moment = datetime.fromisoformat(text)
            # A moment has to be one in UTC as well, where the calendar ends a little earlier.
            return moment.tzinfo is not None and moment.astimezone(UTC).year > 0
        return isinstance(isodate.parse_duration(text), timedelta)
    except (ValueError, isodate.ISO8601Error, OverflowError):
        return False


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004 # a glance at it


def plain(value: Any) -> Any:
    """Give a value of an expression as it stands in JSON: times and durations in ISO 8601.

    Raises:
        EvaluationError: It is a number that JSON has none for, as of a division by zero.
    """
    if isinstance(value, float) and not isfinite(value):
        raise EvaluationError(f"`{value}` is no number to go on with")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return isodate.duration_isoformat(value)
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value
