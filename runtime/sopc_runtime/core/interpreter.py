"""The interpreter: `(program, state, event) -> (state, decisions)`, and nothing else.

The same program and the same events in the same order always give the same decisions. Events that
a run has no use for any more (a timer that was dropped, an answer to a closed task) change nothing.
"""

from sopc.graph import CallStep, EventTrigger, Failure, WaitStep
from sopc.graph.expression import EvaluationError, evaluate
from sopc.graph.output import outputs_of
from sopc.organization.name import folded
from sopc_runtime.core import acting, answering, beginning, ending, flow, ladder
from sopc_runtime.core.decision import Decision
from sopc_runtime.core.event import (
    CallFailed,
    CallInDoubt,
    CallSucceeded,
    Cancelled,
    ChildEnded,
    Event,
    EventArrived,
    ModeChanged,
    Moved,
    Started,
    TaskDecided,
    TimerFired,
)
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import Phase, RunState, StepState
from sopc_runtime.core.turn import Turn
from sopc_runtime.core.value import fitting, problems_with

_LONGEST_TURN = 200_000
"""Steps after which a turn that waits for nothing is taken to be endless."""

Outcome = tuple[RunState, list[Decision]]


def start(program: Program, event: Started) -> Outcome:
    """Begin a run."""
    state = RunState(
        run=event.run,
        procedure=program.procedure.id,
        mode=event.mode,
        started=event.at,
        occurred=event.occurred or event.at,
        trigger=event.trigger,
        by=event.by,
        parent=event.parent,
        values=dict(event.values),
    )
    turn = Turn(program, state, event.at)
    for condition in program.procedure.scope:
        try:
            applied = turn.holds(condition, None)
        except EvaluationError as error:
            # Neither to act where it may not apply, nor to end as if all were well.
            why = f"nobody can tell whether it applies ({condition.says}): {error}"
            flow.finish(turn, "failed", why)
            return state, turn.decided
        if applied is False:
            flow.finish(turn, "done", f"it does not apply: {condition.says}")
            return state, turn.decided
        if applied is None:
            turn.remark(None, f"it applies only so: {condition.says}")
    ladder.arm_procedure(turn)
    turn.reached.append(("", program.first))
    _follow(turn)
    return state, turn.decided


def advance(program: Program, state: RunState, event: Event) -> Outcome:
    """Take one event; the given state is used up.

    Raises:
        ValueError: A run is started twice.
    """
    turn = Turn(program, state, event.at)
    if isinstance(event, Started):
        raise ValueError(f"run `{state.run}` has started already")  # noqa: TRY004 # its type is right
    if state.over:
        if isinstance(event, TaskDecided):
            state.tasks.pop(event.task, None)
        elif isinstance(event, CallSucceeded | CallFailed | CallInDoubt):
            turn.remark(None, f"call {event.call}, after the run had ended: {_outcome(event)}")
        return state, turn.decided
    _take(turn, event)
    _follow(turn)
    return state, turn.decided


def _follow(turn: Turn) -> None:
    """Follow the flow to where everything waits, or the run has ended."""
    for _ in range(_LONGEST_TURN):
        if turn.again:
            at = turn.state.steps.get(turn.again.popleft())
            if at is not None and not at.final:
                beginning.proceed(turn, at)
        elif turn.reached:
            flow.reach(turn, *turn.reached.popleft())
        elif not flow.release_joins(turn):
            break
    else:
        flow.finish(turn, "failed", "it goes round without an end")
    flow.end_if_over(turn)


def _take(turn: Turn, event: Event) -> None:
    match event:
        case CallSucceeded() | CallFailed() | CallInDoubt():
            _called(turn, event)
        case TimerFired():
            _fired(turn, event)
        case TaskDecided():
            answering.decided(turn, event)
        case EventArrived():
            _arrived(turn, event)
        case ChildEnded():
            _returned(turn, event)
        case ModeChanged():
            turn.state.mode = event.mode
            turn.remark(None, f"the mode is {event.mode} from now on")
        case Cancelled():
            reason = f": {event.reason}" if event.reason else ""
            flow.finish(turn, "cancelled", f"cancelled by {event.by}{reason}")
        case Moved():
            turn.remark(None, f"it goes on under graph {event.graph[:12]}, by {event.by}")


def _called(turn: Turn, event: CallSucceeded | CallFailed | CallInDoubt) -> None:
    at = turn.state.steps.get(turn.state.calls.pop(event.call, ""))
    if at is None or at.call != event.call:
        says = f"nothing waits for the outcome of call {event.call} any more: {_outcome(event)}"
        turn.remark(None, says)
        return
    match event:
        case CallSucceeded():
            acting.succeeded(turn, at, event)
        case CallFailed():
            at.call = None
            acting.failed(turn, at, event.failure, event.message)
        case CallInDoubt():
            at.call = None
            acting.in_doubt(turn, at, event.message)


def _outcome(event: CallSucceeded | CallFailed | CallInDoubt) -> str:
    match event:
        case CallSucceeded():
            return "it was done"
        case CallFailed():
            return f"it was not done, {event.message}"
        case CallInDoubt():
            return f"find out whether it was done, {event.message}"


def _fired(turn: Turn, event: TimerFired) -> None:
    due = turn.state.timers.get(event.timer)
    if due is None or event.at < due:
        return
    del turn.state.timers[event.timer]
    path, what, *rest = event.timer.split(":")
    number = int(rest[0]) if rest else 0
    if not path:
        ladder.run_is_late(turn, number, due)
        return
    at = turn.state.steps.get(path)
    if at is None:
        return
    step = turn.step(at)
    match what:
        case "delay":
            turn.again.append(path)
        case "retry":
            ending.try_again(turn, at)
        case "cadence":
            at.round += 1
            at.phase, at.attempt, at.act, at.approved, at.key = Phase.HELD, 1, None, False, None
            at.armed, at.begun, at.reached = False, None, turn.now
            at.fired.clear()
            at.answers.clear()
            turn.again.append(path)
        case "wait":
            ending.done(turn, at, {})
        case "deadline":
            ladder.deadline_missed(turn, at, number, due)
            handled = turn.program.handlers.get(step.id)
            waits = at.begun is not None and at.phase in {Phase.WAITING, Phase.ASKED}
            known = number < len(step.deadlines)
            if handled and isinstance(step, WaitStep) and waits and known:
                turn.stop_waiting(at)
                ending.fail(turn, at, Failure.TIMED_OUT, f"not so {step.deadlines[number].says}")
        case _:
            name = what.removesuffix("-rung")
            ladder.fire(turn, at, name, number, "it is not done by now")


def _arrived(turn: Turn, event: EventArrived) -> None:
    for at in list(turn.state.steps.values()):
        step = turn.step(at)
        waits = at.phase is Phase.WAITING and isinstance(step, WaitStep)
        if not waits or not isinstance(step, WaitStep) or step.event is None:
            continue
        if turn.state.steps.get(at.path) is not at:
            # Another step that this event ended led back before it.
            continue
        if _matches(turn, at, step.event, event):
            ending.done(turn, at, fitting(event.values, step.event.payload))


def _matches(turn: Turn, at: StepState, trigger: EventTrigger, event: EventArrived) -> bool:
    if trigger.system is not None and trigger.system != event.system:
        return False
    if trigger.event is not None and event.event and folded(trigger.event) != folded(event.event):
        return False
    if problems_with(event.values, trigger.payload):
        return False
    if trigger.filter is None:
        return True
    values = {**turn.values(at), **event.values}
    scope = turn.program.scope(trigger.filter, turn.step(at))
    fields = {**scope, **{each.name: each for each in trigger.payload}}
    try:
        return evaluate(trigger.filter, values, fields) is True
    except EvaluationError:
        return False


def _returned(turn: Turn, event: ChildEnded) -> None:
    at = next((each for each in turn.state.steps.values() if each.child == event.child), None)
    if at is None or at.phase is not Phase.CALLED:
        return
    step, at.child = turn.step(at), None
    if event.status != "done" or not isinstance(step, CallStep):
        ending.fail(turn, at, Failure.REFUSED, f"the procedure that it called has {event.status}")
        return
    problems = problems_with(event.values, step.outputs)
    if problems:
        ending.unusable(turn, at, problems)
    else:
        ending.done(turn, at, fitting(event.values, outputs_of(step)))
