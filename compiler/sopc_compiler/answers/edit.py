"""Setting one field of a step, a trigger or a procedure to what an answer says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sopc.graph import (
    END,
    ActionStep,
    AnswerCitation,
    ApprovalStep,
    Argument,
    CallStep,
    Citation,
    DataField,
    EventTrigger,
    Guardrail,
    HumanTaskStep,
    Procedure,
    RequestTrigger,
    ScheduleTrigger,
    Step,
    TierProposal,
    Trigger,
    WaitStep,
)
from sopc.graph.base import GraphRecord
from sopc.graph.slug import slug
from sopc_compiler.answers import bound
from sopc_compiler.answers.answer import Answer
from sopc_compiler.answers.field import AnswerField
from sopc_compiler.answers.names import Names

_STEPS: dict[str, type[Any]] = {
    "action": ActionStep,
    "human_task": HumanTaskStep,
    "approval": ApprovalStep,
    "wait": WaitStep,
    "call": CallStep,
}
_TRIGGERS: dict[str, type[Any]] = {
    "event": EventTrigger,
    "schedule": ScheduleTrigger,
    "request": RequestTrigger,
}
_IN_GRAPH = {
    "deadline": "deadlines",
    "delay": "delays",
    "cadence": "cadences",
    "guardrail": "guardrails",
}
"""The graph's names of fields that an answer names in the singular."""


_Node = TypeVar("_Node", bound=GraphRecord)
_Part = TypeVar("_Part", Argument, DataField)


class NoSuchFieldError(Exception):
    """What the answer speaks of has no such field; the message says why."""


@dataclass(frozen=True)
class Change:
    """An answer's value for a field; a `value` of None accepts that it is unstated."""

    field: AnswerField
    value: Any
    answer: Answer

    @property
    def cite(self) -> AnswerCitation:
        """What the graph holds as the source of the field."""
        return AnswerCitation(answer=self.answer.id, by=self.answer.by)


def edited_step(step: Step, change: Change, names: Names, ids: set[str]) -> Step:
    """Set a step's field; `ids` are those of the procedure's steps.

    Raises:
        NoSuchFieldError: a step of this kind has no such field.
        ValueError: the value refers to a step that there is not.
    """
    word = change.field.name
    if word == "kind":
        changed: Step = _of_kind(step, _STEPS, change)
        return changed
    name = "operation" if word == "binding" else _IN_GRAPH.get(word, word)
    if name not in type(step).model_fields:
        raise NoSuchFieldError(f"a step of kind `{step.kind}` has no `{word}`")
    if word == "binding":
        return _bound(step, change)
    if change.value is None:
        value = _unstated(step, name)
    elif word in _STEP_VALUES:
        value = _STEP_VALUES[word](step, change, names)
    else:
        value = _SHARED_VALUES.get(word, _as_given)(step, change, names)
    if word in {"next", "on_reject"} and change.value is not None:
        _check_ids(value, ids)
    return _validated(step, name, value, {**step.citations, word: change.cite})


def edited_trigger(trigger: Trigger, change: Change, names: Names) -> Trigger:
    """Set a trigger's field.

    Raises:
        NoSuchFieldError: a trigger of this kind has no such field.
    """
    word = change.field.name
    if word == "kind":
        changed: Trigger = _of_kind(trigger, _TRIGGERS, change)
        return changed
    if word not in type(trigger).model_fields:
        raise NoSuchFieldError(f"a trigger of kind `{trigger.kind}` has no `{word}`")
    value = change.value
    if word == "payload":
        value = cited(value or (), change.cite)
    if value is not None and word == "by":
        value = names.role(value, change.cite)
    if value is not None and word == "system":
        value = names.system(value, change.cite)
    return _validated(trigger, word, value, {**trigger.citations, word: change.cite})


def edited_procedure(procedure: Procedure, change: Change, names: Names) -> Procedure:
    """Set a procedure's field, or add the trigger that it lacks."""
    if change.value is None:
        return procedure
    word = change.field.name
    if word == "trigger":
        value: Any = (*procedure.triggers, _new_trigger(procedure, change, names))
        return procedure.model_copy(update={"triggers": value})
    value = _SHARED_VALUES.get(word, _as_given)(procedure, change, names)
    return procedure.model_copy(update={_IN_GRAPH.get(word, word): value})


def cited(parts: Iterable[_Part], cite: AnswerCitation) -> tuple[_Part, ...]:
    """Say of fields and inputs which answer they are from."""
    return tuple(part.model_copy(update={"cite": cite}) for part in parts)


def _bound(step: Step, change: Change) -> Step:
    """Set the operation, and its inputs where they are given; a person does it without one."""
    given = change.value
    citations = {**step.citations, "operation": change.cite}
    if given is None or given.operation is None:
        changed = _validated(step, "operation", None, citations)
        return _validated(changed, "inputs", (), citations)
    changed = _validated(step, "operation", given.operation, citations)
    if given.inputs is None:
        return changed
    inputs = cited(given.inputs, change.cite)
    return _validated(changed, "inputs", inputs, {**citations, "inputs": change.cite})


_Value = Callable[[Any, Change, Names], Any]


def _as_given(owner: Any, change: Change, names: Names) -> Any:
    del owner, names
    return change.value


_SHARED_VALUES: dict[str, _Value] = {
    "deadline": lambda owner, change, _: bound.deadlines(
        owner.deadlines, change.value, change.cite
    ),
    "cadence": lambda owner, change, _: bound.cadences(owner.cadences, change.value, change.cite),
    "escalation": lambda owner, change, names: bound.ladder(
        owner.escalation, change.value, change.cite, names
    ),
}
"""How values of fields that steps and procedures have come about."""


def _tier(step: Step, change: Change, names: Names) -> TierProposal:
    del step, names
    by = change.answer.by
    said = f"stated by {by}" if by else "stated in an answer"
    return TierProposal(level=change.value, reason=change.answer.note or said)


def _next(step: Step, change: Change, names: Names) -> Any:
    del step, names
    return change.value if isinstance(change.value, str) else tuple(change.value)


_STEP_VALUES: dict[str, _Value] = {
    "role": lambda _, change, names: names.role(change.value, change.cite),
    "system": lambda _, change, names: names.system(change.value, change.cite),
    "tier": _tier,
    "next": _next,
    "on_reject": _next,
    "delay": lambda step, change, _: bound.delays(step.delays, change.value, change.cite),
    "retry": lambda step, change, _: bound.retry(step.retry, change.value, change.cite),
    "when": lambda step, change, _: _with_expression(step, change),
    "inputs": lambda _, change, __: cited(change.value, change.cite),
    "outputs": lambda _, change, __: cited(change.value, change.cite),
    "guardrail": lambda _, change, names: _guardrails(change, names),
}
"""How values of fields that only steps have come about."""


def _guardrails(change: Change, names: Names) -> tuple[Guardrail, ...]:
    return tuple(
        Guardrail(
            says=given.says or given.limit,
            limit=given.limit,
            ask=names.role(given.ask, change.cite) if given.ask else None,
            cite=change.cite,
        )
        for given in change.value
    )


def _with_expression(step: Step, change: Change) -> Any:
    number = change.field.index or 1
    if number > len(step.when):
        count = len(step.when)
        raise NoSuchFieldError(f"the step has {count} condition{'' if count == 1 else 's'}")
    index = number - 1
    changed = step.when[index].model_copy(update={"cel": change.value})
    return (*step.when[:index], changed, *step.when[index + 1 :])


def _unstated(step: Step, name: str) -> Any:
    """Return a field's value when nobody states it; what the prose says vaguely stays."""
    current = getattr(step, name)
    if name in {"title", "when", "escalation"}:
        return current
    if isinstance(current, tuple):
        return tuple(one for one in current if getattr(one, "vague", False))
    return None


def _new_trigger(procedure: Procedure, change: Change, names: Names) -> Trigger:
    given, cite = change.value, change.cite
    says = given.says or given.event or given.cron or given.kind
    common = {"id": slug(says, {one.id for one in procedure.triggers}), "says": says, "cite": cite}
    if given.kind == "request":
        return RequestTrigger(**common, by=names.role(given.by, cite) if given.by else None)
    if given.kind == "schedule":
        return ScheduleTrigger(**common, cron=given.cron, time_zone=given.time_zone)
    system = names.system(given.system, cite) if given.system else None
    return EventTrigger(**common, system=system, event=given.event, filter=given.filter)


def _of_kind(node: Any, kinds: dict[str, type[Any]], change: Change) -> Any:
    if change.value is None or node.kind == change.value:
        return node
    kind = kinds[change.value]
    kept = {
        name: getattr(node, name)
        for name in kind.model_fields
        if name != "kind" and name in type(node).model_fields
    }
    return kind(**kept | {"citations": {**node.citations, "kind": change.cite}})


def _check_ids(targets: str | tuple[str, ...], ids: set[str]) -> None:
    for target in (targets,) if isinstance(targets, str) else targets:
        if target != END and target not in ids:
            raise ValueError(f"there is no step `{target}` in the procedure")


def _validated(node: _Node, name: str, value: Any, citations: dict[str, Citation]) -> _Node:
    had = {each: getattr(node, each) for each in type(node).model_fields}
    return type(node).model_validate(had | {name: value, "citations": citations})
