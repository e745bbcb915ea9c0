"""What people are asked: tasks with their choices, and everything needed to decide them."""

from typing import Any

from sopc.graph import (
    ActionStep,
    ApprovalStep,
    Condition,
    DataField,
    DataType,
    DecisionStep,
    HumanTaskStep,
    ProseCitation,
    Step,
)
from sopc.graph.output import given_by, outputs_of
from sopc_runtime.core.decision import OpenTask
from sopc_runtime.core.ladder import next_in_words, turned_to
from sopc_runtime.core.state import StepState
from sopc_runtime.core.task import Choice, Task, TaskKind
from sopc_runtime.core.turn import Turn

NOT_NEEDED = Choice("not-needed", "it does not apply here, and the procedure goes on")
MOMENT = "moment"
"""The name of the value that answers when something is or was."""


def fields_of(step: Step) -> tuple[DataField, ...]:
    """Give the values that a step has to bring."""
    return tuple(each for each in outputs_of(step) if isinstance(each, DataField))


def words_only(step: Step) -> tuple[Condition, ...]:
    """Give the conditions of a step that only a person can judge.

    Those of a step that deals with a failure are answered by the failure.
    """
    if step.handles is not None:
        return ()
    return tuple(each for each in step.when if each.cel is None)


def ask(
    turn: Turn,
    at: StepState,
    kind: TaskKind,
    asks: str,
    choices: tuple[Choice, ...],
    *,
    fields: tuple[DataField, ...] = (),
    shown: dict[str, Any] | None = None,
    editable: tuple[str, ...] = (),
    roles: tuple[str, ...] = (),
    instead: bool = False,
    detached: bool = False,
) -> None:
    """Open a task for a step.

    Those who hold one of `roles` may decide it as well as the step's own role, or `instead` of it.
    A `detached` task does not hold the step up.
    """
    step = turn.step(at)
    quote = step.citations.get("title")
    cited = quote if isinstance(quote, ProseCitation) else None
    dues = [
        turn.state.timers[timer]
        for timer in turn.timers_of(at.path)
        if timer.startswith(f"{at.path}:deadline:")
    ]
    own = (step.role,) if step.role is not None and not instead else ()
    roles = (*own, *roles)
    if roles:
        roles = (*roles, *turned_to(turn, at))
    task = Task(
        id=turn.number("t"),
        kind=kind,
        step=at.path,
        title=step.title,
        asks=asks,
        roles=tuple(dict.fromkeys(roles)),
        choices=choices,
        opened=turn.now,
        fields=fields,
        shown=shown or {},
        editable=editable,
        conditions=tuple(each.says for each in words_only(step)),
        sentence=cited.quote if cited else None,
        line=cited.line if cited else None,
        due=min(dues, default=None),
        then=next_in_words(turn, at),
    )
    turn.state.tasks[task.id] = task
    if not detached:
        at.task = task.id
    turn.decide(OpenTask(task=task))


def ask_work(turn: Turn, at: StepState, shown: dict[str, Any]) -> None:
    """Ask somebody to do a step."""
    step = turn.step(at)
    fields = fields_of(step)
    choices = [
        Choice("done", "it is done, and the procedure goes on", gives=bool(fields)),
        Choice("cannot", "it cannot be done; what is to happen then does"),
    ]
    if words_only(step) or (step.when and step.handles is not None):
        choices.insert(1, NOT_NEEDED)
    where = ""
    if isinstance(step, ActionStep | HumanTaskStep) and step.system is not None:
        system = turn.program.system(step.system)
        names = {each.id: each.name for each in turn.program.graph.systems}
        where = f" in {system.name if system else names.get(step.system, step.system)}"
        shown = {"system": step.system, "operation": getattr(step, "operation", None)} | shown
    if isinstance(step, ActionStep | HumanTaskStep) and step.template is not None:
        shown = {**shown, "template": step.template}
    told = {name: value for name, value in shown.items() if value is not None}
    asks = f"do this{where}: {step.title}"
    ask(turn, at, TaskKind.WORK, asks, tuple(choices), fields=fields, shown=told)


def ask_approval(turn: Turn, at: StepState, step: ApprovalStep, inputs: dict[str, Any]) -> None:
    """Ask for the approval that a step is."""
    fields = fields_of(step)
    choices = [
        Choice("approve", "the procedure goes on", gives=bool(fields)),
        Choice("reject", "the procedure goes where a rejection leads, or ends"),
    ]
    if words_only(step):
        choices.append(NOT_NEEDED)
    bare = tuple(
        each.name
        for each in step.inputs
        if step.may_edit and each.cel is not None and each.cel in turn.program.fields
    )
    shown = {"inputs": inputs, "values": turn.shown_values(at)}
    ask(
        turn,
        at,
        TaskKind.APPROVAL,
        f"approve or reject: {step.title}",
        tuple(choices),
        fields=fields,
        shown=shown,
        editable=bare,
    )


def ask_act(turn: Turn, at: StepState, act: dict[str, Any], why: str, roles: list[str]) -> None:
    """Ask whether exactly this act is to be done; `roles` alone may say, if there are any."""
    step = turn.step(at)
    fields = fields_of(step)
    ask(
        turn,
        at,
        TaskKind.ACT,
        f"approve this act ({why}): {step.title}",
        (
            Choice("approve", "it is done exactly as shown"),
            Choice("reject", "it is not done; what is to happen when the step fails does"),
            Choice("by-hand", "you have done it yourself", gives=bool(fields)),
        ),
        fields=fields,
        shown=act,
        editable=tuple(at.act or ()) if isinstance(step, ActionStep) else (),
        roles=tuple(roles),
        instead=bool(roles),
    )


def ask_comparison(turn: Turn, at: StepState, act: dict[str, Any]) -> bool:
    """Ask what people did, beside what would have been done; tell whether the step waits for it."""
    step = turn.step(at)
    fields = fields_of(step)
    waits = any(each.required for each in fields)
    ask(
        turn,
        at,
        TaskKind.COMPARISON,
        f"say what was really done: {step.title}",
        (
            Choice("same", "people did just that", gives=bool(fields)),
            Choice("different", "people did something else", gives=bool(fields)),
        ),
        fields=fields,
        shown=act,
        detached=not waits,
    )
    return waits


def ask_condition(turn: Turn, at: StepState, says: str) -> None:
    """Ask whether a condition in words holds."""
    ask(
        turn,
        at,
        TaskKind.QUESTION,
        f"does this hold: “{says}”?",
        (Choice("yes", "it holds"), Choice("no", "it does not")),
        shown={"condition": says, "values": turn.shown_values(at)},
    )


def ask_branch(turn: Turn, at: StepState, step: DecisionStep, problem: str | None = None) -> None:
    """Ask which way to go: among the branches in words, or all where there is a `problem`."""
    choices = [
        Choice(f"branch-{number}", branch.when.says)
        for number, branch in enumerate(step.branches, start=1)
        if problem is not None or branch.when.cel is None
    ]
    if step.otherwise is not None:
        choices.append(Choice("otherwise", "none of these"))
    shown = {"problem": problem} if problem is not None else {}
    ask(
        turn,
        at,
        TaskKind.QUESTION,
        f"which of these is so: {step.title}",
        tuple(choices),
        shown={**shown, "values": turn.shown_values(at)},
    )


def ask_go(turn: Turn, at: StepState, says: str) -> None:
    """Ask somebody to say when a wait is over that no clock can read."""
    ask(
        turn,
        at,
        TaskKind.QUESTION,
        f"say when this is so: “{says}”",
        (Choice("yes", "it is so now"),),
        shown={"wait": says},
    )


def ask_moment(turn: Turn, at: StepState, words: str) -> None:
    """Ask when a moment is that the run does not know."""
    ask(
        turn,
        at,
        TaskKind.QUESTION,
        f"when is “{words}”?",
        (Choice("tell", "times that count from it are known", gives=True),),
        fields=(DataField(name=MOMENT, type=DataType.TIMESTAMP),),
        shown={"moment": words},
    )


def ask_doubt(turn: Turn, at: StepState, message: str) -> None:
    """Ask somebody to find out whether an act happened."""
    step = turn.step(at)
    fields = fields_of(step)
    ask(
        turn,
        at,
        TaskKind.DOUBT,
        f"find out whether this happened: {step.title}",
        (
            Choice("happened", "it counts as done", gives=bool(fields)),
            Choice("not-happened", "it is done again"),
        ),
        fields=fields,
        shown={"inputs": at.act or {}, "problem": message},
    )


def ask_trouble(turn: Turn, at: StepState, roles: list[str]) -> None:
    """Ask how to go on where a step failed and nothing in the graph deals with it."""
    step = turn.step(at)
    # What failed is one element, or the list of them all.
    given = outputs_of(step) if at.is_element else given_by(step)
    fields = tuple(each for each in given if isinstance(each, DataField))
    ask(
        turn,
        at,
        TaskKind.TROUBLE,
        f"decide how to go on: {step.title}",
        (
            Choice("retry", "it is tried again"),
            Choice("done", "it was done by hand, and the procedure goes on", gives=bool(fields)),
            Choice("skip", "the procedure goes on without it"),
            Choice("stop", "the run ends as failed"),
        ),
        fields=fields,
        shown={
            "failure": str(at.failure or "any"),
            "problem": at.message,
            "inputs": at.act or {},
            "values": turn.shown_values(at),
        },
        roles=tuple(roles),
    )
