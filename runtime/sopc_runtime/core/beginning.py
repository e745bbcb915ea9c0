"""How a step begins: whether it applies, what holds it back, and what its kind does then.

`proceed` may be called again at any time: it looks at each thing in turn, and stops at the first
that is not so yet. Nothing holds back what has begun, as an act that people approved meanwhile.
"""

from sopc.graph import (
    ActionStep,
    ApprovalStep,
    CallStep,
    ComputeStep,
    DecisionStep,
    Failure,
    ForEach,
    HumanTaskStep,
    Step,
    WaitStep,
)
from sopc.graph.expression import EvaluationError
from sopc.graph.step import Next
from sopc_runtime.core import acting, asking, ending, ladder
from sopc_runtime.core.decision import Await, BranchTaken, StartChild, StepBegun
from sopc_runtime.core.flow import lead_to
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.moment import due_of, later, moment_of, point
from sopc_runtime.core.state import Phase, StepState
from sopc_runtime.core.turn import Turn

_NOT_BEGUN = frozenset({Phase.HELD, Phase.ASKED})


def proceed(turn: Turn, at: StepState) -> None:
    """Go on with a step that has not begun, as far as it goes now."""
    step = turn.step(at)
    try:
        if not at.is_element and at.begun is None:
            why = _handles_nothing(turn, step)
            if why is not None:
                ending.skip(turn, at, why)
                return
        if step.for_each is not None and not at.is_element:
            _spread(turn, at, step.for_each)
            return
        first = at.begun is None and at.round == 0 and at.attempt == 1
        if first and _held_back(turn, at, step):
            return
        if at.phase in _NOT_BEGUN and not _applies(turn, at, step):
            return
        _begin(turn, at, step)
    except EvaluationError as error:
        ending.fail(turn, at, Failure.MISSING_DATA, str(error))


def _handles_nothing(turn: Turn, step: Step) -> str | None:
    if step.handles is None:
        return None
    other = turn.state.steps.get(step.handles)
    if other is not None and other.phase is Phase.FAILED:
        return None
    return f"`{step.handles}` did not fail"


def _spread(turn: Turn, at: StepState, loop: ForEach) -> None:
    """Begin a step for each element of a list."""
    elements = turn.evaluate(loop.items, None)
    if not isinstance(elements, list):
        raise EvaluationError(f"`{loop.items}` is no list")
    for path, each in list(turn.state.steps.items()):
        if each.step == at.step and each.is_element:
            # Those of the round before.
            turn.let_go(each, "it begins anew")
            del turn.state.steps[path]
    at.phase, at.begun, at.left = Phase.EACH, turn.now, len(elements)
    turn.decide(StepBegun(step=at.path))
    for number, element in enumerate(elements):
        path = f"{at.path}/{number}"
        turn.state.steps[path] = StepState(
            path=path, step=at.step, phase=Phase.HELD, reached=turn.now, element=element
        )
        turn.again.append(path)
    if not elements:
        ending.settle_elements(turn, at)


def _held_back(turn: Turn, at: StepState, step: Step) -> bool:
    """Tell whether a delay still holds a step back, and see to it that it is told when not."""
    until = None
    for delay in step.delays:
        applied = ladder.applies(turn, delay.when, at)
        if applied is False or at.answers.get(delay.says):
            continue
        due = due_of(turn.program, turn.state, delay, at.reached)
        if due is None:
            at.phase = Phase.ASKED
            unknown = delay.of is not None and moment_of(turn.program, turn.state, delay.of) is None
            if unknown and delay.of is not None and not delay.vague:
                asking.ask_moment(turn, at, delay.of)
                ladder.arm_question(turn, at)
            else:
                asking.ask_go(turn, at, delay.says)
            return True
        until = due if until is None else max(until, due)
    if until is not None and until > turn.now:
        at.phase = Phase.HELD
        turn.set_timer(f"{at.path}:delay", until)
        return True
    return False


def _applies(turn: Turn, at: StepState, step: Step) -> bool | None:
    """Tell whether a step is to be done; None while a person is asked. It is skipped if not."""
    for condition in step.when:
        holds = turn.holds(condition, at)
        if holds is None:
            if _goes_to_a_person(turn, step) or step.handles is not None:
                continue
            holds = at.answers.get(condition.says)
        if holds is None:
            at.phase = Phase.ASKED
            asking.ask_condition(turn, at, condition.says)
            ladder.arm_question(turn, at)
            return None
        if not holds:
            ending.pass_over(turn, at, f"not so: {condition.says}")
            return False
    return True


def _goes_to_a_person(turn: Turn, step: Step) -> bool:
    """Tell whether a person does the step, who can judge its conditions as well."""
    if isinstance(step, HumanTaskStep | ApprovalStep):
        return True
    return isinstance(step, ActionStep) and turn.program.operation(step) is None


def _begin(turn: Turn, at: StepState, step: Step) -> None:
    if at.begun is None:
        at.begun = turn.now
    if at.phase in _NOT_BEGUN:
        # Not when it only goes on with what people approved or found out.
        turn.decide(StepBegun(step=at.path, attempt=at.attempt))
    if not isinstance(step, ComputeStep | DecisionStep):
        ladder.arm(turn, at)
    _do(turn, at, step)


def _do(turn: Turn, at: StepState, step: Step) -> None:
    match step:
        case ComputeStep():
            _compute(turn, at, step)
        case DecisionStep():
            _decide(turn, at, step)
        case ActionStep():
            _act(turn, at, step)
        case HumanTaskStep():
            _work(turn, at, step)
        case ApprovalStep():
            at.phase = Phase.TASKED
            asking.ask_approval(turn, at, step, acting.inputs_of(turn, at, step))
        case WaitStep():
            _wait(turn, at, step)
        case CallStep():
            _call(turn, at, step)


def _act(turn: Turn, at: StepState, step: ActionStep) -> None:
    operation = turn.program.operation(step)
    if operation is None:
        _work(turn, at, step)
    else:
        acting.act(turn, at, step, operation)


def _work(turn: Turn, at: StepState, step: Step) -> None:
    at.phase = Phase.TASKED
    inputs: dict[str, object] = {}
    for each in getattr(step, "inputs", ()):
        try:
            inputs[each.name] = each.value if each.cel is None else turn.evaluate(each.cel, at)
        except EvaluationError as error:
            # A person can find what a program cannot.
            turn.remark(at, str(error))
    shown: dict[str, object] = {"inputs": inputs, "values": turn.shown_values(at)}
    asking.ask_work(turn, at, shown)


def _compute(turn: Turn, at: StepState, step: ComputeStep) -> None:
    values: dict[str, object] = {}
    for each in step.values:
        values[each.name] = turn.evaluate(each.cel, at, values)
    ending.done(turn, at, values)


def _decide(turn: Turn, at: StepState, step: DecisionStep) -> None:
    for branch in step.branches:
        if turn.holds(branch.when, at):
            take(turn, at, branch.then, branch.when.says)
            return
    if any(branch.when.cel is None for branch in step.branches):
        at.phase = Phase.ASKED
        ladder.arm(turn, at)
        asking.ask_branch(turn, at, step)
    elif step.otherwise is not None:
        take(turn, at, step.otherwise, "otherwise")
    else:
        ending.fail(turn, at, Failure.ANY, "no branch holds")


def take(turn: Turn, at: StepState, targets: Next, because: str) -> None:
    """Go one way from a decision."""
    to = (targets,) if isinstance(targets, str) else targets
    turn.let_go(at, "it is decided")
    at.phase, at.ended = Phase.DONE, turn.now
    turn.decide(BranchTaken(step=at.path, to=to, because=because))
    lead_to(turn, at.step, to)
    if at.is_element:
        ending.settle_elements(turn, turn.state.steps[at.step])


def _wait(turn: Turn, at: StepState, step: WaitStep) -> None:
    at.phase = Phase.WAITING
    due = None
    if step.duration is not None:
        due = later(turn.program, turn.now, step.duration)
    elif step.until is not None:
        due = point(turn.program, turn.state, step.until, turn.now, end=False)
    if due is not None:
        turn.set_timer(f"{at.path}:wait", due)
    if step.event is not None:
        turn.decide(Await(step=at.path, system=step.event.system, event=step.event.event))
    elif due is None:
        at.phase = Phase.ASKED
        asking.ask_go(turn, at, step.until or step.title)


def _call(turn: Turn, at: StepState, step: CallStep) -> None:
    if at.act is None or not at.approved:
        at.act = acting.inputs_of(turn, at, step)
    reasons = acting.guarded(turn, at, step)
    if reasons and not at.approved and turn.state.mode is not Mode.SHADOW:
        at.phase = Phase.APPROVING
        roles = acting.still_asked(at, reasons)[:1]
        shown: dict[str, object] = {"procedure": step.procedure or step.file, "inputs": at.act}
        asking.ask_act(turn, at, shown, acting.in_words(reasons), roles)
        return
    at.phase = Phase.CALLED
    at.child = f"{turn.state.run}.{at.path.replace('/', '.')}.{turn.number('r')}"
    turn.decide(
        StartChild(
            step=at.path,
            child=at.child,
            procedure=step.procedure,
            file=step.file,
            values=at.act,
        )
    )
