"""What a run goes by: a procedure of a graph, and the organization file of that time."""

from collections import defaultdict
from functools import cached_property

import networkx as nx

from sopc.errors import UsageError
from sopc.graph import (
    END,
    ActionStep,
    ComputedValue,
    DataField,
    DataType,
    Procedure,
    ScheduleTrigger,
    Step,
    StepGraph,
)
from sopc.graph.expression_tree import names_in
from sopc.graph.file import graph_hash
from sopc.graph.output import given_by, outputs_of
from sopc.organization import Operation, Organization, System, WorkingTime, working_time
from sopc_runtime.core.way_network import WayNetwork


class Program:
    """A procedure with everything looked up that its runs need; never changes.

    Attributes:
        graph: The whole graph.
        organization: The organization file; None where there is none.
        procedure: The procedure.
        steps: Its steps by id.
    """

    def __init__(
        self, graph: StepGraph, organization: Organization | None, procedure: str | None = None
    ) -> None:
        found = [each for each in graph.procedures if procedure in {None, each.id}]
        if not found:
            known = ", ".join(f"`{each.id}`" for each in graph.procedures)
            raise UsageError(f"graph `{graph.id}` has no procedure `{procedure}`", hint=known)
        self.graph = graph
        self.organization = organization
        self.procedure: Procedure = found[0]
        self.steps: dict[str, Step] = {each.id: each for each in self.procedure.steps}

    @cached_property
    def graph_hash(self) -> str:
        """The hash that sign-offs and runs are pinned to."""
        return graph_hash(self.graph)

    @cached_property
    def working(self) -> WorkingTime | None:
        """When the organization is at work, if it is stated."""
        return working_time(self.organization) if self.organization else None

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each step in the file."""
        return {step.id: number for number, step in enumerate(self.procedure.steps)}

    @cached_property
    def first(self) -> str:
        """The step that the flow begins with, or `end`."""
        return self.procedure.steps[0].id if self.procedure.steps else END

    def after(self, step: Step) -> tuple[str, ...]:
        """Give where the flow goes after a step that is not a decision."""
        if step.next is not None:
            return (step.next,) if isinstance(step.next, str) else step.next
        number = self.order[step.id] + 1
        steps = self.procedure.steps
        return (steps[number].id if number < len(steps) else END,)

    @cached_property
    def ways(self) -> WayNetwork:
        """What leads where."""
        return WayNetwork(self.procedure)

    @cached_property
    def upstream(self) -> dict[str, frozenset[str]]:
        """The steps from which the flow can still come to a step, going back in no loop."""
        return {step: frozenset(nx.ancestors(self.ways.all, step)) for step in self.steps}

    @cached_property
    def handlers(self) -> dict[str, tuple[str, ...]]:
        """The steps that deal with the failure of each step.

        One that the flow never comes to after the failure deals with nothing: people have to.
        """
        found: dict[str, list[str]] = defaultdict(list)
        for step in self.procedure.steps:
            if step.handles is not None and step.handles in self.upstream[step.id]:
                found[step.handles].append(step.id)
        return {step: tuple(handlers) for step, handlers in found.items()}

    def between(self, back_to: str, step: str) -> tuple[str, ...]:
        """Give the steps that a loop does again: from `back_to` to the step that holds it."""
        onward = self.ways.onward
        after = nx.descendants(onward, back_to) | {back_to}
        before = nx.ancestors(onward, step) | {step}
        return tuple(each for each in self.steps if each in after and each in before)

    def system(self, name: str | None) -> System | None:
        """Give the organization's entry of a system of the graph."""
        if name is None or self.organization is None:
            return None
        return self.organization.system(name)

    def operation(self, step: Step) -> Operation | None:
        """Give the operation that a step calls; None where a person has to do it.

        It needs an action with an operation, of a system that is bound and, if it lists its
        operations, lists this one.
        """
        if not isinstance(step, ActionStep) or step.operation is None:
            return None
        system = self.system(step.system)
        if system is None or system.binding is None:
            return None
        known = system.operation(step.operation)
        if known is None and not system.operations:
            return Operation(name=step.operation)
        return known

    @cached_property
    def fields(self) -> dict[str, DataField]:
        """Every value that the procedure's steps may name, with its type."""
        found: dict[str, DataField] = {}
        for each in self._given():
            found.setdefault(each.name, each)
        return found

    def _given(self) -> list[DataField]:
        given = [*self.graph.inputs]
        for trigger in self.procedure.triggers:
            if not isinstance(trigger, ScheduleTrigger):
                given += trigger.payload
        for step in self.procedure.steps:
            given += [_as_field(each) for each in given_by(step)]
        return given

    @cached_property
    def _scopes(self) -> dict[tuple[str, str | None], dict[str, DataField | DataType]]:
        return {}

    def scope(self, cel: str, step: Step | None) -> dict[str, DataField | DataType]:
        """Give the typed names that an expression of a step uses."""
        key = cel, step.id if step is not None and step.for_each is not None else None
        scope = self._scopes.get(key)
        if scope is None:
            known: dict[str, DataField | DataType] = dict(self.fields)
            if step is not None and step.for_each is not None:
                known |= {each.name: _as_field(each) for each in outputs_of(step)}
                known[step.for_each.name] = self._element(step)
            scope = {name: known[name] for name in sorted(names_in(cel)) if name in known}
            self._scopes[key] = scope
        return scope

    def _element(self, step: Step) -> DataField | DataType:
        assert step.for_each is not None  # noqa: S101 # the caller looked
        items = self.fields.get(step.for_each.items)
        if items is not None and items.items is not None:
            if items.items is DataType.OBJECT:
                return DataField(name=step.for_each.name, type=DataType.OBJECT, fields=items.fields)
            return items.items
        return DataType.OBJECT

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """The names of values that no journal is to hold in clear."""
        return frozenset(name for name, each in self.fields.items() if each.sensitive)


def _as_field(value: DataField | ComputedValue) -> DataField:
    if isinstance(value, DataField):
        return value
    match value.type:
        case DataType.ENUM:
            return DataField(name=value.name, type=DataType.STRING)
        case DataType.LIST:
            return DataField(name=value.name, type=DataType.LIST, items=DataType.OBJECT)
        case DataType.MONEY if value.currency is None:
            # The check says so; in expressions money is a whole number of its smallest unit.
            return DataField(name=value.name, type=DataType.INTEGER)
        case DataType.MONEY:
            return DataField(name=value.name, type=DataType.MONEY, currency=value.currency)
    return DataField(name=value.name, type=value.type)
