"""Every expression of a graph, with its place, and the names that it may use."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from sopc.graph import (
    ActionStep,
    ApprovalStep,
    Argument,
    CallStep,
    ComputedValue,
    ComputeStep,
    Condition,
    DataField,
    DataType,
    EventTrigger,
    ForEach,
    Guardrail,
    HumanTaskStep,
    Procedure,
    ScheduleTrigger,
    StepGraph,
)
from sopc.rules.part import parts, procedure_of, step_of
from sopc.rules.rule import GraphPath

Fields = Mapping[str, DataField | DataType]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that expressions of one place may use.

    Attributes:
        fields: Those whose type is known.
        untyped: Those that are there, but whose type cannot be told from the file.
    """

    fields: Fields
    untyped: frozenset[str] = field(default_factory=frozenset)

    def fits(self, cel: str) -> bool:
        """Tell whether all that an expression names is typed, so that it can be checked."""
        return self.untyped.isdisjoint(_WORD.findall(cel))


@dataclass(frozen=True, slots=True)
class ExpressionPlace:
    """An expression, where it stands, the type that it must have, and its scope."""

    cel: str
    path: GraphPath
    gives: DataType | None
    scope: Scope
    step: str | None


def expression_places(graph: StepGraph) -> Iterator[ExpressionPlace]:
    """Give every expression of a graph."""
    scopes = {procedure.id: _procedure_scope(graph, procedure) for procedure in graph.procedures}
    inputs = {each.name: each for each in graph.inputs}
    for path, part in parts(graph):
        for name, cel, gives in _expressions(part):
            procedure, step = procedure_of(graph, path), step_of(graph, path)
            scope = scopes[procedure.id] if procedure else Scope(inputs)
            if isinstance(part, EventTrigger):
                known = inputs if step is None else scope.fields
                scope = Scope({**known, **{each.name: each for each in part.payload}})
            elif step is not None and step.for_each is not None and not isinstance(part, ForEach):
                scope = _with_element(scope, step.for_each)
            yield ExpressionPlace(cel, (*path, name), gives, scope, step.id if step else None)


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


def _procedure_scope(graph: StepGraph, procedure: Procedure) -> Scope:
    fields: dict[str, DataField | DataType] = {each.name: each for each in graph.inputs}
    for trigger in procedure.triggers:
        if not isinstance(trigger, ScheduleTrigger):
            fields |= {each.name: each for each in trigger.payload}
    for step in procedure.steps:
        if isinstance(step, ActionStep | HumanTaskStep | ApprovalStep | CallStep):
            fields |= {each.name: each for each in step.outputs}
        elif isinstance(step, ComputeStep):
            fields |= {each.name: each.type for each in step.values}
    handed_over = {
        argument.name
        for caller in graph.procedures
        for step in caller.steps
        if isinstance(step, CallStep) and step.procedure == procedure.id
        for argument in step.inputs
    }
    return Scope(fields, frozenset(handed_over - fields.keys()))


def _with_element(scope: Scope, each: ForEach) -> Scope:
    items = scope.fields.get(each.items.strip())
    kind = items.items if isinstance(items, DataField) else None
    if kind is None:
        return Scope(scope.fields, scope.untyped | {each.name})
    return Scope({**scope.fields, each.name: kind}, scope.untyped - {each.name})
