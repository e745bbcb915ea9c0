"""Sample values by type: one and always the same, or drawn at random with the limits of a graph."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import isodate

from sopc.graph import DataField, DataType, DecisionStep, Procedure, StepGraph
from sopc.graph.expression_tree import Call, Constant, ListOf, Name, Node, expression_tree, parts
from sopc_runtime.core.event import Values

_COMPARISONS = frozenset({"_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_", "@in"})
_NEAR_A_LIMIT = 0.7
_ABSENT = 0.1
_LARGEST = 1000
_MOST_ELEMENTS = 3

Limits = Mapping[str, tuple[Any, ...]]
"""Values of interest, by the name that they are of."""


class Sampler:
    """Makes values of types; without `random`, always the same typical one.

    Attributes:
        now: What times are made near to.
        limits: Values of interest by name, which are drawn more often.
    """

    def __init__(
        self, now: datetime, *, drawn: random.Random | None = None, limits: Limits | None = None
    ) -> None:
        self.now = now
        self.limits = limits or {}
        self._drawn = drawn

    def values(self, fields: Iterable[DataField]) -> Values:
        """Give a value for each field; optional ones are now and then left out."""
        given: Values = {}
        for field in fields:
            absent = self._drawn is not None and self._drawn.random() < _ABSENT
            if field.required or not absent:
                given[field.name] = self.value(field)
        return given

    def value(self, field: DataField) -> Any:
        """Give a value of a field."""
        if self._drawn is None:
            return _typical(field, self.now)
        known = [each for each in self.limits.get(field.name, ()) if _suits(field.type, each)]
        if known and self._drawn.random() < _NEAR_A_LIMIT:
            return self._drawn.choice(known)
        return self._any(field, self._drawn)

    def _any(  # noqa: C901, PLR0911 # one a type
        self, field: DataField, drawn: random.Random
    ) -> Any:
        match field.type:
            case DataType.ENUM:
                return drawn.choice(field.values)
            case DataType.BOOLEAN:
                return drawn.random() < 0.5  # noqa: PLR2004 # a coin
            case DataType.INTEGER:
                return drawn.randint(0, _LARGEST)
            case DataType.MONEY:
                return drawn.randint(0, 10 * _LARGEST) * 100
            case DataType.NUMBER:
                return round(drawn.uniform(0, _LARGEST), 2)
            case DataType.DATE:
                return (self.now + timedelta(days=drawn.randint(0, 30))).date().isoformat()
            case DataType.TIMESTAMP:
                return (self.now + timedelta(minutes=drawn.randint(-600, 600))).isoformat()
            case DataType.DURATION:
                return f"PT{drawn.randint(1, 48)}H"
            case DataType.LIST:
                count = drawn.randint(0, _MOST_ELEMENTS)
                return [self._any(_element(field), drawn) for _ in range(count)]
            case DataType.OBJECT:
                return self.values(field.fields)
            case _:
                return f"{field.name} {drawn.randint(1, 99)}"


def _typical(field: DataField, now: datetime) -> Any:
    match field.type:
        case DataType.LIST:
            return [_typical(_element(field), now)]
        case DataType.OBJECT:
            return {each.name: _typical(each, now) for each in field.fields}
        case DataType.ENUM:
            return field.values[0]
        case DataType.STRING:
            return f"some {field.name.replace('_', ' ')}"
        case _:
            typical: dict[DataType, Any] = {
                DataType.INTEGER: 1,
                DataType.NUMBER: 1.0,
                DataType.BOOLEAN: True,
                DataType.MONEY: 10_000,
                DataType.DATE: now.date().isoformat(),
                DataType.TIMESTAMP: now.astimezone(UTC).isoformat(),
                DataType.DURATION: "PT1H",
            }
            return typical[field.type]


def _element(field: DataField) -> DataField:
    kind = field.items or DataType.OBJECT
    if kind in {DataType.ENUM, DataType.LIST}:
        kind = DataType.STRING
    currency = (field.currency or "USD") if kind is DataType.MONEY else None
    inner = field.fields if kind is DataType.OBJECT else ()
    return DataField(name=field.name, type=kind, currency=currency, fields=inner)


def _suits(kind: DataType, value: Any) -> bool:
    match kind:
        case DataType.BOOLEAN:
            return isinstance(value, bool)
        case DataType.INTEGER | DataType.MONEY:
            return isinstance(value, int) and not isinstance(value, bool)
        case DataType.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case DataType.STRING | DataType.ENUM:
            return isinstance(value, str)
        case DataType.DURATION:
            return isinstance(value, str) and _is_duration(value)
        case _:
            return False


def _is_duration(text: str) -> bool:
    try:
        return isinstance(isodate.parse_duration(text), timedelta)
    except (isodate.ISO8601Error, ValueError):
        return False


def limits_of(graph: StepGraph) -> dict[str, tuple[Any, ...]]:
    """Give the values around which the graph's expressions change, by the name they compare."""
    found: dict[str, dict[Any, None]] = defaultdict(dict)
    for procedure in graph.procedures:
        for cel in _expressions(procedure):
            tree = expression_tree(cel)
            for name, values in values_compared(tree).items() if tree is not None else ():
                found[name] |= dict.fromkeys(values)
    return {name: tuple(values) for name, values in found.items()}


def values_compared(tree: Node) -> dict[str, tuple[Any, ...]]:
    """Give the values around which an expression changes, by the name that it compares."""
    found: dict[str, dict[Any, None]] = defaultdict(dict)
    for name, value in _compared(tree):
        found[name] |= dict.fromkeys(_around(value))
    return {name: tuple(values) for name, values in found.items()}


def _expressions(procedure: Procedure) -> Iterator[str]:
    conditions = [*procedure.scope]
    for step in procedure.steps:
        conditions += step.when
        for bounds in (step.deadlines, step.delays, step.cadences, step.escalation):
            conditions += [condition for each in bounds for condition in each.when]
        if step.loop is not None and step.loop.until is not None:
            conditions.append(step.loop.until)
        if isinstance(step, DecisionStep):
            conditions += [branch.when for branch in step.branches]
        yield from (each.limit for each in step.guardrails if each.limit is not None)
        for each in getattr(step, "values", ()):
            yield each.cel
    yield from (each.cel for each in conditions if each.cel is not None)


def _compared(node: Node) -> Iterator[tuple[str, Any]]:
    match node:
        case Call(function=function, arguments=(Name(name=name), Constant(value=value))) if (
            function in _COMPARISONS
        ):
            yield name, value
        case Call(function=function, arguments=(Constant(value=value), Name(name=name))) if (
            function in _COMPARISONS
        ):
            yield name, value
        case Call(function="@in", arguments=(Name(name=name), ListOf(items=items))):
            yield from ((name, each.value) for each in items if isinstance(each, Constant))
        case _:
            pass
    for each in parts(node):
        yield from _compared(each)


def _around(value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool | str):
        return (value,)
    if isinstance(value, int):
        return value - 1, value, value + 1
    if isinstance(value, float):
        return value - 0.5, value, value + 0.5
    return ()
