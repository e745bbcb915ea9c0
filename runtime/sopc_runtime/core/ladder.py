"""Deadlines and escalation ladders: when they are set, and what happens when they are due.

A step's ladder is its own; without one the procedure's, then the organization's default. A rung
with `after` counts from when the step began. One without is climbed when the step fails or misses
its deadline. A rung of the procedure whose case only words describe is climbed once a run.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from sopc.graph import CallStep, Condition, Failure, Relation, Rung, Step, WaitStep
from sopc.graph.expression import EvaluationError
from sopc_runtime.core.decision import DeadlineMissed, Escalate, WidenTask
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.moment import due_of, later
from sopc_runtime.core.state import StepState
from sopc_runtime.core.turn import Turn

Name = Literal["step", "procedure", "organization"]
Ladder = tuple[Name, tuple[Rung, ...]]


def ladder_of(turn: Turn, step: Step) -> Ladder:
    """Give the ladder that holds for a step."""
    # What is meant to wait is not late because others would be.
    if step.escalation or isinstance(step, WaitStep | CallStep):
        return "step", step.escalation
    if turn.program.procedure.escalation:
        return "procedure", turn.program.procedure.escalation
    organization = turn.program.organization
    if organization is None or organization.escalation is None:
        return "step", ()
    default = organization.escalation
    to = organization.escalates_to(step.role)
    says = "the organization's escalation by default"
    return "organization", (Rung(says=says, after=default.after, to=to, via=default.via),)


def applies(turn: Turn, conditions: tuple[Condition, ...], at: StepState | None) -> bool | None:
    """Tell whether conditions of a bound hold; None if one of them only a person can judge."""
    unsure = False
    for each in conditions:
        try:
            holds = turn.holds(each, at)
        except EvaluationError:
            return False
        if holds is False:
            return False
        unsure |= holds is None
    return None if unsure else True


def arm(turn: Turn, at: StepState) -> None:
    """Set the deadlines and timed rungs of a step that has begun."""
    if at.armed:
        return
    at.armed = True
    at.fired.clear()
    begun = at.begun or at.reached
    set_deadlines(turn, at, begun)
    _set_rungs(turn, at, begun)


def set_deadlines(turn: Turn, at: StepState, begun: datetime) -> None:
    """Set the deadlines of a step, those without a moment of their own from when it began."""
    step = turn.step(at)
    for number, deadline in enumerate(step.deadlines):
        applied = applies(turn, deadline.when, at)
        if applied is False or deadline.vague:
            continue
        due = due_of(turn.program, turn.state, deadline, begun)
        if due is None and deadline.within and deadline.relation is Relation.AFTER:
            # What follows a moment begins no earlier, so nobody is hurried, and nothing is lost.
            due = later(turn.program, begun, deadline.within)
            says = f"`{deadline.says}` counts from when the step began: its moment is not known"
            turn.remark(at, says)
        if applied is None:
            turn.remark(at, f"only a person can tell whether `{deadline.says}` applies; not set")
        elif due is None:
            turn.remark(at, f"`{deadline.says}` cannot be set: its moment is not known")
        else:
            turn.set_timer(f"{at.path}:deadline:{number}", due)


def _set_rungs(turn: Turn, at: StepState, begun: datetime) -> None:
    name, rungs = ladder_of(turn, turn.step(at))
    for number, rung in enumerate(rungs):
        if rung.after is not None:
            due = later(turn.program, begun, rung.after)
            turn.set_timer(f"{at.path}:{name}-rung:{number}", due)


def arm_question(turn: Turn, at: StepState) -> None:
    """Set the timed rungs of a step that waits for an answer before it can begin.

    They are set anew when it begins; nobody forgets a question because the step has not begun.
    """
    if at.begun is not None or at.armed:
        return
    name, rungs = ladder_of(turn, turn.step(at))
    for number, rung in enumerate(rungs):
        timer = f"{at.path}:{name}-rung:{number}"
        fired = f"{name}:{number}" in at.fired
        if rung.after is not None and timer not in turn.state.timers and not fired:
            turn.set_timer(timer, later(turn.program, turn.now, rung.after))


def arm_last_question(turn: Turn, at: StepState) -> None:
    """Set the timed rungs of a step that is done but for a question about its next round."""
    at.fired.clear()
    _set_rungs(turn, at, turn.now)


def arm_procedure(turn: Turn) -> None:
    """Set the deadlines of the whole run."""
    for number, deadline in enumerate(turn.program.procedure.deadlines):
        due = due_of(turn.program, turn.state, deadline, turn.state.occurred)
        applied = applies(turn, deadline.when, None)
        if deadline.vague or due is None or applied is False:
            continue
        if applied is None:
            turn.remark(None, f"only a person can tell whether `{deadline.says}` applies; not set")
        else:
            turn.set_timer(f":deadline:{number}", due)


def deadline_missed(turn: Turn, at: StepState, number: int, due: datetime) -> None:
    """Tell that a step is late, and climb the rungs that are for that."""
    if number >= len(turn.step(at).deadlines):
        # The run went on under a graph with fewer.
        return
    deadline = turn.step(at).deadlines[number]
    _note_late(turn, at.path)
    turn.decide(DeadlineMissed(step=at.path, says=deadline.says, due=due))
    climb(turn, at, Failure.TIMED_OUT, f"not done {deadline.says}")


def run_is_late(turn: Turn, number: int, due: datetime) -> None:
    """Tell that the run is late, and climb the procedure's rungs that are for that."""
    if number >= len(turn.program.procedure.deadlines):
        return
    deadline = turn.program.procedure.deadlines[number]
    _note_late(turn, "")
    turn.decide(DeadlineMissed(step="", says=deadline.says, due=due))
    for index, rung in enumerate(turn.program.procedure.escalation):
        key = f"run:{index}"
        if rung.after is not None or not _is_for(rung, Failure.TIMED_OUT):
            continue
        if key in turn.state.fired or applies(turn, rung.when, None) is False:
            continue
        if _first(turn, index, rung):
            turn.state.fired.append(key)
            why = f"not done {deadline.says}"
            _escalate(turn, None, "procedure", index, rung=rung, why=why)


def climb(turn: Turn, at: StepState, failure: Failure, why: str) -> list[str]:
    """Climb the rungs that wait for nothing; give the roles that the ladder turned to."""
    name, rungs = ladder_of(turn, turn.step(at))
    turned = []
    for number, rung in enumerate(rungs):
        if rung.after is not None or not _is_for(rung, failure):
            continue
        if applies(turn, rung.when, at) is False:
            continue
        fire(turn, at, name, number, why)
        turned += [rung.to] if rung.to is not None else []
    return turned


def fire(turn: Turn, at: StepState, name: str, number: int, why: str) -> None:
    """Climb one rung, unless it was climbed or its conditions do not hold."""
    ladder, rungs = ladder_of(turn, turn.step(at))
    key = f"{name}:{number}"
    if name != ladder or number >= len(rungs) or key in at.fired:
        return
    rung = rungs[number]
    if applies(turn, rung.when, at) is False:
        return
    if ladder == "procedure" and not _first(turn, number, rung):
        return
    at.fired.append(key)
    _escalate(turn, at, ladder, number, rung=rung, why=why)
    task = turn.state.tasks.get(at.task or "")
    if task is not None and rung.to is not None and task.roles and rung.to not in task.roles:
        turn.state.tasks[task.id] = replace(task, roles=(*task.roles, rung.to))
        turn.decide(WidenTask(task=task.id, role=rung.to))


def _first(turn: Turn, number: int, rung: Rung) -> bool:
    """Tell whether a rung of the procedure may be climbed; one that words describe is so once."""
    if not rung.if_says and all(each.cel for each in rung.when):
        return True
    key = f"procedure:{number}"
    if key in turn.state.fired:
        return False
    turn.state.fired.append(key)
    return True


def turned_to(turn: Turn, at: StepState) -> tuple[str, ...]:
    """Give the roles that a step was escalated to so far."""
    name, rungs = ladder_of(turn, turn.step(at))
    return tuple(
        rung.to
        for number, rung in enumerate(rungs)
        if rung.to is not None and f"{name}:{number}" in at.fired
    )


def next_in_words(turn: Turn, at: StepState) -> str | None:
    """Say what happens if nobody does anything, for a task."""
    name, rungs = ladder_of(turn, turn.step(at))
    left = [
        each for number, each in enumerate(rungs) if f"{name}:{number}" not in at.fired and each.to
    ]
    if not left:
        return None
    names = {each.id: each.name for each in turn.program.graph.roles}
    said = [
        f"{f'after {each.after}' if each.after else 'when it is late'}: {names.get(to, to)}"
        for each in left
        if (to := each.to) is not None
    ]
    return f"it is escalated, {'; '.join(dict.fromkeys(said))}"


def _note_late(turn: Turn, path: str) -> None:
    if path not in turn.state.late:
        turn.state.late.append(path)


def _is_for(rung: Rung, failure: Failure) -> bool:
    return not rung.on or Failure.ANY in rung.on or failure in rung.on


def _escalate(
    turn: Turn, at: StepState | None, ladder: Name, number: int, *, rung: Rung, why: str
) -> None:
    turn.decide(
        Escalate(
            step=at.path if at else "",
            ladder=ladder,
            rung=number,
            says=rung.says,
            why=why,
            to=rung.to,
            via=rung.via,
            by=rung.by,
            quiet=turn.state.mode is Mode.SHADOW,
        )
    )
