"""The rule `duplicate-trigger`, SOP105."""

from collections import defaultdict
from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import DataField, EventTrigger, ScheduleTrigger
from sopc.graph.edit import Drop
from sopc.organization.name import folded
from sopc.rules.context import CheckContext, TriggerPlace
from sopc.rules.logic import Witness, together
from sopc.rules.rule import Flaw, GraphPath, Repair, rule
from sopc.rules.timing.schedule import read_cron

_COMPARED = 20
"""With how many earlier triggers of the same event one is compared."""

_MOST = 2_000
"""How many pairs of a file are compared: nobody writes so many."""


@rule("SOP105", "duplicate-trigger", Severity.WARNING)
def duplicate_trigger(context: CheckContext) -> Iterator[Flaw]:
    """Two triggers that start for the same event.

    ## What it does
    Finds triggers of one system and event whose filters are equal, missing, or true at once for
    some data, which is named; and schedules of one procedure that are due at the same times. Two
    procedures that start for one event are a note, unless a condition on the whole of either tells
    them apart.

    ## Why it matters
    The procedure runs twice for one event: two refunds, two emails. Two procedures that start for
    one event may be meant, or may be one that was written down twice.

    ## Example
    ```yaml
    triggers:
      - {id: small, kind: event, says: up to $500, system: zendesk, event: refund requested,
         filter: amount <= 50000}
      - {id: large, kind: event, says: from $500, system: zendesk, event: refund requested,
         filter: amount >= 50000}
    ```

    ## Use instead
    ```yaml
         filter: amount > 50000
    ```

    ## Fix safety
    Where one procedure has the same trigger twice, the fix drops the second. It is unsafe: one of
    the two may have been meant to say something else.
    """
    compared = 0
    for group in _alike(context).values():
        for index, place in enumerate(group):
            for earlier in group[: min(index, _COMPARED)]:
                compared += 1
                if compared > _MOST:
                    return
                flaw = _flaw(context, earlier, place)
                if flaw is not None:
                    yield flaw
                    break


def _alike(context: CheckContext) -> dict[object, list[TriggerPlace]]:
    """Give the triggers of each event, and those of each schedule in one procedure."""
    groups: dict[object, list[TriggerPlace]] = defaultdict(list)
    usual = context.organization.time_zone if context.organization else None
    for place in context.triggers:
        match place.trigger:
            case EventTrigger(system=str(system), event=str(event)):
                groups[system, folded(event)].append(place)
            case ScheduleTrigger(cron=str(text), time_zone=zone):
                cron = read_cron(text)
                if cron is not None:
                    groups[place.procedure.id, cron, zone or usual].append(place)
    return groups


def _flaw(context: CheckContext, earlier: TriggerPlace, place: TriggerPlace) -> Flaw | None:
    first, second = earlier.trigger, place.trigger
    within = earlier.procedure.id == place.procedure.id
    if not within and (earlier.procedure.scope or place.procedure.scope):
        return None
    same = _same(earlier, place)
    case = None if same else _case(context, earlier, place)
    if not same and case is None:
        return None
    field = _field(place)
    kind = "schedule" if isinstance(second, ScheduleTrigger) else "event"
    when = f" when {case}" if case else ""
    whose = "" if within else f" of procedure `{earlier.procedure.id}`"
    advice = (
        "keep one of them"
        if within and same
        else "let their filters exclude each other"
        if within
        else "tell them apart by a `filter`, or let one procedure `call` the other"
    )
    fits = same and within and _payload(second) in ((), _payload(first))
    return Flaw(
        at=field,
        message=f"trigger `{second.id}` starts for the same {kind} as `{first.id}`{whose}{when}",
        about=place.about(kind),
        key=f"{earlier.procedure.id}.{first.id}",
        help=advice,
        related=((_field(earlier), "starts here too"),),
        cite=second.cite,
        severity=None if within else Severity.NOTE,
        repair=Repair(f"drop trigger `{second.id}`", (Drop(place.path),)) if fits else None,
    )


def _same(earlier: TriggerPlace, place: TriggerPlace) -> bool:
    match earlier.trigger, place.trigger:
        case EventTrigger(filter=one), EventTrigger(filter=other):
            return one == other
    return True


def _case(context: CheckContext, earlier: TriggerPlace, place: TriggerPlace) -> str | None:
    """Give the data for which both start, in words; None if there is none, or it is not sure."""
    match earlier.trigger, place.trigger:
        case EventTrigger(filter=one, payload=payload), EventTrigger(filter=other, payload=more):
            fields = {each.name: each for each in (*context.graph.inputs, *payload)}
            if any(fields.get(each.name, each).type is not each.type for each in more):
                return None
            fields |= {each.name: each for each in more}
            found = together([cel for cel in (one, other) if cel is not None], fields)
            if isinstance(found, Witness) and found.sure:
                return found.words
    return None


def _field(place: TriggerPlace) -> GraphPath:
    match place.trigger:
        case EventTrigger(filter=str()):
            return (*place.path, "filter")
        case ScheduleTrigger():
            return (*place.path, "cron")
    return (*place.path, "event")


def _payload(trigger: object) -> tuple[DataField, ...]:
    return trigger.payload if isinstance(trigger, EventTrigger) else ()
