"""What follows from a person's decision of a task."""

from datetime import UTC, datetime

from sopc.graph import ApprovalStep, DecisionStep, Failure, WaitStep
from sopc.graph.output import outputs_of
from sopc_runtime.core import acting, asking, beginning, ending, flow
from sopc_runtime.core.event import TaskDecided
from sopc_runtime.core.moment import moment_key
from sopc_runtime.core.state import Phase, StepState
from sopc_runtime.core.task import Task, TaskKind
from sopc_runtime.core.turn import Turn
from sopc_runtime.core.value import fitting, problems_with

_BY_HAND = frozenset({"done", "by-hand", "happened", "same", "different"})


def decided(turn: Turn, event: TaskDecided) -> None:
    """Take a decision; one of a task that is closed, or that it does not offer, changes nothing."""
    task = turn.state.tasks.get(event.task)
    if task is None:
        turn.remark(None, f"task {event.task} is closed; what {event.by} decided changes nothing")
        return
    choice = next((each for each in task.choices if each.id == event.choice), None)
    problems = problems_with(event.values, task.fields) if choice and choice.gives else []
    if choice is None or problems:
        what = "; ".join(problems) or f"there is no choice `{event.choice}`"
        turn.remark(None, f"task {event.task} stays open: {what}")
        return
    del turn.state.tasks[task.id]
    at = turn.state.steps.get(task.step)
    if at is None or at.task != task.id:
        return
    at.task = None
    if task.kind is TaskKind.ACT:
        _act(turn, at, task, event)
    elif task.kind is TaskKind.APPROVAL:
        _approval(turn, at, event)
    elif task.kind is TaskKind.QUESTION:
        _answer(turn, at, task, event)
    else:
        _other(turn, at, event)


def _other(turn: Turn, at: StepState, event: TaskDecided) -> None:
    """Take what was decided of work, a doubt, a comparison, or trouble."""
    reason = f": {event.reason}" if event.reason else ""
    match event.choice:
        case choice if choice in _BY_HAND:
            ending.done(turn, at, fitting(event.values, outputs_of(turn.step(at))))
        case "not-needed" | "skip":
            ending.skip(turn, at, f"{event.by} says that it is not needed{reason}")
        case "cannot":
            ending.fail(turn, at, Failure.REFUSED, f"{event.by} cannot do it{reason}")
        case "not-happened":
            # Exactly what was sent before is sent again.
            at.approved = turn.program.operation(turn.step(at)) is not None
            turn.again.append(at.path)
        case "retry":
            ending.begin_anew(turn, at)
        case "stop":
            flow.finish(turn, "failed", f"{event.by} stopped it at `{at.path}`{reason}")


def _act(turn: Turn, at: StepState, task: Task, event: TaskDecided) -> None:
    reason = f": {event.reason}" if event.reason else ""
    match event.choice:
        case "approve":
            before = at.act
            problem = acting.edited(turn, at, event.values)
            if problem is not None:
                turn.remark(at, f"not approved, the change does not fit: {problem}")
                shown = {**task.shown, "problem": problem}
                asking.ask_act(turn, at, shown, problem, list(task.roles))
                return
            if at.act != before:
                at.forget_approvals()
            if at.act != before and acting.beyond(turn, at, event.values):
                turn.remark(at, "the change goes beyond a limit, so it is asked about anew")
            else:
                acting.approve(turn, at, task.roles)
            turn.again.append(at.path)
        case "by-hand":
            ending.done(turn, at, fitting(event.values, outputs_of(turn.step(at))))
        case _:
            message = f"{event.by} rejected it{reason}"
            ending.fail(turn, at, Failure.REFUSED, message, retried=False)


def _approval(turn: Turn, at: StepState, event: TaskDecided) -> None:
    step = turn.step(at)
    reason = f": {event.reason}" if event.reason else ""
    if event.choice == "not-needed":
        ending.skip(turn, at, f"{event.by} says that it is not needed")
    elif event.choice == "approve":
        problems = _edited(turn, step, event) if isinstance(step, ApprovalStep) else []
        if problems:
            turn.remark(at, f"not approved, the change does not fit: {'; '.join(problems)}")
            turn.again.append(at.path)
            return
        ending.done(turn, at, fitting(event.values, outputs_of(step)))
    elif isinstance(step, ApprovalStep) and step.on_reject is not None:
        turn.remark(at, f"{event.by} rejected it{reason}")
        # Who rejects one element of a for-each rejects the step.
        for each in turn.state.steps.values():
            if each.step == at.step and not each.final:
                turn.let_go(each, "it is rejected")
                each.phase, each.ended = Phase.DONE, turn.now
        flow.lead_to(turn, at.step, step.on_reject)
    elif turn.program.handlers.get(step.id):
        # "If she rejects it, the analyst corrects it": a step that deals with this one.
        message = f"{event.by} rejected it{reason}"
        _reject_others(turn, at)
        ending.fail(turn, at, Failure.REFUSED, message, retried=False)
    else:
        flow.finish(turn, "done", f"{event.by} rejected `{at.path}`{reason}")


def _reject_others(turn: Turn, at: StepState) -> None:
    """Ask for no other element of a for-each: who rejects one rejects the step."""
    if not at.is_element:
        return
    for each in turn.state.steps.values():
        if each.step == at.step and each.is_element and each is not at and not each.final:
            turn.let_go(each, "another element is rejected")
            each.phase, each.ended = Phase.FAILED, turn.now
            each.failure, each.message = Failure.REFUSED, f"`{at.path}` was rejected"
    turn.state.steps[at.step].left = 1


def _edited(turn: Turn, step: ApprovalStep, event: TaskDecided) -> list[str]:
    """Change the values that an approver may change; nothing is changed if one does not fit."""
    if not step.may_edit:
        return []
    known = turn.program.fields
    changed = {
        each.cel: event.values[each.name]
        for each in step.inputs
        if each.name in event.values and each.cel in known
    }
    problems = problems_with(changed, [known[name] for name in changed])
    if not problems:
        turn.state.values.update(changed)
    return problems


def _answer(turn: Turn, at: StepState, task: Task, event: TaskDecided) -> None:
    step = turn.step(at)
    if event.choice == "tell":
        told = datetime.fromisoformat(event.values[asking.MOMENT]).astimezone(UTC)
        turn.state.moments[moment_key(task.shown["moment"])] = told
    elif "condition" in task.shown:
        at.answers[task.shown["condition"]] = event.choice == "yes"
        if at.ended is not None:
            # What was asked is whether a loop or repetition of a finished step is over.
            turn.drop_timers(at.path)
            at.phase = Phase.DONE
            ending.go_on(turn, at)
            return
    elif "wait" in task.shown:
        at.answers[task.shown["wait"]] = True
        if isinstance(step, WaitStep) and at.begun is not None:
            ending.done(turn, at, {})
            return
    elif isinstance(step, DecisionStep):
        number = event.choice.removeprefix("branch-")
        if number.isdigit():
            branch = step.branches[int(number) - 1]
            beginning.take(turn, at, branch.then, branch.when.says)
        elif step.otherwise is not None:
            beginning.take(turn, at, step.otherwise, "otherwise")
        return
    turn.again.append(at.path)
