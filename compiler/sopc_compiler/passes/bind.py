"""Bind: the operation of a known system that each action calls for."""

from sopc.graph import ActionStep, Step, StepGraph
from sopc.organization import Organization, System
from sopc_compiler.language.word import verb_base, words


def bind(graph: StepGraph, organization: Organization | None) -> StepGraph:
    """Propose operations where the organization file lists those of a step's system.

    An operation is proposed where it is the only one whose name holds the step's verb; a person
    confirms it by signing the graph, or corrects it in the answers file.
    """
    if organization is None:
        return graph
    known = {system.id: system for system in organization.systems if system.operations}
    procedures = tuple(
        procedure.model_copy(
            update={"steps": tuple(_bound(step, known) for step in procedure.steps)}
        )
        for procedure in graph.procedures
    )
    return graph.model_copy(update={"procedures": procedures})


def _bound(step: Step, known: dict[str, System]) -> Step:
    if not isinstance(step, ActionStep) or step.system not in known:
        return step
    tokens = words(step.title)
    verb = (verb_base(tokens[0].lower) or tokens[0].lower) if tokens else ""
    named = [
        operation.name
        for operation in known[step.system].operations
        if verb in operation.name.lower().replace("_", "-").replace(".", "-").split("-")
    ]
    return step.model_copy(update={"operation": named[0]}) if len(named) == 1 else step
