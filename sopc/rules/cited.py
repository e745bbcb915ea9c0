"""Every place of a graph that cites the prose."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from sopc.graph import ProseCitation, StepGraph
from sopc.rules.rule import GraphPath

_STEP_DEPTH = 4


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A citation, where it stands, and the step it belongs to, if it does."""

    citation: ProseCitation
    path: GraphPath
    step: str | None

    @property
    def of_procedure(self) -> bool:
        """Tell whether it is of what a procedure does: a trigger, scope, bound, rung or step."""
        return self.path[0] == "procedures" and self.path[2] not in {"cite", "title"}


def cited_places(graph: StepGraph) -> Iterator[CitedPlace]:
    """Give every citation of the prose, in the order of the file."""
    for path, citation in _walk(graph, ()):
        step = None
        if len(path) >= _STEP_DEPTH and path[0] == "procedures" and path[2] == "steps":
            step = graph.procedures[int(path[1])].steps[int(path[3])].id
        yield CitedPlace(citation, path, step)


def _walk(value: object, path: GraphPath) -> Iterator[tuple[GraphPath, ProseCitation]]:
    if isinstance(value, ProseCitation):
        yield path, value
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            if field in value.model_fields_set:
                yield from _walk(getattr(value, field), (*path, field))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*path, str(key)))
