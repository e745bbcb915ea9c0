"""Whether a run may go on under another version of its procedure, and why not.

What a run has done stays as it was done, and what it is in the middle of must mean the same:

- every step that has a state exists in both versions, with the same kind;
- a step that is under way keeps what it is in the middle of: what a system or a person was asked;
- the way led out of finished steps just as it does in the new version, and leads back to none;
- values keep their types, and nothing is needed that finished steps did not give.
"""

from collections.abc import Iterator

from sopc_runtime.core.program import Program
from sopc_runtime.core.state import Phase, RunState, StepState
from sopc_runtime.deployment.carried import value_obstacles
from sopc_runtime.deployment.obstacle import Obstacle, bare
from sopc_runtime.deployment.way import flow_obstacles

_DATA = ("system", "template", "inputs", "outputs", "for_each")
_ACT = ("operation", *_DATA)
_MIDDLE: dict[Phase, tuple[str, ...]] = {
    Phase.HELD: ("for_each", "handles"),
    Phase.ASKED: ("when", "branches", "otherwise", "until", "loop", "cadences", "delays", "role"),
    Phase.APPROVING: (*_ACT, "role", "tier", "guardrails"),
    Phase.CALLING: _ACT,
    Phase.TASKED: (*_ACT, "role", "may_edit", "judgment"),
    Phase.DOUBTED: (*_ACT, "role"),
    Phase.WAITING: ("duration", "until", "event"),
    Phase.CALLED: ("procedure", "file", "inputs", "outputs"),
    Phase.RETRYING: _ACT,
    Phase.REPEATING: ("cadences", *_ACT),
    Phase.TROUBLED: (*_ACT, "role"),
    Phase.EACH: _DATA,
}
"""What a step is in the middle of, by where it stands."""

_TIMED = {"deadline": "deadlines", "step-rung": "escalation", "procedure-rung": "escalation"}


def obstacles(old: Program, new: Program, state: RunState) -> list[Obstacle]:
    """Give everything that keeps a run from going on under a new version; nothing if it may."""
    known = set(state.steps) | set(state.arrived)
    found = [*_whole(old, new, state)]
    lost = set()
    for step in dict.fromkeys(path.partition("/")[0] for path in known):
        if step not in new.steps:
            found.append(Obstacle(step, "id", "the run has come to it, and it is gone"))
            lost.add(step)
        elif new.steps[step].kind != old.steps[step].kind:
            was, now = old.steps[step].kind, new.steps[step].kind
            found.append(Obstacle(step, "kind", f"it was `{was}`, and is `{now}`"))
            lost.add(step)
    for at in state.steps.values():
        if at.step not in lost and not at.final:
            found += _middle(old, new, at)
    found += flow_obstacles(old, new, state, lost)
    found += value_obstacles(old, new, state, lost)
    return sorted(set(found), key=lambda each: (old.order.get(each.step, -1), each))


def left_as_set(old: Program, new: Program, state: RunState) -> list[str]:
    """Say which timers stay as they were set although the new version would set them otherwise.

    Among them are those that the new version would set, and none is.
    """
    found = []
    for timer in state.timers:
        path, _, what = timer.partition(":")
        field = _field_of_timer(what)
        before, after = _holder(old, path, what), _holder(new, path, what)
        if field and before is not None and after is not None:
            one, other = getattr(before, field, ()), getattr(after, field, ())
            if bare(one) != bare(other):
                place = f"step `{path}`" if path else "the procedure"
                found.append(f"{place}: its `{field}` changed; what is set stays as it was set")
    for at in state.steps.values():
        if at.armed and not at.final and at.step in new.steps:
            before, after = old.steps[at.step], new.steps[at.step]
            found += [
                f"step `{at.path}`: its `{field}` changed; what is set stays as it was set"
                for field in ("deadlines", "escalation")
                if bare(getattr(before, field)) != bare(getattr(after, field))
            ]
    if bare(old.procedure.deadlines) != bare(new.procedure.deadlines):
        found.append("the procedure: its `deadlines` changed; what is set stays as it was set")
    return list(dict.fromkeys(found))


def _whole(old: Program, new: Program, state: RunState) -> Iterator[Obstacle]:
    if new.procedure.id != old.procedure.id:
        says = f"the run is one of `{old.procedure.id}`, not of `{new.procedure.id}`"
        yield Obstacle("", "procedure", says)
    if state.steps and new.first != old.first:
        says = f"the flow begins with `{new.first}`, and the run began with `{old.first}`"
        yield Obstacle("", "steps", says)
    for timer in state.timers:
        path, _, what = timer.partition(":")
        number = what.rpartition(":")[2]
        field, holder = _field_of_timer(what), _holder(new, path, what)
        if field and holder is not None and number.isdigit():
            kept = getattr(holder, field, ())
            if int(number) >= len(kept):
                step = path.partition("/")[0]
                says = f"a timer is set for number {int(number) + 1} of them, which is gone"
                yield Obstacle(step, field, says)
    for task in state.tasks.values():
        for role in task.roles:
            organization = new.organization
            if organization and organization.roles and organization.role(role) is None:
                before = old.organization
                if before is not None and before.role(role) is not None:
                    says = f"`{role}` may decide an open task, and is no role any more"
                    yield Obstacle(task.step.partition("/")[0], "role", says)


def _field_of_timer(what: str) -> str | None:
    kind = what.partition(":")[0]
    return {**_TIMED, "delay": "delays", "cadence": "cadences", "retry": "retry"}.get(kind)


def _holder(program: Program, path: str, what: str) -> object | None:
    if not path or what.startswith("procedure-rung"):
        return program.procedure
    return program.steps.get(path.partition("/")[0])


def _middle(old: Program, new: Program, at: StepState) -> Iterator[Obstacle]:
    before, after = old.steps[at.step], new.steps[at.step]
    for field in _MIDDLE.get(at.phase, ()):
        if bare(getattr(before, field, None)) != bare(getattr(after, field, None)):
            yield Obstacle(at.step, field, f"it changed, and the step is {_in_words(at.phase)}")
    if at.phase is Phase.HELD and at.begun is None:
        return
    was, now = old.operation(before), new.operation(after)
    if (was is None) != (now is None):
        says = "a system does it now" if was is None else "no system does it any more"
        yield Obstacle(at.step, "operation", f"{says}, and the step is {_in_words(at.phase)}")
    elif was is not None and now is not None and at.phase in {Phase.CALLING, Phase.DOUBTED}:
        one, other = old.system(before.system), new.system(after.system)  # type: ignore[union-attr]
        if was != now and was.name == now.name:
            yield Obstacle(at.step, "operation", f"`{was.name}` is not what it was, and is asked")
        if one and other and (one.id, one.binding) != (other.id, other.binding):
            yield Obstacle(at.step, "system", f"`{one.id}` is bound otherwise, and is asked")


def _in_words(phase: Phase) -> str:
    return {
        Phase.HELD: "about to begin",
        Phase.ASKED: "waiting for an answer",
        Phase.APPROVING: "waiting for an approval",
        Phase.CALLING: "with its system",
        Phase.TASKED: "with a person",
        Phase.DOUBTED: "in doubt",
        Phase.WAITING: "waiting",
        Phase.CALLED: "with the procedure that it calls",
        Phase.RETRYING: "about to be tried again",
        Phase.REPEATING: "about to be repeated",
        Phase.TROUBLED: "in trouble",
        Phase.EACH: "under way for each element",
    }.get(phase, "over")
