"""Name: the operation that an action's verb names, for systems whose operations are names alone."""

from sopc.graph import ActionStep, DataField, Step, StepGraph
from sopc.organization import Operation, Organization, System
from sopc_compiler.language.word import verb_base, words


def name_operations(graph: StepGraph, organization: Organization | None) -> StepGraph:
    """Name the operations of systems that are not bound and say nothing of types.

    Nothing is called by that: people work in these systems. What can be called, `bind` proposes.
    """
    if organization is None:
        return graph
    plain = {each.id: each for each in organization.systems if not is_described(each)}
    procedures = tuple(
        procedure.model_copy(
            update={"steps": tuple(_named(step, plain) for step in procedure.steps)}
        )
        for procedure in graph.procedures
    )
    return graph.model_copy(update={"procedures": procedures})


def is_described(system: System) -> bool:
    """Tell whether the organization file says enough of a system for it to be called."""
    typed = (each for operation in system.operations for each in operation.inputs)
    return system.binding is not None or any(isinstance(each, DataField) for each in typed)


def operations_of_verb(step: ActionStep, system: System) -> list[Operation]:
    """List the operations whose names hold the step's verb."""
    tokens = words(step.title)
    verb = (verb_base(tokens[0].lower) or tokens[0].lower) if tokens else ""
    return [
        operation
        for operation in system.operations
        if verb in operation.name.lower().replace("_", "-").replace(".", "-").split("-")
    ]


def _named(step: Step, plain: dict[str, System]) -> Step:
    system = plain.get(step.system or "") if isinstance(step, ActionStep) else None
    if not isinstance(step, ActionStep) or system is None:
        return step
    named = operations_of_verb(step, system)
    return step.model_copy(update={"operation": named[0].name}) if len(named) == 1 else step
