"""How an action acts: its inputs, what lets it act alone, the call, and what comes of it."""

from math import inf
from typing import Any

from sopc.graph import ActionStep, DataType, Failure, Step, Tier
from sopc.graph.expression import EvaluationError
from sopc.graph.output import outputs_of
from sopc.organization import Operation
from sopc_runtime.core import asking, ending
from sopc_runtime.core.decision import Call
from sopc_runtime.core.event import CallSucceeded, Values
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.state import Phase, StepState
from sopc_runtime.core.turn import Turn
from sopc_runtime.core.value import fitting, problems_with

Reason = tuple[str, str | None]
"""Why a person has to approve an act, and the role that is asked for it, if one is named.

Two guardrails may have the same words and ask different roles.
"""


def inputs_of(turn: Turn, at: StepState, step: Step) -> Values:
    """Work out what a step hands over.

    Raises:
        EvaluationError: A value is missing, or an expression has none.
    """
    return {
        each.name: each.value if each.cel is None else turn.evaluate(each.cel, at)
        for each in getattr(step, "inputs", ())
    }


def act(turn: Turn, at: StepState, step: ActionStep, operation: Operation) -> None:
    """Do an action, or render it for the people who decide it."""
    if at.act is None:
        at.act = inputs_of(turn, at, step)
        missing = [each for each in operation.required_inputs if at.act.get(each) is None]
        if missing:
            names = ", ".join(f"`{each}`" for each in missing)
            ending.fail(turn, at, Failure.MISSING_DATA, f"`{operation.name}` needs {names}")
            return
        at.context = dict(turn.values(at)) if step.template is not None else {}
    if operation.effect == "read":
        call(turn, at, step, operation)
        return
    # Who approved an act approved it before the mode was changed to one that acts on nothing.
    shadow = turn.state.mode is Mode.SHADOW
    alone = not shadow and (at.approved or not reasons_to_ask(turn, at, step, operation))
    call(turn, at, step, operation, dry=not alone)


def call(
    turn: Turn, at: StepState, step: ActionStep, operation: Operation, *, dry: bool = False
) -> None:
    """Ask the system; nothing is sent where it is `dry`."""
    number = turn.number("c")
    if at.key is None and not dry:
        at.key = f"{turn.state.run}/{at.path}/{number}"
    at.phase, at.call, at.rendering = Phase.CALLING, number, dry
    turn.state.calls[number] = at.path
    system = turn.program.system(step.system)
    turn.decide(
        Call(
            id=number,
            step=at.path,
            system=system.id if system is not None else str(step.system),
            operation=operation.name,
            key=at.key or f"{turn.state.run}/{at.path}/dry",
            inputs=dict(at.act or {}),
            template=step.template,
            values=at.context,
            dry=dry,
            reads=operation.effect == "read",
            repeatable=operation.idempotent,
        )
    )


def reasons_to_ask(
    turn: Turn, at: StepState, step: ActionStep, operation: Operation
) -> list[Reason]:
    """Give why a person has to approve an act, each with the role that is asked for it."""
    reasons: list[str] = []
    if turn.state.mode is Mode.ASSIST:
        reasons.append("assist mode")
    if step.tier is None:
        reasons.append("its tier is not said")
    elif step.tier.level is not Tier.AUTONOMOUS:
        reasons.append(f"tier {step.tier.level.value}: {step.tier.reason}")
    reasons += exceeded(turn, at, step, operation)
    return [*((each, None) for each in reasons), *guarded(turn, at, step)]


def in_words(reasons: list[Reason]) -> str:
    """Say why a person has to approve an act, each reason once."""
    return "; ".join(dict.fromkeys(says for says, _ in reasons))


def still_asked(at: StepState, reasons: list[Reason]) -> list[str]:
    """Give the roles of an act's guardrails that have not approved it yet, one after the other."""
    named = dict.fromkeys(role for _, role in reasons if role is not None)
    return [role for role in named if f"({role} approved)" not in at.answers]


def approve(turn: Turn, at: StepState, asked: tuple[str, ...]) -> None:
    """Note that the first role that was `asked` approves; the act is approved when each has.

    A guardrail may have come to ask another role since: that one approved nothing.
    """
    own = asked[:1]
    left = still_asked(at, guarded(turn, at, turn.step(at)))
    for role in own:
        at.answers[f"({role} approved)"] = True
    at.approved = all(role in own for role in left)


def guarded(turn: Turn, at: StepState, step: Step) -> list[Reason]:
    """Give the step's guardrails that an act is not certainly within, with whom each asks."""
    return [
        (f"beyond the limit “{each.says}”", each.ask)
        for each in step.guardrails
        if not _within(turn, at, each.limit)
    ]


def exceeded(turn: Turn, at: StepState, step: ActionStep, operation: Operation) -> list[str]:
    """Give the organization's limits that an act is beyond."""
    organization, system = turn.program.organization, turn.program.system(step.system)
    found = []
    for limit in organization.limits if organization and system else ():
        if system is None or not limit.covers(system.id, operation.name):
            continue
        beyond = limit.cel is not None and not _within(turn, at, limit.cel)
        if limit.most is not None:
            beyond |= any(amount > limit.most for amount in _amounts(at, operation, limit.currency))
        if beyond:
            found.append(f"beyond the limit “{limit.says}”")
    return found


def _within(turn: Turn, at: StepState, cel: str | None) -> bool:
    """Tell whether an act is certainly within a limit."""
    if cel is None:
        return False
    try:
        return turn.evaluate(cel, at, at.act) is True
    except EvaluationError:
        return False


def _amounts(at: StepState, operation: Operation, currency: str | None) -> list[float]:
    """Give the amounts of an act that may be of a currency; one that cannot be read is endless."""
    amounts: list[float] = []
    for name, value in (at.act or {}).items():
        field = operation.input(name)
        if field is not None and field.currency not in {None, currency}:
            # What another currency is worth is not known here: ask.
            amounts.append(inf)
        elif field is not None and field.type is DataType.MONEY:
            amounts += [_amount(value)]
        elif field is None or field.type in {DataType.OBJECT, DataType.LIST}:
            amounts += _named(name, value)
    return amounts


def _named(name: str, value: object) -> list[float]:
    """Give what is called an amount or a total in a value of an unknown shape."""
    if isinstance(value, dict):
        return [each for key, inner in value.items() for each in _named(str(key), inner)]
    if isinstance(value, list):
        return [each for inner in value for each in _named(name, inner)]
    folded = name.casefold()
    return [_amount(value)] if "amount" in folded or "total" in folded else []


def _amount(value: object) -> float:
    if value is None:
        return 0
    return value if isinstance(value, int | float) and not isinstance(value, bool) else inf


def succeeded(turn: Turn, at: StepState, event: CallSucceeded) -> None:
    """Take what a system gave back, or what would have been sent."""
    step = turn.step(at)
    at.call = None
    if at.rendering:
        _rendered(turn, at, step, event.rendered or {})
        return
    problems = problems_with(event.values, asking.fields_of(step))
    operation = turn.program.operation(step)
    if problems and operation is not None and operation.effect == "read":
        at.key = None
        ending.fail(turn, at, Failure.MISSING_DATA, "; ".join(problems))
        return
    if problems:
        ending.unusable(turn, at, problems)
        return
    ending.done(turn, at, fitting(event.values, outputs_of(step)))


def _rendered(turn: Turn, at: StepState, step: Step, rendered: dict[str, Any]) -> None:
    at.rendering = False
    shown = {
        "system": getattr(step, "system", None),
        "operation": getattr(step, "operation", None),
        "inputs": dict(at.act or {}),
        "act": rendered,
    }
    operation = turn.program.operation(step)
    if not isinstance(step, ActionStep) or operation is None:
        # The run went on under a graph or an organization file that binds it no more.
        turn.again.append(at.path)
        return
    if turn.state.mode is Mode.SHADOW:
        if asking.ask_comparison(turn, at, shown):
            at.phase = Phase.TASKED
        else:
            ending.done(turn, at, {})
        return
    reasons = reasons_to_ask(turn, at, step, operation)
    at.phase = Phase.APPROVING
    roles = still_asked(at, reasons)[:1]
    asking.ask_act(turn, at, shown, in_words(reasons) or "it was changed", roles)


def failed(turn: Turn, at: StepState, failure: Failure, message: str) -> None:
    """Take a failure that is certain; only one that may have happened keeps its key."""
    operation = turn.program.operation(turn.step(at))
    reads = operation is not None and operation.effect == "read"
    if not at.rendering and (reads or failure not in {Failure.TIMED_OUT, Failure.UNAVAILABLE}):
        at.key = None
    at.rendering = False
    ending.fail(turn, at, failure, message)


def in_doubt(turn: Turn, at: StepState, message: str) -> None:
    """Take that nobody knows whether it happened: no matter where nothing can have changed."""
    operation = turn.program.operation(turn.step(at))
    if at.rendering or (operation is not None and operation.effect == "read"):
        failed(turn, at, Failure.UNAVAILABLE, message)
        return
    at.phase = Phase.DOUBTED
    asking.ask_doubt(turn, at, message)


def edited(turn: Turn, at: StepState, edits: Values) -> str | None:
    """Change an act as its approver says; give the problem if a change does not fit.

    What is beyond a limit after the change is not what was asked about: it is not approved yet.
    """
    step = turn.step(at)
    operation = turn.program.operation(step)
    if not isinstance(step, ActionStep) or operation is None or at.act is None:
        return None
    changed = {name: value for name, value in edits.items() if at.act.get(name) != value}
    unknown = [name for name in edits if name not in at.act]
    if unknown:
        return f"`{unknown[0]}` is no input of this act"
    known = [field for each in changed if (field := operation.input(each)) is not None]
    problems = problems_with(changed, known)
    if problems:
        return "; ".join(problems)
    for name, value in changed.items():
        kinds = {_kind(value), _kind(at.act[name])}
        if operation.input(name) is None and len(kinds - {"nothing"}) > 1:
            return f"`{name}` is of another type than before"
    at.act = {**at.act, **changed}
    return None


def beyond(turn: Turn, at: StepState, edits: Values) -> bool:
    """Tell whether an act that its approver changed is beyond a limit, so that it is asked anew."""
    step = turn.step(at)
    operation = turn.program.operation(step)
    if not isinstance(step, ActionStep) or operation is None or not edits:
        return False
    return bool(guarded(turn, at, step) or exceeded(turn, at, step, operation))


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return type(value).__name__
