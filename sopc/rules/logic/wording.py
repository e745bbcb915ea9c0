"""Extents in words, for messages: `amount is exactly 500.00 USD`."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from sopc.graph import DataType
from sopc.rules.logic.extent import Extent, Limit, OneOf, OtherThan, Range
from sopc.rules.logic.formula import Number
from sopc.rules.logic.money import in_words
from sopc.rules.logic.values import value_of
from sopc.rules.logic.variable import Kind, Variable
from sopc.rules.logic.vocabulary import Vocabulary

_SECOND = 1_000_000
_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60))
_LONGEST = 40
_NUMBERS = frozenset({Kind.WHOLE, Kind.REAL})
_TIMES = frozenset({Kind.DAY, Kind.MOMENT})


def described(
    variable: Variable, value: Number, extent: Extent | None, vocabulary: Vocabulary
) -> str:
    """Say what a variable is, for example `amount is between 5.01 USD and 9.99 USD`."""

    def words(number: Number) -> str:
        return _value(variable, number, vocabulary)

    match extent:
        case OneOf(values=values):
            said = _listed([words(each) for each in values], "or")
        case OtherThan(values=(single,)):
            said = f"not {words(single)}"
        case OtherThan(values=values):
            said = f"neither {' nor '.join(words(each) for each in values)}"
        case Range():
            said = _range(variable, extent, words)
        case None:
            said = words(value)
    return f"{term(variable)} is {said}"


def as_cel(variable: Variable, value: Number, vocabulary: Vocabulary) -> str:
    """Say that a variable has a value, in CEL."""
    data, name = value_of(variable, value, vocabulary), term(variable)
    match data:
        case bool():
            return name if data else f"!{name}"
        case str():
            return f"{name} == {json.dumps(data, ensure_ascii=False)}"
        case timedelta():
            return f'{name} == duration("{_decimal(Fraction(int(value), _SECOND))}s")'
        case date():
            return f'{name} == timestamp("{_moment(data)}")'
    return f"{name} == {data}"


def term(variable: Variable) -> str:
    """Give a variable's name, or `size(name)`."""
    opaque = variable.opaque is not None
    return f"size({variable.name})" if opaque else variable.name


def _range(variable: Variable, extent: Range, words: Callable[[Number], str]) -> str:
    low, high = extent.low, extent.high
    if variable.opaque is not None and low is None:
        low = Limit(0)  # a size
    if variable.kind in {Kind.MOMENT, Kind.SPAN}:
        low, high = _rounded(low, -1), _rounded(high, 1)
    exact = "" if variable.kind in _TIMES else "exactly "
    if low is not None and low == high:
        return f"{exact}{words(low.value)}"
    below_zero = Limit(0, open=True) if variable.real else Limit(-1)
    if low is None and high == below_zero and variable.kind in _NUMBERS:
        return "negative"
    if low and high and not low.open and not high.open:
        return f"between {words(low.value)} and {words(high.value)}"
    ends = []
    if low:
        ends.append(_end(variable, words(low.value), low, ("after", "later", "above", "at least")))
    if high:
        ends.append(
            _end(variable, words(high.value), high, ("before", "earlier", "below", "at most"))
        )
    return " and ".join(ends)


def _end(variable: Variable, words: str, limit: Limit, ways: tuple[str, str, str, str]) -> str:
    beyond, or_beyond, more, at_least = ways
    if variable.kind in _TIMES:
        return f"{beyond} {words}" if limit.open else f"{words} or {or_beyond}"
    return f"{more if limit.open else at_least} {words}"


def _rounded(limit: Limit | None, step: int) -> Limit | None:
    """Say `after 12:00` instead of `from 12:00:00.000001 on`."""
    if limit is None or limit.value % _SECOND == 0 or (limit.value + step) % _SECOND:
        return limit
    return Limit(limit.value + step, open=True)


def _value(variable: Variable, number: Number, vocabulary: Vocabulary) -> str:
    field = variable.field
    if field is not None and field.type is DataType.MONEY:
        return in_words(int(number), field.currency) if field.currency else str(number)
    match value_of(variable, number, vocabulary):
        case bool(value):
            return "true" if value else "false"
        case str(value):
            return f"`{_shown(value)}`"
        case timedelta():
            return _span(Fraction(int(number), _SECOND))
        case date() as value:
            return value.isoformat() if variable.kind is Kind.DAY else _moment(value)
    return _decimal(number)


def _shown(text: str) -> str:
    """Keep a message on its line, whatever stands in a text."""
    text = text if text.isprintable() else json.dumps(text)[1:-1]
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _span(seconds: Fraction) -> str:
    fitting = ((unit, seconds / size) for unit, size in _UNITS if seconds % size == 0)
    unit, count = next(fitting, ("second", seconds))
    return f"{_decimal(count)} {unit}{'' if abs(count) == 1 else 's'}"


def _moment(value: date) -> str:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat() + "Z"
    return f"{value.isoformat()}T00:00:00Z"


def _decimal(number: Number) -> str:
    fraction = Fraction(number)
    return str(fraction.numerator) if fraction.denominator == 1 else repr(float(fraction))


def _listed(words: Sequence[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
