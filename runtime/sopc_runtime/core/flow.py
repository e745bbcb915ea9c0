"""Where the flow goes: steps reached, joins that wait, and the end of the run."""

from typing import Literal

from sopc.graph import END, Cadence
from sopc.graph.step import Next
from sopc_runtime.core import ladder
from sopc_runtime.core.decision import CloseTask, Finish
from sopc_runtime.core.state import Phase, StepState
from sopc_runtime.core.task import TaskKind
from sopc_runtime.core.turn import Turn

Ended = Literal["done", "failed", "cancelled"]


def lead_to(turn: Turn, source: str, targets: Next) -> None:
    """Let the flow go from one step to others, one after the other."""
    for target in (targets,) if isinstance(targets, str) else targets:
        turn.reached.append((source, target))


def go_back(turn: Turn, source: str, target: str) -> None:
    """Let the flow go back to an earlier step: what lies between is forgotten, and done again.

    Where another path has gone back there before, and the step is at it, this one joins it.
    """
    state = turn.state
    again = frozenset(turn.program.between(target, source)) | {source, target}
    there = state.steps.get(target)
    at_it = there is not None and not there.final and not in_background(turn, there)
    for path, at in list(state.steps.items()):
        if at.step in again and not (at_it and at.step == target):
            turn.let_go(at, "the flow goes back")
            del state.steps[path]
    for step in again:
        state.arrived.pop(step, None)
        if step != source:
            state.loops.pop(step, None)
    if not at_it:
        turn.reached.append((source, target))


def reach(turn: Turn, source: str, step: str) -> None:
    """Take the flow to a step, unless it waits for other paths or is at it already."""
    if step == END:
        return
    if step not in turn.program.steps:
        turn.remark(None, f"the flow leads to `{step}`, which is no step")
        return
    state = turn.state
    if step in state.steps:
        # Either a way back, or a further path to a step that one path is enough for.
        if turn.program.ways.leads_back(source, step):
            go_back(turn, source, step)
        return
    if step in turn.program.ways.meetings:
        state.arrived[step] = state.arrived.get(step, 0) + 1
        return
    enter(turn, step)


def enter(turn: Turn, step: str) -> None:
    """Begin with a step that the flow has come to."""
    turn.state.steps[step] = StepState(path=step, step=step, phase=Phase.HELD, reached=turn.now)
    turn.again.append(step)


def release_joins(turn: Turn) -> bool:
    """Enter the joins that nothing can come to any more; tell whether there was one.

    A path that ended elsewhere, or was never taken, is not waited for.
    """
    waiting = turn.state.arrived
    if not waiting:
        return False
    busy = {each.step for each in turn.state.active() if not in_background(turn, each)}
    before = turn.program.ways.before
    ready = [step for step in waiting if not before[step] & (busy | waiting.keys())]
    for step in ready:
        del waiting[step]
        enter(turn, step)
    return bool(ready)


def in_background(turn: Turn, at: StepState) -> bool:
    """Tell whether a step is only repeated beside the flow, which has gone on."""
    # An element of a for-each has no rounds of its own.
    at = turn.state.steps.get(at.step, at)
    cadences = turn.step(at).cadences
    if not cadences or (at.round == 0 and at.phase is not Phase.REPEATING):
        return False
    return (cadence_of(turn, at) or cadences[0]).until is None


def cadence_of(turn: Turn, at: StepState) -> Cadence | None:
    """Give the cadence that a step is repeated by: the first that a clock can read and applies."""
    return next((each for each in turn.step(at).cadences if _usable(turn, at, each)), None)


def _usable(turn: Turn, at: StepState, cadence: Cadence) -> bool:
    timed = cadence.every is not None or cadence.schedule is not None
    return timed and not cadence.vague and ladder.applies(turn, cadence.when, at) is True


def end_if_over(turn: Turn) -> None:
    """End the run when nothing is left to be done."""
    state = turn.state
    if state.over or state.arrived:
        return
    if all(each.final or in_background(turn, each) for each in state.steps.values()):
        finish(turn, "done")


def finish(turn: Turn, status: Ended, why: str | None = None) -> None:
    """End the run: drop what it holds, and say how it ended."""
    state = turn.state
    if state.over:
        return
    turn.reached.clear()
    turn.again.clear()
    state.arrived.clear()
    for at in state.active():
        turn.let_go(at, "the run has ended")
        at.phase, at.ended = Phase.SKIPPED, turn.now
    for task in list(state.tasks.values()):
        # What people did is still worth knowing after the run.
        if task.kind is not TaskKind.COMPARISON:
            del state.tasks[task.id]
            turn.decide(CloseTask(task=task.id, why="the run has ended"))
    turn.drop_all_timers()
    state.status, state.ended, state.why = status, turn.now, why
    values = dict(state.values) if status == "done" else {}
    turn.decide(Finish(status=status, why=why, values=values))
