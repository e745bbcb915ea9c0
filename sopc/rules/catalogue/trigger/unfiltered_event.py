"""The rule `unfiltered-event`, SOP104."""

import re
from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import Condition, EventTrigger, Procedure
from sopc.rules.context import CheckContext
from sopc.rules.prose.restriction import restrictions, says
from sopc.rules.rule import Flaw, rule

_MONEY = re.compile(r"[$€£] ?\d|\d (?:dollars|euros|pounds)\b|\b[A-Z]{3} \d|\d [A-Z]{3}\b")


@rule("SOP104", "unfiltered-event", Severity.WARNING, Confidence.MEDIUM)
def unfiltered_event(context: CheckContext) -> Iterator[Flaw]:
    """An event that starts more than the prose says.

    ## What it does
    Finds events without a `filter` where the prose restricts them: by a figure ("over $500", "3
    days or more") or a condition ("only if", "unless") in the trigger's words. A restriction that
    the `event` itself states is left to whoever binds it, unless the trigger lists the data that
    a filter would need. Then a condition in words alone on the whole procedure, about that data,
    counts too.

    ## Why it matters
    Without the filter, every event of that name starts a run, those that are not meant included.

    ## Example
    ```yaml
    triggers:
      - id: large-refund
        kind: event
        says: when a refund over $500 is requested in Zendesk
        system: zendesk
        event: refund requested
    ```

    ## Use instead
    ```yaml
    triggers:
      - id: large-refund
        kind: event
        says: when a refund over $500 is requested in Zendesk
        system: zendesk
        event: refund requested
        filter: amount > 50000
        payload:
          - {name: amount, type: money, currency: USD}
    ```

    ## Fix safety
    No fix is offered: how the event tells the figure is not in the prose.
    """
    for place in context.triggers:
        trigger = place.trigger
        if not isinstance(trigger, EventTrigger) or trigger.filter is not None:
            continue
        if trigger.system is None or trigger.event is None:
            continue
        stated = [
            clause
            for clause in restrictions(trigger.says)
            if trigger.payload or not says(trigger.event, clause)
        ]
        scope = _scope(place.procedure, trigger)
        if stated:
            clauses, cite = stated, trigger.cite
            path = (*place.path, "says")
        elif scope is not None:
            index, condition = scope
            clauses, cite = [condition.says], condition.cite or trigger.cite
            path = (*place.path[:2], "scope", index, "says")
        else:
            continue
        said = " and ".join(f"`{clause}`" for clause in clauses)
        yield Flaw(
            at=path,
            message=f"trigger `{trigger.id}` has no filter for {said}",
            about=place.about("filter"),
            label=f"would start for every `{trigger.event}`" if stated else "",
            help=f"write {said} as a CEL `filter` over the event's `payload`"
            + (", as `amount > 50000`" if _MONEY.search(said) else ""),
            related=() if stated else (((*place.path, "event"), "has no filter"),),
            cite=cite,
        )


def _scope(procedure: Procedure, trigger: EventTrigger) -> tuple[int, Condition] | None:
    """Give a restriction of the whole procedure, in words, that names data of the event."""
    names = [each.name.replace("_", " ") for each in trigger.payload]
    for index, condition in enumerate(procedure.scope if names else ()):
        named = any(says(condition.says, name) for name in names)
        if named and condition.cel is None and restrictions(condition.says):
            return index, condition
    return None
