"""The rule `impossible-schedule`, SOP106."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import ScheduleTrigger
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule
from sopc.rules.timing.schedule import read_cron


@rule("SOP106", "impossible-schedule", Severity.ERROR)
def impossible_schedule(context: CheckContext) -> Iterator[Flaw]:
    """A schedule for a day that no year has.

    ## What it does
    Finds schedules whose `cron` names only days that none of its months has, as 30 February.

    ## Why it matters
    The procedure never starts, and nothing says so.

    ## Example
    ```yaml
    - id: end-of-february
      kind: schedule
      says: at the end of February
      cron: 0 9 30 2 *
    ```

    ## Use instead
    ```yaml
      cron: 0 9 L 2 *
    ```
    `L` is the last day of the month.

    ## Fix safety
    No fix is offered: which day was meant is for the people who own the procedure.
    """
    for place in context.triggers:
        trigger = place.trigger
        if not isinstance(trigger, ScheduleTrigger) or trigger.cron is None:
            continue
        cron = read_cron(trigger.cron)
        if cron is not None and len(cron.skipped_months) == len(cron.months):
            yield Flaw(
                at=(*place.path, "cron"),
                message=f"schedule `{trigger.id}` is never due: no such day is in its months",
                about=place.about("cron"),
                help="write a day that the months have; `L` is the last day of a month",
                cite=trigger.cite,
            )
