"""Every place of a graph that cites the prose."""

from collections.abc import Iterator
from dataclasses import dataclass

from sopc.graph import ProseCitation, StepGraph
from sopc.rules.part import parts, step_of
from sopc.rules.rule import GraphPath


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A citation, where it stands, and the step it belongs to, if it does."""

    citation: ProseCitation
    path: GraphPath
    step: str | None

    @property
    def of_procedure(self) -> bool:
        """Tell whether it is of what a procedure does: a trigger, scope, bound, rung or step."""
        return self.path[0] == "procedures" and self.path[2] != "cite"


def cited_places(graph: StepGraph) -> Iterator[CitedPlace]:
    """Give every citation of the prose."""
    for path, part in parts(graph):
        if isinstance(part, ProseCitation):
            step = step_of(graph, path)
            yield CitedPlace(part, path, step.id if step else None)
