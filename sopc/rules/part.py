"""Every record of a graph, with the place where it stands."""

from collections.abc import Iterator

from pydantic import BaseModel

from sopc.graph import Procedure, Step, StepGraph
from sopc.rules.rule import GraphPath

_STEP_DEPTH = 4


def parts(graph: StepGraph) -> Iterator[tuple[GraphPath, BaseModel]]:
    """Give every record, the outer before the inner."""
    return _walk(graph, ())


def procedure_of(graph: StepGraph, path: GraphPath) -> Procedure | None:
    """Give the procedure that a place lies in; None if it lies in none."""
    if len(path) > 1 and path[0] == "procedures":
        return graph.procedures[int(path[1])]
    return None


def step_of(graph: StepGraph, path: GraphPath) -> Step | None:
    """Give the step that a place lies in; None if it lies in none."""
    procedure = procedure_of(graph, path)
    if procedure is None or len(path) < _STEP_DEPTH or path[2] != "steps":
        return None
    return procedure.steps[int(path[3])]


def _walk(value: object, path: GraphPath) -> Iterator[tuple[GraphPath, BaseModel]]:
    if isinstance(value, BaseModel):
        yield path, value
        for field in type(value).model_fields:
            if field in value.model_fields_set:
                yield from _walk(getattr(value, field), (*path, field))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*path, str(key)))
