"""What steps give: the values that each declares, and those that later steps have of it."""

from sopc.graph.data import ComputedValue, DataField, DataType
from sopc.graph.step import (
    ActionStep,
    ApprovalStep,
    CallStep,
    ComputeStep,
    HumanTaskStep,
    Step,
    WaitStep,
)
from sopc.graph.trigger import EventTrigger


def outputs_of(step: Step) -> tuple[DataField | ComputedValue, ...]:
    """Give the values that a step declares; one of a for-each declares those of each element."""
    match step:
        case ActionStep() | HumanTaskStep() | ApprovalStep() | CallStep():
            return step.outputs
        case ComputeStep():
            return step.values
        case WaitStep(event=EventTrigger(payload=payload)):
            return payload
        case _:
            return ()


def given_by(step: Step) -> tuple[DataField | ComputedValue, ...]:
    """Give the values that later steps have of a step: lists, where it is done for each element."""
    outputs = outputs_of(step)
    if step.for_each is None:
        return outputs
    return tuple(
        DataField(
            name=each.name,
            type=DataType.LIST,
            items=each.type,
            fields=each.fields if isinstance(each, DataField) else (),
            sensitive=isinstance(each, DataField) and each.sensitive,
            cite=each.cite,
        )
        for each in outputs
    )
