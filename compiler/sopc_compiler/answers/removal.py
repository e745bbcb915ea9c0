"""Taking a step out of a procedure, so that the flow goes on behind it."""

from typing import Any

from sopc.graph import END, ApprovalStep, DecisionStep, Procedure, Step


def without_step(procedure: Procedure, removed: str) -> Procedure:
    """Take a step out, and those that deal with its failure.

    Whatever led to a step that is out leads to what came after it.
    """
    for handler in [step.id for step in procedure.steps if step.handles == removed]:
        procedure = without_step(procedure, handler)
    index = next(i for i, step in enumerate(procedure.steps) if step.id == removed)
    step = procedure.steps[index]
    following = procedure.steps[index + 1].id if index + 1 < len(procedure.steps) else END
    target = step.next or following
    before, after = list(procedure.steps[:index]), list(procedure.steps[index + 1 :])
    if before and step.next and before[-1].next is None:
        before[-1] = before[-1].model_copy(update={"next": step.next})
    steps = tuple(_led_past(one, removed, target) for one in (*before, *after))
    return procedure.model_copy(update={"steps": steps})


def _led_past(step: Step, removed: str, target: Any) -> Step:
    changes: dict[str, Any] = {"next": _past(step.next, removed, target)}
    if step.loop and step.loop.back_to == removed:
        first = target if isinstance(target, str) else target[0]
        loop = step.loop.model_copy(update={"back_to": first})
        changes["loop"] = None if first in {END, step.id} else loop
    if isinstance(step, DecisionStep):
        changes["branches"] = tuple(
            branch.model_copy(update={"then": _past(branch.then, removed, target)})
            for branch in step.branches
        )
        changes["otherwise"] = _past(step.otherwise, removed, target)
    if isinstance(step, ApprovalStep):
        changes["on_reject"] = _past(step.on_reject, removed, target)
    return step.model_copy(update=changes)


def _past(where: Any, removed: str, target: Any) -> Any:
    if where == removed:
        return target
    if not isinstance(where, tuple) or removed not in where:
        return where
    kept = [one for one in where if one != removed]
    added = (target,) if isinstance(target, str) else target
    ways = tuple(dict.fromkeys(one for one in (*kept, *added) if one != END)) or (END,)
    return ways[0] if len(ways) == 1 else ways
