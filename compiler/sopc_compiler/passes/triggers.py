"""Triggers as the graph holds them: event with system and event, schedule with cron and zone."""

import re
from collections.abc import Collection

from sopc.graph import EventTrigger, RequestTrigger, ScheduleTrigger, Trigger
from sopc.graph.slug import slug
from sopc_compiler.fact import Span, TriggerFact
from sopc_compiler.language import time_value
from sopc_compiler.passes.cast import Cast
from sopc_compiler.passes.cite import Citer
from sopc_compiler.passes.parse import ParsedPassage

_OPENER = re.compile(
    r"^(?:when(?:ever)?|once|if|after|in\s+(?:the\s+)?(?:case|event)(?:\s+that|\s+of)?|upon)\s+",
    re.IGNORECASE,
)


def trigger_model(
    fact: TriggerFact, item: ParsedPassage, cast: Cast, citer: Citer, taken: Collection[str]
) -> Trigger:
    """Make a trigger of a clause: the system it names, the event in its words, the schedule."""
    says, cite = citer.words(fact.span), citer.cite(fact.span)
    chosen = slug(says, taken)
    inside = [s for s in item.systems if fact.span.start <= s[0] < fact.span.end]
    if fact.kind == "schedule":
        zone = time_value.time_zone(says) or time_value.time_zone(item.text)
        return ScheduleTrigger(
            id=chosen, says=says, cite=cite, cron=time_value.cron(says), time_zone=zone
        )
    if fact.kind == "request":
        role = next((r for r in item.roles if fact.span.start <= r[0] < fact.span.end), None)
        by = cast.role(None if role is None else Span(fact.span.passage, *role))
        return RequestTrigger(id=chosen, says=says, cite=cite, by=by)
    if not inside:
        return EventTrigger(id=chosen, says=says, cite=cite)
    place = Span(fact.span.passage, *inside[0])
    return EventTrigger(
        id=chosen,
        says=says,
        cite=cite,
        system=cast.system(place),
        event=_OPENER.sub("", says),
        citations={"system": citer.cite(place), "event": cite},
    )
