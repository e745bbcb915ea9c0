"""Where a graph uses the systems and roles that it lists."""

from collections.abc import Iterator
from dataclasses import dataclass

from sopc.graph import (
    ActionStep,
    ApprovalStep,
    Citation,
    EventTrigger,
    HumanTaskStep,
    RequestTrigger,
    Rung,
    WaitStep,
)
from sopc.rules.context import CheckContext
from sopc.rules.rule import GraphPath


@dataclass(frozen=True, slots=True)
class Use:
    """An id that stands for an entry of the graph's `systems` or `roles`.

    Attributes:
        id: The id.
        path: Where it stands.
        about: The field, in words of the graph's ids.
        cite: The sentence behind it.
        step: The step that uses it, if one does.
    """

    id: str
    path: GraphPath
    about: str
    cite: Citation | None
    step: str | None = None


def system_uses(context: CheckContext) -> Iterator[Use]:
    """Give every place that names a system, in the order of the file."""
    for place in context.triggers:
        if isinstance(place.trigger, EventTrigger) and place.trigger.system is not None:
            path = (*place.path, "system")
            cite = place.trigger.citations.get("system") or place.trigger.cite
            yield Use(place.trigger.system, path, place.about("system"), cite)
    for rung, path, about, step in rungs(context):
        if rung.via is not None:
            yield Use(rung.via, (*path, "via"), about, rung.cite, step)
    for at in context.steps:
        step_id = at.step.id
        if isinstance(at.step, ActionStep | HumanTaskStep | ApprovalStep) and at.step.system:
            path = (*at.path, "system")
            yield Use(at.step.system, path, at.about("system"), at.cite("system"), step_id)
        if isinstance(at.step, WaitStep) and at.step.event and at.step.event.system:
            path = (*at.path, "event", "system")
            yield Use(at.step.event.system, path, at.about("event"), at.step.event.cite, step_id)


def role_uses(context: CheckContext) -> Iterator[Use]:
    """Give every place that names a role, in the order of the file."""
    for place in context.triggers:
        if isinstance(place.trigger, RequestTrigger) and place.trigger.by is not None:
            path = (*place.path, "by")
            cite = place.trigger.citations.get("by") or place.trigger.cite
            yield Use(place.trigger.by, path, place.about("by"), cite)
    for rung, path, about, step in rungs(context):
        if rung.by is not None:
            yield Use(rung.by, (*path, "by"), about, rung.by_cite or rung.cite, step)
        if rung.to is not None:
            yield Use(rung.to, (*path, "to"), about, rung.to_cite or rung.cite, step)
    for at in context.steps:
        if at.step.role is not None:
            path = (*at.path, "role")
            yield Use(at.step.role, path, at.about("role"), at.cite("role"), at.step.id)
        for index, guardrail in enumerate(at.step.guardrails):
            if guardrail.ask is not None:
                path = (*at.path, "guardrails", index, "ask")
                about = at.about("guardrails")
                yield Use(guardrail.ask, path, about, guardrail.cite, at.step.id)


def rungs(context: CheckContext) -> Iterator[tuple[Rung, GraphPath, str, str | None]]:
    """Give every rung with its place, the field it is about, and its step if it has one."""
    for procedure, path in context.procedures():
        for index, rung in enumerate(procedure.escalation):
            about = f"procedures.{procedure.id}.escalation"
            yield rung, (*path, "escalation", index), about, None
    for at in context.steps:
        for index, rung in enumerate(at.step.escalation):
            yield rung, (*at.path, "escalation", index), at.about("escalation"), at.step.id
