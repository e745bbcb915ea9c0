"""Whether the values that a run carries are those that a new version goes on with."""

from collections.abc import Iterator

from sopc.graph import DataField, ScheduleTrigger
from sopc.graph.output import outputs_of
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import Phase, RunState
from sopc_runtime.deployment.obstacle import Obstacle


def value_obstacles(
    old: Program, new: Program, state: RunState, lost: set[str]
) -> Iterator[Obstacle]:
    """Look for values of another type, and for those that nothing gave."""
    for name in state.values:
        before, after = old.fields.get(name), new.fields.get(name)
        if before is None:
            continue
        if after is None:
            if before.sensitive:
                yield Obstacle("", "outputs", f"nothing says any more that `{name}` is sensitive")
        elif _typed(before) != _typed(after):
            says = f"`{name}` was of type `{before.type}`, and is `{after.type}` or made otherwise"
            yield Obstacle(_giver(old, name), "outputs", says)
        elif before.sensitive and not after.sensitive:
            yield Obstacle(_giver(old, name), "outputs", f"`{name}` is no longer sensitive")
    yield from _missing(old, new, state, lost)


def _missing(old: Program, new: Program, state: RunState, lost: set[str]) -> Iterator[Obstacle]:
    needed = _needed_at_start(new, state) - _needed_at_start(old, state)
    for name in sorted(needed - state.values.keys()):
        yield Obstacle("", "inputs", f"`{name}` is required, and the run began without it")
    for at in state.steps.values():
        if at.step in lost or at.phase is not Phase.DONE or at.is_element:
            continue
        had = {each.name: _is_sure(each) for each in outputs_of(old.steps[at.step])}
        for each in outputs_of(new.steps[at.step]):
            # What need not be given may well be missing, until a version counts on it.
            counted_on = each.name not in had or (_is_sure(each) and not had[each.name])
            if counted_on and each.name not in state.values:
                yield Obstacle(at.step, "outputs", f"it is over, and did not give `{each.name}`")


def _is_sure(output: object) -> bool:
    # What is computed is always there.
    return not isinstance(output, DataField) or output.required


def _needed_at_start(program: Program, state: RunState) -> set[str]:
    fields = [*program.graph.inputs]
    for trigger in program.procedure.triggers:
        if trigger.id == state.trigger and not isinstance(trigger, ScheduleTrigger):
            fields += trigger.payload
    return {each.name for each in fields if each.required}


def _giver(program: Program, name: str) -> str:
    for step in program.procedure.steps:
        if any(each.name == name for each in outputs_of(step)):
            return step.id
    return ""


def _typed(field: DataField) -> object:
    parts = tuple((each.name, each.required, _typed(each)) for each in field.fields)
    return field.type, field.currency, field.items, frozenset(field.values), parts
