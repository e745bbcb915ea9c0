"""How a step ends: done, skipped or failed, and what follows: retries, loops, repetitions."""

from datetime import datetime

from cronsim import CronSim, CronSimError

from sopc.graph import Cadence, Condition, DecisionStep, Failure, Step, WaitStep
from sopc.graph.expression import EvaluationError
from sopc.graph.output import outputs_of
from sopc_runtime.core import asking, ladder
from sopc_runtime.core.decision import StepDone, StepFailed, StepSkipped
from sopc_runtime.core.event import Values
from sopc_runtime.core.flow import cadence_of, go_back, in_background, lead_to
from sopc_runtime.core.moment import FAR, later, zone
from sopc_runtime.core.state import Phase, StepState
from sopc_runtime.core.turn import Turn

_LOOP_OVER = "(loop over)"
"""An answer of the interpreter's own: a loop has had all its rounds."""


def done(turn: Turn, at: StepState, outputs: Values) -> None:
    """End a step that has done its work, and let the flow go on."""
    turn.let_go(at, "the step is done")
    at.phase, at.ended, at.outputs = Phase.DONE, turn.now, outputs
    # Whoever looks at it now finds the values in the run; a copy for each element would be many.
    at.context = {}
    step = turn.step(at)
    if not at.is_element:
        turn.state.values.update(outputs)
    turn.decide(StepDone(step=at.path, values=outputs))
    if step.handles is not None:
        _let_failure_go(turn, step.handles)
    go_on(turn, at)


def _let_failure_go(turn: Turn, handled: str) -> None:
    """Climb no more rungs for a failure that was dealt with."""
    for path, at in turn.state.steps.items():
        if at.step == handled and at.phase is Phase.FAILED:
            turn.drop_timers(path)


def go_on(turn: Turn, at: StepState) -> None:
    """Go on after a step that is done: again if it is repeated or loops, else to what follows."""
    step = turn.step(at)
    if at.is_element:
        settle_elements(turn, turn.state.steps[at.step])
        return
    if _repeated(turn, at, step) or _looped(turn, at, step):
        return
    lead_to(turn, step.id, turn.program.after(step))


def skip(turn: Turn, at: StepState, why: str) -> None:
    """Pass a step over; one that is repeated passes over only this time."""
    turn.let_go(at, why)
    again = in_background(turn, at)
    at.phase, at.ended = Phase.SKIPPED, turn.now
    turn.decide(StepSkipped(step=at.path, why=why))
    step = turn.step(at)
    if at.is_element:
        settle_elements(turn, turn.state.steps[at.step])
    elif at.round > 0 and _repeated(turn, at, step):
        return
    elif isinstance(step, DecisionStep) and step.otherwise is not None:
        lead_to(turn, step.id, step.otherwise)
    elif not again:
        lead_to(turn, step.id, turn.program.after(step))


def pass_over(turn: Turn, at: StepState, why: str) -> None:
    """Skip a step whose conditions do not hold.

    If all that were to deal with a failure are, the failure's ladder is climbed.
    """
    skip(turn, at, why)
    handled = turn.step(at).handles
    if handled is None:
        return
    handlers = [turn.state.steps.get(each) for each in turn.program.handlers.get(handled, ())]
    if any(other is None or other.phase is not Phase.SKIPPED for other in handlers):
        return
    for each in list(turn.state.steps.values()):
        if each.step == handled and each.phase is Phase.FAILED and each.failure is not None:
            turn.remark(each, "nothing dealt with its failure")
            ladder.climb(turn, each, each.failure, each.message or "it failed")


def fail(
    turn: Turn, at: StepState, failure: Failure, message: str, *, retried: bool = True
) -> None:
    """Take a step's failure: try again, let a handler deal with it, or turn to people.

    What a person refuses is not `retried`: the same would only be asked again.
    """
    at.failure, at.message, at.call = failure, message, None
    turn.close_task(at, "the step failed")
    turn.decide(StepFailed(step=at.path, failure=failure, message=message))
    step = turn.step(at)
    if retried and _retried(turn, at, step, failure):
        return
    if any(each not in turn.state.steps for each in turn.program.handlers.get(step.id, ())):
        turn.drop_timers(at.path, "deadline:")
        at.phase, at.ended = Phase.FAILED, turn.now
        if at.is_element:
            settle_elements(turn, turn.state.steps[at.step])
        else:
            lead_to(turn, step.id, turn.program.after(step))
        return
    turn_to_people(turn, at, failure, message)


def turn_to_people(turn: Turn, at: StepState, failure: Failure, message: str) -> None:
    """Climb the ladder, and ask how to go on."""
    at.failure, at.message = failure, message
    ladder.arm(turn, at)
    roles = ladder.climb(turn, at, failure, message)
    step = turn.step(at)
    if isinstance(step, DecisionStep):
        at.phase = Phase.ASKED
        asking.ask_branch(turn, at, step, message)
        return
    at.phase = Phase.TROUBLED
    asking.ask_trouble(turn, at, roles)


def unusable(turn: Turn, at: StepState, problems: list[str]) -> None:
    """Turn to people because what was done gave something that later steps cannot use.

    It is neither tried again nor dealt with as a failure, because it did happen.
    """
    message = f"it was done, but {'; '.join(problems)}"
    turn.decide(StepFailed(step=at.path, failure=Failure.MISSING_DATA, message=message))
    turn_to_people(turn, at, Failure.MISSING_DATA, message)


def try_again(turn: Turn, at: StepState) -> None:
    """Begin a step's work anew."""
    at.attempt += 1
    at.phase = Phase.HELD
    at.answers.pop(_LOOP_OVER, None)
    if not at.approved and at.key is None:
        # One key stands for one act: what may have happened is sent again as it was.
        at.act = None
        at.forget_approvals()
    if at.armed and isinstance(turn.step(at), WaitStep):
        # What ended the wait was one of them; it is not to wait for ever now.
        ladder.set_deadlines(turn, at, turn.now)
    turn.again.append(at.path)


def begin_anew(turn: Turn, at: StepState) -> None:
    """Begin a step's work as if it never had, because people said so."""
    at.attempt = 0
    at.begun, at.armed = turn.now, False
    at.fired.clear()
    turn.drop_timers(at.path)
    try_again(turn, at)


def settle_elements(turn: Turn, parent: StepState) -> None:
    """Count an element that has come to its end; end the for-each after the last."""
    parent.left -= 1
    if parent.left > 0:
        return
    prefix = f"{parent.path}/"
    elements = [each for path, each in turn.state.steps.items() if path.startswith(prefix)]
    names = [each.name for each in outputs_of(turn.step(parent))]
    outputs = {
        name: [each.outputs[name] for each in elements if name in each.outputs] for name in names
    }
    if any(each.phase is Phase.FAILED for each in elements):
        turn.state.values.update(outputs)
        parent.phase, parent.ended = Phase.FAILED, turn.now
        parent.failure = next(each.failure for each in elements if each.failure is not None)
        lead_to(turn, parent.step, turn.program.after(turn.step(parent)))
        return
    step = turn.step(parent)
    if isinstance(step, DecisionStep):
        parent.phase, parent.ended = Phase.DONE, turn.now
        turn.decide(StepDone(step=parent.path))
        if all(each.phase is not Phase.DONE for each in elements):
            lead_to(turn, parent.step, step.otherwise or turn.program.after(step))
        return
    done(turn, parent, outputs)


def _retried(turn: Turn, at: StepState, step: Step, failure: Failure) -> bool:
    retry = step.retry
    # Where the prose does not say how often, once more is the least that it can mean.
    if retry is None or at.attempt > (retry.times or 1):
        return False
    if Failure.ANY not in retry.on and failure not in retry.on:
        return False
    if ladder.applies(turn, retry.when, at) is False:
        return False
    due = turn.now
    if retry.delay is not None:
        due = later(turn.program, turn.now, retry.delay)
        try:
            due = turn.now + (due - turn.now) * retry.backoff ** (at.attempt - 1)
        except OverflowError:
            due = FAR
    at.phase = Phase.RETRYING
    ladder.arm(turn, at)
    turn.set_timer(f"{at.path}:retry", due)
    return True


def _until(turn: Turn, at: StepState, until: Condition) -> bool | None:
    """Tell whether what ends a loop or repetition is so; None while a person is asked."""
    try:
        holds = turn.holds(until, at)
    except EvaluationError as error:
        turn.remark(at, f"taken for not so: {error}")
        return False
    if holds is None:
        holds = at.answers.pop(until.says, None)
    if holds is None:
        at.phase = Phase.ASKED
        ladder.arm_last_question(turn, at)
        asking.ask_condition(turn, at, until.says)
    return holds


def _repeated(turn: Turn, at: StepState, step: Step) -> bool:
    cadence = cadence_of(turn, at)
    if cadence is None:
        return False
    if cadence.until is not None:
        ended = _until(turn, at, cadence.until)
        if ended is not False:
            return ended is None
    elif at.round == 0:
        lead_to(turn, step.id, turn.program.after(step))
    due = _next(turn, at, cadence)
    if due is None:
        return cadence.until is None
    at.phase, at.ended = Phase.REPEATING, None
    turn.set_timer(f"{at.path}:cadence", due)
    return True


def _next(turn: Turn, at: StepState, cadence: Cadence) -> datetime | None:
    if cadence.schedule is not None:
        local = turn.now.astimezone(zone(turn.program))
        try:
            found = next(CronSim(cadence.schedule, local), None)
        except CronSimError as error:
            turn.remark(at, f"`{cadence.schedule}` is no schedule, so it is not repeated: {error}")
            return None
        return found.astimezone(turn.now.tzinfo) if found else None
    begun = at.begun or at.reached
    due = later(turn.program, begun, cadence.every or "P1D")
    due = begun + (due - begun) / cadence.times
    if due <= begun:
        # A period of nothing would be repeated without an end.
        return None
    return max(due, turn.now)


def _looped(turn: Turn, at: StepState, step: Step) -> bool:
    loop = step.loop
    if loop is None or at.answers.pop(_LOOP_OVER, False):
        return False
    if loop.until is not None:
        over = _until(turn, at, loop.until)
        if over is not False:
            return over is None
    count = turn.state.loops.get(step.id, 0)
    if loop.at_most is not None and count >= loop.at_most:
        if loop.until is None:
            return False
        at.answers[_LOOP_OVER] = True
        message = f"after {count} more rounds it is not so: {loop.until.says}"
        fail(turn, at, Failure.ANY, message)
        return True
    if loop.back_to not in turn.program.steps:
        turn.remark(at, f"the flow leads back to `{loop.back_to}`, which is no step")
        return False
    turn.state.loops[step.id] = count + 1
    go_back(turn, step.id, loop.back_to)
    return True
