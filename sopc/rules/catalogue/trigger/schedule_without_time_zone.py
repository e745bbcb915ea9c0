"""The rule `schedule-without-time-zone`, SOP103."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import ScheduleTrigger
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP103", "schedule-without-time-zone", Severity.WARNING, leans_on_organization=True)
def schedule_without_time_zone(context: CheckContext) -> Iterator[Flaw]:
    """A schedule whose clock is not known.

    ## What it does
    Finds schedules with neither an IANA time zone of their own nor one in the organization file.

    ## Why it matters
    "Every Monday at 09:00" is another moment in every office, and moves by an hour twice a year
    where the clocks change.

    ## Example
    ```yaml
    triggers:
      - kind: schedule
        id: weekly
        says: every Monday at 09:00
        cron: 0 9 * * 1
    ```

    ## Use instead
    ```yaml
    triggers:
      - kind: schedule
        id: weekly
        says: every Monday at 09:00
        cron: 0 9 * * 1
        time_zone: Europe/Berlin
    ```
    Or write `time_zone: Europe/Berlin` once, in `organization.yaml`.

    ## Fix safety
    No fix is offered: the place whose clock counts is not in the graph.
    """
    if context.organization is not None and context.organization.time_zone is not None:
        return
    for place in context.triggers:
        trigger = place.trigger
        if not isinstance(trigger, ScheduleTrigger) or trigger.cron is None:
            continue
        if trigger.time_zone is not None:
            continue
        yield Flaw(
            at=(*place.path, "cron"),
            message=f"schedule `{trigger.id}` does not say in which time zone",
            about=place.about("time_zone"),
            help="add an IANA `time_zone`, as `Europe/Berlin`, here or to `organization.yaml`",
            cite=trigger.cite,
        )
