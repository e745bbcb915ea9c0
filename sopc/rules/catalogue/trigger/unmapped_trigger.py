"""The rule `unmapped-trigger`, SOP102."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import EventTrigger, RequestTrigger, ScheduleTrigger, Trigger
from sopc.rules.context import CheckContext, TriggerPlace
from sopc.rules.prose.addressee import is_noticed, is_progress
from sopc.rules.rule import Flaw, rule
from sopc.rules.timing.schedule import read_cron


@rule("SOP102", "unmapped-trigger", Severity.ERROR, Confidence.MEDIUM)
def unmapped_trigger(context: CheckContext) -> Iterator[Flaw]:
    """A trigger in words only, which no program can watch for.

    ## What it does
    Finds events without a system or an event in it, schedules without a cron expression that can be
    read, and requests that do not say which role makes them. It is a warning where somebody knows
    all the same when to start it: a request, a case that people notice in their own work ("if the
    customer does not answer", "when you need a day off"), or the end of earlier work in the same
    document ("once the order has been checked").

    ## Why it matters
    "When a new client is onboarded" happens in nobody's system: two people would start it at
    different moments, or both, or neither.

    ## Example
    ```yaml
    triggers:
      - kind: event
        id: new-client
        says: when a new client is onboarded
    ```

    ## Use instead
    ```yaml
    triggers:
      - kind: event
        id: new-client
        says: when a deal in HubSpot moves to Closed Won
        system: hubspot
        event: deal moved to Closed Won
    ```

    ## Fix safety
    No fix is offered: which system shows the event is for the people who own the procedure.
    """
    for place in context.triggers:
        trigger = place.trigger
        gap = _gap(trigger)
        if gap is None:
            continue
        field, fact, advice = gap
        known = _can_be_started(context, place)
        stands = field in trigger.model_fields_set and getattr(trigger, field) is not None
        yield Flaw(
            at=(*place.path, field if stands else "says"),
            message=f"trigger `{trigger.id}` {fact}",
            about=place.about(field),
            help=advice,
            cite=trigger.cite,
            severity=Severity.WARNING if known else None,
            confidence=Confidence.LOW if known else None,
        )


def _can_be_started(context: CheckContext, place: TriggerPlace) -> bool:
    """Tell whether somebody who works on it knows when to start it."""
    trigger = place.trigger
    if isinstance(trigger, RequestTrigger):
        return True
    if not isinstance(trigger, EventTrigger) or trigger.system is not None:
        return False
    first = place.procedure is context.graph.procedures[0]
    return is_noticed(trigger.says) or (is_progress(trigger.says) and not first)


def _gap(trigger: Trigger) -> tuple[str, str, str] | None:
    """Give the field that is missing, the fact, and the change."""
    match trigger:
        case EventTrigger(system=None):
            return "system", "is an event of no system", "name the system in which it shows"
        case EventTrigger(event=None):
            fact = f"does not say which event of `{trigger.system}` it is"
            return "event", fact, "name the status, field or message that shows it"
        case ScheduleTrigger(cron=None):
            return "cron", "is a schedule without a day or time", "name the days and the time"
        case ScheduleTrigger(cron=str(cron)) if read_cron(cron) is None:
            fact = f"has a `cron` that cannot be read: `{cron}`"
            return "cron", fact, "write five fields, as `0 9 * * 1` for every Monday at 09:00"
        case RequestTrigger(by=None):
            return "by", "does not say who may ask for it", "name the role that starts it"
    return None
