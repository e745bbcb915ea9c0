"""Solutions as data that the expression engine takes, so that it can be asked whether it agrees."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sopc.graph import DataField, DataType
from sopc.graph.expression_tree import Call, Name
from sopc.rules.logic.formula import Number
from sopc.rules.logic.translation import DAY, EPOCH, MICROSECOND
from sopc.rules.logic.variable import Kind, Variable
from sopc.rules.logic.vocabulary import Vocabulary

_LONGEST = 10_000
_LARGEST = 2**63 - 1
_DAY = date(2026, 1, 1)
_MOMENT = EPOCH.replace(year=2026, hour=12)
_MONEY = 10_000
_USUAL: dict[DataType, Any] = {
    DataType.STRING: "text",
    DataType.ENUM: "text",
    DataType.INTEGER: 1,
    DataType.NUMBER: 1.0,
    DataType.BOOLEAN: False,
    DataType.MONEY: _MONEY,
    DataType.DATE: _DAY,
    DataType.TIMESTAMP: _MOMENT,
    DataType.DURATION: timedelta(days=1),
    DataType.LIST: [],
}


class NoDataError(Exception):
    """A value that no data can have, as a date after the year 9999."""


def usual_number(variable: Variable) -> Number:
    """Give a value to a variable of which any value will do."""
    if variable.domain is not None:
        return variable.domain[0]
    if variable.field is not None and variable.field.type is DataType.MONEY:
        return _MONEY
    return {
        Kind.DAY: (_DAY - EPOCH.date()).days,
        Kind.MOMENT: (_MOMENT - EPOCH) // MICROSECOND,
        Kind.SPAN: DAY,
        Kind.TEXT: -1,
    }.get(variable.kind, 1)


def value_of(variable: Variable, number: Number, vocabulary: Vocabulary) -> Any:  # noqa: PLR0911  # one for each kind
    """Give a variable's value as plain data.

    Raises:
        NoDataError: There is no such value.
    """
    try:
        match variable.kind:
            case Kind.TRUTH:
                return bool(number)
            case Kind.WHOLE:
                return _whole(number)
            case Kind.REAL:
                return float(number)
            case Kind.TEXT:
                text = vocabulary.text_of(int(number))
                return vocabulary.other_text(int(number)) if text is None else text
            case Kind.DAY:
                return EPOCH.date() + timedelta(days=int(number))
            case Kind.MOMENT:
                return EPOCH + int(number) * MICROSECOND
            case Kind.SPAN:
                return int(number) * MICROSECOND
    except OverflowError:
        raise NoDataError from None


def data_for(solution: Mapping[Variable, Number], vocabulary: Vocabulary) -> dict[str, Any] | None:
    """Give data with these values, and usual ones for the rest; `None` if it cannot be made.

    Raises:
        NoDataError: There is no such data.
    """
    data = {name: _usual(field) for name, field in vocabulary.fields.items()}
    for variable, number in solution.items():
        if variable.opaque is None:
            inside = data
            for name in variable.path[:-1]:
                inside = inside[name]
            inside[variable.path[-1]] = value_of(variable, number, vocabulary)
    asked = {each.path for each in solution if each.opaque is None}
    opaque = [each for each in solution if each.opaque is not None]
    fits = all(
        each.path not in asked and _sized(data, each, int(solution[each]), vocabulary)
        for each in opaque
    )
    return data if fits else None


def _usual(field: DataField) -> Any:
    if field.type is DataType.OBJECT:
        return {each.name: _usual(each) for each in field.fields}
    return field.values[0] if field.values else _USUAL[field.type]


def _sized(data: dict[str, Any], variable: Variable, size: int, vocabulary: Vocabulary) -> bool:
    """Make what `size(name)` is asked of as long as it should be."""
    match variable.opaque:
        case Call(function="size", arguments=(Name(name=name),)) if 0 <= size <= _LONGEST:
            field = vocabulary.fields.get(name.removeprefix("."))
            if field is not None and field.type is DataType.STRING:
                data[field.name] = "x" * size
                return True
            if field is not None and field.type is DataType.LIST:
                data[field.name] = [_USUAL.get(field.items or DataType.OBJECT, {})] * size
                return True
    return False


def _whole(number: Number) -> int:
    if not -_LARGEST <= int(number) <= _LARGEST:
        raise NoDataError
    return int(number)
