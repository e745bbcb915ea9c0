"""Every expression of a graph, with its place, and the names that it may use."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import BaseModel

from sopc.graph import (
    Argument,
    CallStep,
    ComputedValue,
    Condition,
    DataField,
    DataType,
    EventTrigger,
    ForEach,
    Guardrail,
    Procedure,
    ScheduleTrigger,
    Step,
    StepGraph,
)
from sopc.graph.expression_tree import names_in
from sopc.graph.output import given_by, outputs_of
from sopc.rules.part import parts, procedure_of, step_of
from sopc.rules.rule import GraphPath

Fields = Mapping[str, DataField | DataType]

_MOST_SHARED = 50

TYPE_NAMES = frozenset(
    "bool bytes double dyn google int list map null_type string type uint".split()  # noqa: SIM905  # read best as words
)
"""What an expression can name without anybody giving it: CEL's own types."""


@dataclass(frozen=True)
class Scope:
    """The names that expressions of one place may use.

    Attributes:
        fields: Those of the procedure whose type is known.
        untyped: Those that are there, but whose type cannot be told from the file.
        inner: Those that are known at this place alone; they go before the others.
    """

    fields: Fields
    untyped: frozenset[str] = frozenset()
    inner: Fields = field(default_factory=dict)

    def of(self, names: frozenset[str]) -> dict[str, DataField | DataType]:
        """Give the fields of some names, as far as their types are known."""
        found = {}
        for name in sorted(names):
            value = self.inner.get(name)
            if value is None and name not in self.untyped:
                value = self.fields.get(name)
            if value is not None:
                found[name] = value
        return found

    def knows(self, name: str) -> bool:
        """Tell whether anything gives a name."""
        return any(name in names for names in (self.inner, self.fields, self.untyped, TYPE_NAMES))

    def names(self) -> Iterator[str]:
        """Give all names that there are."""
        yield from self.inner
        yield from self.fields
        yield from self.untyped


@dataclass(frozen=True)
class ExpressionPlace:
    """An expression, where it stands, the type that it must have, and its scope.

    Attributes:
        cel: The expression.
        path: Where it stands.
        gives: The type that it must have, if it must.
        scope: The names that it may use.
        step: The id of the step that it belongs to, if it does.
        procedure: The id of the procedure that it belongs to.
        says: The words that stand beside it, if there are any.
        part: The record that holds it.
    """

    cel: str
    path: GraphPath
    gives: DataType | None
    scope: Scope
    step: str | None
    procedure: str
    says: str | None
    part: BaseModel

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that it takes from outside; none when it does not parse."""
        return names_in(self.cel)

    @cached_property
    def fields(self) -> Fields:
        """Those fields of the scope that it names."""
        return self.scope.of(self.names)

    @property
    def typed(self) -> bool:
        """Whether the types of all that it names are known."""
        return all(name in self.fields or name in TYPE_NAMES for name in self.names)

    @property
    def about(self) -> str:
        """The field, in words of the graph's ids."""
        if self.step is None:
            return f"procedures.{self.procedure}.{self.path[2]}"
        return f"steps.{self.step}.{self.path[4]}"


def expression_places(graph: StepGraph) -> Iterator[ExpressionPlace]:
    """Give every expression of a graph, in the order of the file."""
    scopes = _scopes(graph)
    inputs = {each.name: each for each in graph.inputs}
    elements: dict[tuple[str, str], Scope] = {}
    for path, part in parts(graph):
        for name, cel, gives in _expressions(part):
            procedure, step = procedure_of(graph, path), step_of(graph, path)
            if procedure is None:
                continue
            scope = scopes[procedure.id]
            if isinstance(part, EventTrigger):
                known = Scope(inputs) if step is None else scope
                payload = {each.name: each for each in part.payload}
                scope = Scope(known.fields, known.untyped, payload)
            elif step is not None and step.for_each is not None and not isinstance(part, ForEach):
                key = (procedure.id, step.id)
                if key not in elements:
                    elements[key] = _with_element(scope, step, step.for_each)
                scope = elements[key]
            says = part.says if isinstance(part, Condition | Guardrail | EventTrigger) else None
            yield ExpressionPlace(
                cel,
                (*path, name),
                gives,
                scope,
                step.id if step else None,
                procedure.id,
                says,
                part,
            )


def with_shared_fields(
    places: Iterable[ExpressionPlace],
) -> Iterator[tuple[ExpressionPlace, Fields]]:
    """Give expressions with the fields to check them against, the same ones for many of them.

    The CEL library takes a moment for each set of names, so neighbours share one.
    """
    shared: dict[str, DataField | DataType] = {}
    missing: set[str] = set()
    waiting: list[ExpressionPlace] = []
    for place in places:
        lacks = place.names - place.fields.keys()
        # A name that has no type, or another one, at one place must not get it from another place.
        fits = all(shared.get(name, kind) == kind for name, kind in place.fields.items())
        alike = missing.isdisjoint(place.fields) and lacks.isdisjoint(shared)
        if not fits or not alike or len(shared) > _MOST_SHARED:
            yield from ((each, shared) for each in waiting)
            shared, missing, waiting = {}, set(), []
        shared = {**shared, **place.fields}
        missing |= lacks
        waiting.append(place)
    yield from ((each, shared) for each in waiting)


def handed_over(graph: StepGraph) -> Mapping[str, list[tuple[Procedure, CallStep]]]:
    """Give the steps that call each procedure of the graph."""
    callers: dict[str, list[tuple[Procedure, CallStep]]] = defaultdict(list)
    for procedure in graph.procedures:
        for step in procedure.steps:
            if isinstance(step, CallStep) and step.procedure and step.file is None:
                callers[step.procedure].append((procedure, step))
    return callers


def _expressions(part: BaseModel) -> Iterator[tuple[str, str, DataType | None]]:
    """Give the field, the text and the type of each expression that a record itself holds."""
    match part:
        case Condition(cel=str(cel)):
            yield "cel", cel, DataType.BOOLEAN
        case Argument(cel=str(cel)):
            yield "cel", cel, None
        case ComputedValue(cel=cel, type=gives):
            yield "cel", cel, gives
        case EventTrigger(filter=str(cel)):
            yield "filter", cel, DataType.BOOLEAN
        case Guardrail(limit=str(cel)):
            yield "limit", cel, DataType.BOOLEAN
        case ForEach(items=cel):
            yield "items", cel, DataType.LIST


def _scopes(graph: StepGraph) -> Mapping[str, Scope]:
    callers = handed_over(graph)
    return {
        procedure.id: _procedure_scope(graph, procedure, callers.get(procedure.id, []))
        for procedure in graph.procedures
    }


def _procedure_scope(
    graph: StepGraph, procedure: Procedure, callers: list[tuple[Procedure, CallStep]]
) -> Scope:
    values: list[DataField | ComputedValue] = [*graph.inputs]
    for trigger in procedure.triggers:
        if not isinstance(trigger, ScheduleTrigger):
            values += trigger.payload
    for step in procedure.steps:
        values += given_by(step)
    fields: dict[str, DataField | DataType] = {}
    several = set()
    for each in values:
        if each.name in fields and _kind(fields[each.name]) is not each.type:
            several.add(each.name)
        fields.setdefault(each.name, _typed(each))
    handed = {argument.name for _, step in callers for argument in step.inputs}
    return Scope(fields, frozenset((handed - fields.keys()) | several))


def _kind(field: DataField | DataType) -> DataType:
    return field if isinstance(field, DataType) else field.type


def _typed(value: DataField | ComputedValue) -> DataField | DataType:
    if isinstance(value, DataField):
        return value
    if value.type is DataType.MONEY and value.currency is not None:
        return DataField(name=value.name, type=value.type, currency=value.currency)
    return value.type


def _with_element(scope: Scope, step: Step, each: ForEach) -> Scope:
    # What the step gives for one element is a list only to later steps.
    own = {output.name: _typed(output) for output in outputs_of(step)}
    items = scope.fields.get(each.items.strip())
    kind = items.items if isinstance(items, DataField) else None
    if kind is None:
        return Scope(scope.fields, scope.untyped | {each.name}, own)
    return Scope(scope.fields, scope.untyped, {**own, each.name: kind})
