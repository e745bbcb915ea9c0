"""Whether the flow of a new version would skip or repeat what a run has done."""

from collections.abc import Iterator

from sopc.graph import ApprovalStep, DecisionStep, Step
from sopc.graph.network import Flow, FlowKind, flows
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import Phase, RunState
from sopc_runtime.deployment.obstacle import Obstacle, bare


def flow_obstacles(
    old: Program, new: Program, state: RunState, lost: set[str]
) -> Iterator[Obstacle]:
    """Look for steps that would be skipped or done again."""
    before, after = _ways(old), _ways(new)
    final = {at.step for at in state.steps.values() if at.final and not at.is_element}
    active = {at.step for at in state.steps.values() if not at.final}
    # A repetition beside the flow has let the flow go on already.
    passed = final | {
        at.step
        for at in state.steps.values()
        if not at.final and (at.round > 0 or at.phase is Phase.REPEATING)
    }
    for step in sorted(passed - lost, key=old.order.__getitem__):
        one, other = before.get(step, []), after.get(step, [])
        if one != other:
            yield Obstacle(step, _way_field(old.steps[step]), _otherwise(one, other))
        for field in ("loop", "handles"):
            if bare(getattr(old.steps[step], field)) != bare(getattr(new.steps[step], field)):
                yield Obstacle(step, field, "it changed, and the step is over")
        if old.handlers.get(step) != new.handlers.get(step):
            says = "other steps deal with its failure now, and it is over"
            yield Obstacle(step, "handles", says)
    for step in state.arrived:
        if step in lost or step in state.steps:
            continue
        if old.steps[step].join != new.steps[step].join or (
            _sources(old, step) != _sources(new, step)
        ):
            says = "the paths that meet here changed, and some of them have come"
            yield Obstacle(step, "join", says)
    yield from _again(old, new, final - lost, active - lost | (set(state.arrived) - lost))


def _again(old: Program, new: Program, final: set[str], active: set[str]) -> Iterator[Obstacle]:
    """Look for finished steps that the flow would come to again."""
    for step in sorted(active, key=old.order.__getitem__):
        ahead = {each for each in final if step in new.upstream[each]}
        ahead -= {each for each in final if step in old.upstream[each]}
        for each in sorted(ahead, key=old.order.__getitem__):
            yield Obstacle(step, "next", f"it leads back to `{each}`, which is over")
    # A loop that comes later may go back over what is done, if it did so before.
    for later in new.procedure.steps:
        if later.loop is None or later.id in final:
            continue
        own = old.steps.get(later.id)
        if own is not None and bare(own.loop) == bare(later.loop):
            continue
        if later.loop.back_to in final:
            says = f"it goes back to `{later.loop.back_to}`, which is over"
            yield Obstacle(later.id, "loop", says)


def _ways(program: Program) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for way in flows(program.procedure):
        found.setdefault(way.step, []).append(_way(way))
    return found


def _way(way: Flow) -> tuple[str, str]:
    # A step that follows in the list, and one that is named, are the same way.
    kind = "next" if way.kind is FlowKind.SEQUENCE else str(way.kind)
    return way.target, kind


def _way_field(step: Step) -> str:
    if isinstance(step, DecisionStep):
        return "branches"
    return "on_reject" if isinstance(step, ApprovalStep) and step.on_reject else "next"


def _otherwise(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> str:
    was = ", ".join(f"`{target}`" for target, _ in one) or "nowhere"
    now = ", ".join(f"`{target}`" for target, _ in other) or "nowhere"
    if was == now:
        return "what leads where changed, and the run has passed it"
    return f"it led to {was} when the run passed it, and leads to {now}"


def _sources(program: Program, step: str) -> set[str]:
    return {way.step for way in flows(program.procedure) if way.target == step}
