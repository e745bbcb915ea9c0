"""What rules look at: a graph, and what is known around it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sopc.diagnostics import Prose
from sopc.graph import Citation, Procedure, ProseCitation, Step, StepGraph, Trigger
from sopc.organization import Organization, WorkingTime, working_time
from sopc.rules.flow.known_conditions import KnownConditions
from sopc.rules.flow.procedure_flow import ProcedureFlow
from sopc.rules.prose.cited import CitedPlace, cited_places
from sopc.rules.rule import GraphPath
from sopc.rules.values.dataflow import DataFlow, entries_of
from sopc.rules.values.expression_place import ExpressionPlace, expression_places, handed_over


@dataclass(frozen=True, slots=True)
class StepPlace:
    """A step, its procedure, and where it stands."""

    procedure: Procedure
    step: Step
    path: GraphPath

    @property
    def title(self) -> GraphPath:
        """Where the step's title stands."""
        return (*self.path, "title")

    def about(self, field: str) -> str:
        """Name a field of the step as questions do."""
        return f"steps.{self.step.id}.{field}"

    def cite(self, field: str = "title") -> Citation | None:
        """Give the citation of a field, or that of the title where the field has none."""
        citations = self.step.citations
        return citations.get(field) or citations.get("title")


@dataclass(frozen=True, slots=True)
class TriggerPlace:
    """A trigger, its procedure, and where it stands."""

    procedure: Procedure
    trigger: Trigger
    path: GraphPath

    def about(self, field: str) -> str:
        """Name a field of the trigger as questions do."""
        return f"triggers.{self.trigger.id}.{field}"


@dataclass(frozen=True)
class CheckContext:
    """All that a rule may know.

    `organization` and `prose` are None where there is no such file; `today` is the day that
    people and systems are judged on.
    """

    graph: StepGraph
    organization: Organization | None
    prose: Prose | None
    today: date

    def procedures(self) -> Iterator[tuple[Procedure, GraphPath]]:
        """Give every procedure with its place."""
        for index, procedure in enumerate(self.graph.procedures):
            yield procedure, ("procedures", index)

    @cached_property
    def steps(self) -> tuple[StepPlace, ...]:
        """Every step, in the order of the file."""
        return tuple(
            StepPlace(procedure, step, (*path, "steps", index))
            for procedure, path in self.procedures()
            for index, step in enumerate(procedure.steps)
        )

    @cached_property
    def triggers(self) -> tuple[TriggerPlace, ...]:
        """Every trigger, in the order of the file."""
        return tuple(
            TriggerPlace(procedure, trigger, (*path, "triggers", index))
            for procedure, path in self.procedures()
            for index, trigger in enumerate(procedure.triggers)
        )

    @cached_property
    def flows(self) -> Mapping[str, ProcedureFlow]:
        """The flow of each procedure, by its id."""
        return {each.id: ProcedureFlow(each, path) for each, path in self.procedures()}

    @cached_property
    def expressions(self) -> tuple[ExpressionPlace, ...]:
        """Every expression, in the order of the file."""
        return tuple(expression_places(self.graph))

    @cached_property
    def expression_at(self) -> Mapping[GraphPath, ExpressionPlace]:
        """Every expression, by its place."""
        return {each.path: each for each in self.expressions}

    @cached_property
    def data(self) -> Mapping[str, DataFlow]:
        """Which values are there at the steps of each procedure, by its id."""
        called = handed_over(self.graph)
        inputs = frozenset(each.name for each in self.graph.inputs)
        return {
            name: DataFlow(flow, entries_of(flow.procedure, called.get(name, ())), inputs)
            for name, flow in self.flows.items()
        }

    @cached_property
    def known(self) -> Mapping[str, KnownConditions]:
        """Which conditions hold for certain at the steps of each procedure, by its id."""
        called = handed_over(self.graph)
        return {name: KnownConditions(each, name in called) for name, each in self.flows.items()}

    @cached_property
    def working(self) -> WorkingTime | None:
        """When the organization is at work; None where its file does not say, or is missing."""
        return working_time(self.organization) if self.organization else None

    @cached_property
    def cited(self) -> tuple[CitedPlace, ...]:
        """Every citation of the prose, in the order of the file."""
        return tuple(cited_places(self.graph))

    @cached_property
    def distinct_cited(self) -> tuple[CitedPlace, ...]:
        """The first use of every stretch of prose that is cited, so that none is shown twice."""
        first: dict[ProseCitation, CitedPlace] = {}
        for place in self.cited:
            first.setdefault(place.citation, place)
        return tuple(first.values())
