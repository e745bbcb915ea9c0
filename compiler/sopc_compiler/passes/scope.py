"""Scope: the values that are known when a step begins, and which of them fit an input."""

from sopc.graph import DataField, DataType, Procedure, ScheduleTrigger, StepGraph
from sopc.graph.data import ComputedValue
from sopc.graph.output import given_by

Value = DataField | ComputedValue


def values_before(graph: StepGraph, procedure: Procedure, step_id: str) -> dict[str, Value]:
    """Give the values that a step can count on: what comes from outside, and from steps before it.

    What steps give that are done in some cases only may be missing, and is left out.
    """
    given: list[Value] = [*graph.inputs]
    for trigger in procedure.triggers:
        if not isinstance(trigger, ScheduleTrigger):
            given += trigger.payload
    for step in procedure.steps:
        if step.id == step_id:
            break
        if not step.when and step.handles is None:
            given += given_by(step)
    return {each.name: each for each in given}


def fits(value: Value, wanted: DataField | None) -> bool:
    """Tell whether a value may be handed to an input; anything may where no type is stated."""
    if wanted is None:
        return True
    if isinstance(value, DataField) and wanted.required and not value.required:
        return False
    if wanted.type is DataType.STRING:
        return value.type in {DataType.STRING, DataType.ENUM}
    same = (value.type, value.currency) == (wanted.type, wanted.currency)
    if wanted.type is DataType.LIST and isinstance(value, DataField):
        return same and value.items == wanted.items
    if wanted.type is DataType.ENUM:
        return same and isinstance(value, DataField) and set(value.values) <= set(wanted.values)
    return same
