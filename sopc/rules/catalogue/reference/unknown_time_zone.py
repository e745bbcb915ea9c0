"""The rule `unknown-time-zone`, SOP207."""

from collections.abc import Iterator, Mapping
from functools import cache
from zoneinfo import available_timezones

from sopc.diagnostics import Severity
from sopc.graph import ScheduleTrigger
from sopc.graph.edit import Put
from sopc.organization import is_time_zone
from sopc.rules.context import CheckContext
from sopc.rules.naming.nearest import Known
from sopc.rules.rule import Flaw, Repair, rule


@rule("SOP207", "unknown-time-zone", Severity.ERROR)
def unknown_time_zone(context: CheckContext) -> Iterator[Flaw]:
    """A time zone that does not exist.

    ## What it does
    Finds schedules whose `time_zone` is no name of the IANA time zone database.

    ## Why it matters
    No clock can be read in it, so the procedure does not start. Abbreviations as `CST` are no
    names: they mean other hours in other countries, and the same hours all year.

    ## Example
    ```yaml
    - id: weekly
      kind: schedule
      says: every Monday at 09:00 Chicago time
      cron: 0 9 * * 1
      time_zone: Chicago
    ```

    ## Use instead
    ```yaml
      time_zone: America/Chicago
    ```

    ## Fix safety
    The fix writes the zone of that city, or the nearest name. It is unsafe, because that is a
    guess. None is offered for abbreviations.
    """
    known: Known | None = None
    for place in context.triggers:
        trigger = place.trigger
        if not isinstance(trigger, ScheduleTrigger) or trigger.time_zone is None:
            continue
        zone = trigger.time_zone
        if is_time_zone(zone):
            continue
        known = known or Known(available_timezones(), kind="time zone")
        meant = _of_city(zone) or (None if zone.isupper() else known.nearest(zone))
        path = (*place.path, "time_zone")
        yield Flaw(
            at=path,
            message=f"there is no time zone `{zone}`",
            about=place.about("time_zone"),
            help=f"write `{meant}`"
            if meant
            else "write an IANA time zone, as `Europe/Berlin` or `America/Chicago`",
            cite=trigger.citations.get("time_zone") or trigger.cite,
            repair=Repair(f"write `{meant}`", (Put(path, meant),)) if meant else None,
        )


@cache
def _cities() -> Mapping[str, str]:
    """Give the zone that is called after each city, the one of fewest parts where several are."""
    zones = sorted(available_timezones(), key=lambda zone: (zone.count("/"), zone))
    found: dict[str, str] = {}
    for zone in zones:
        parts = zone.casefold().split("/")
        for at in range(1, len(parts)):
            found.setdefault("/".join(parts[at:]), zone)
    return found


def _of_city(name: str) -> str | None:
    """Give the zone that is called after a city."""
    return _cities().get(name.strip().replace(" ", "_").casefold())
