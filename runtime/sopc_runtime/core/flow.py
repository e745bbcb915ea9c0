"""Where the flow goes: steps reached, joins that wait, and the end of the run."""

from typing import Literal

from sopc.graph import END, Join
from sopc.graph.step import Next
from sopc_runtime.core.decision import CancelChild, CloseTask, Finish
from sopc_runtime.core.state import Phase, StepState
from sopc_runtime.core.task import TaskKind
from sopc_runtime.core.turn import Turn

Ended = Literal["done", "failed", "cancelled"]


def lead_to(turn: Turn, source: str, targets: Next) -> None:
    """Let the flow go from one step to others, one after the other."""
    for target in (targets,) if isinstance(targets, str) else targets:
        turn.reached.append((source, target))


def go_back(turn: Turn, source: str, target: str) -> None:
    """Let the flow go back to an earlier step: what lies between is forgotten, and done again."""
    again = frozenset(turn.program.between(target, source))
    for path, at in list(turn.state.steps.items()):
        if at.step in again:
            turn.let_go(at, "the flow goes back")
            del turn.state.steps[path]
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
        # Either a way back, or a second path to a step that one path is enough for.
        back = turn.program.order[step] <= turn.program.order.get(source, -1)
        if back and state.steps[step].final:
            go_back(turn, source, step)
        return
    if turn.program.steps[step].join is Join.ALL:
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
    ready = [
        step
        for step in waiting
        if not (turn.program.upstream[step] - {step}) & (busy | (waiting.keys() - {step}))
    ]
    if not ready and not busy:
        # Joins that wait for each other would wait for ever.
        ready = [next(iter(waiting))]
    for step in ready:
        del waiting[step]
        enter(turn, step)
    return bool(ready)


def in_background(turn: Turn, at: StepState) -> bool:
    """Tell whether a step is only repeated beside the flow, which has gone on."""
    cadences = turn.step(at).cadences
    again = at.round > 0 or at.phase is Phase.REPEATING
    return again and bool(cadences) and cadences[0].until is None


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
        if at.phase is Phase.CALLED and at.child is not None:
            turn.decide(CancelChild(child=at.child))
        turn.let_go(at, "the run has ended")
        at.phase, at.ended = Phase.SKIPPED, turn.now
    for task in list(state.tasks.values()):
        # What people did is still worth knowing after the run.
        if task.kind is not TaskKind.COMPARISON:
            del state.tasks[task.id]
            turn.decide(CloseTask(task=task.id, why="the run has ended"))
    turn.drop_timers("")
    state.status, state.ended, state.why = status, turn.now, why
    values = dict(state.values) if status == "done" else {}
    turn.decide(Finish(status=status, why=why, values=values))
