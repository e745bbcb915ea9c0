"""What the numbers of expressions count: money of a currency, units of time, or nothing stated."""

from collections.abc import Iterator
from dataclasses import dataclass

from sopc.graph import DataField, DataType
from sopc.graph.expression_tree import Call, Constant, Name, Node, Select, parts
from sopc.rules.values.expression_place import Fields

_COMPARISONS = frozenset({"_<=_", "_<_", "_>=_", "_>_", "_==_", "_!=_"})
_ALIKE = _COMPARISONS | {"_+_", "_-_"}
_VERBS = {"_+_": "adds", "_-_": "subtracts"}
_TIME_UNITS = ("second", "minute", "hour", "day", "week")


@dataclass(frozen=True, slots=True)
class Counted:
    """A term that counts money, units of time, or plain things.

    Attributes:
        name: The field that says so.
        currency: Of money; empty where it is none, or not known.
        money: Whether it is money.
        unit: The unit of time that the name ends or begins with, as `day`.
    """

    name: str
    currency: str = ""
    money: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Mix:
    """Two terms that do not count the same, and what is done with them."""

    one: Counted
    other: Counted
    verb: str


def mixes(node: Node, fields: Fields) -> Iterator[Mix]:
    """Give the places where an expression compares, adds or subtracts what counts differently."""
    for call in _calls(node):
        if call.function in _ALIKE and len(call.arguments) == 2:  # noqa: PLR2004  # both sides
            one, other = (counted(each, fields) for each in call.arguments)
            if one and other and _differ(one, other):
                yield Mix(one, other, _VERBS.get(call.function, "compares"))


def compared_literals(node: Node, fields: Fields) -> Iterator[tuple[Counted, int]]:
    """Give the fields that are compared with whole numbers, and those numbers."""
    for call in _calls(node):
        if call.function not in _COMPARISONS:
            continue
        for each, other in (call.arguments, call.arguments[::-1]):
            unit = counted(each, fields)
            if unit and isinstance(other, Constant) and type(other.value) is int:
                yield unit, other.value


def counted(node: Node, fields: Fields) -> Counted | None:
    """Tell what a term counts; None for a literal, and where it cannot be told."""
    match node:
        case Name() | Select():
            return _of_field(node, fields)
        case Call(function="_+_" | "_-_" | "-_", arguments=arguments):
            found = [each for each in (counted(part, fields) for part in arguments) if each]
            return next((each for each in found if each.money), found[0] if found else None)
        case Call(function="_?_:_", arguments=(_, yes, no)):
            return counted(yes, fields) or counted(no, fields)
        case Call(function="_*_", arguments=arguments):
            found = [each for each in (counted(part, fields) for part in arguments) if each]
            money = [each for each in found if each.money]
            return money[0] if len(money) == 1 else None
        case Call(function="_/_" | "_%_", arguments=(left, right)):
            one, other = counted(left, fields), counted(right, fields)
            return one if one and one.money and not (other and other.money) else None
        case _:
            return None


def _differ(one: Counted, other: Counted) -> bool:
    if one.money and other.money:
        return bool(one.currency and other.currency) and one.currency != other.currency
    if one.money or other.money:
        return True
    return bool(one.unit and other.unit) and one.unit != other.unit


def _of_field(node: Node, fields: Fields) -> Counted | None:
    field = _field(node, fields)
    if field is None:
        return None
    kind = field if isinstance(field, DataType) else field.type
    name = _path(node)
    if kind is DataType.MONEY:
        currency = field.currency if isinstance(field, DataField) else None
        return Counted(name, currency or "", money=True)
    if kind in {DataType.INTEGER, DataType.NUMBER}:
        return Counted(name, unit=_time_unit(name))
    return None


def _field(node: Node, fields: Fields) -> DataField | DataType | None:
    match node:
        case Name(name=name):
            return fields.get(name.removeprefix("."))
        case Select(operand=operand, field=inner, test=False):
            outer = _field(operand, fields)
            parts_of = outer.fields if isinstance(outer, DataField) else ()
            return next((each for each in parts_of if each.name == inner), None)
    return None


def _path(node: Node) -> str:
    match node:
        case Select(operand=operand, field=inner):
            return f"{_path(operand)}.{inner}"
        case Name(name=name):
            return name.removeprefix(".")
    return ""


def _time_unit(name: str) -> str:
    """Give the unit that a name states: `days_overdue` and `wait_hours` do, `day_rate` does not."""
    words = name.rpartition(".")[2].split("_")
    units = [unit for unit in _TIME_UNITS if f"{unit}s" in words and "per" not in words]
    return units[0] if len(units) == 1 else ""


def _calls(node: Node) -> Iterator[Call]:
    if isinstance(node, Call):
        yield node
    for each in parts(node):
        yield from _calls(each)
