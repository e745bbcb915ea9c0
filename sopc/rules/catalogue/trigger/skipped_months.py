"""The rule `skipped-months`, SOP107."""

from calendar import month_name
from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import ScheduleTrigger
from sopc.graph.edit import Put
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, Repair, rule
from sopc.rules.timing.schedule import read_cron

_LAST = "31"


@rule("SOP107", "skipped-months", Severity.WARNING)
def skipped_months(context: CheckContext) -> Iterator[Flaw]:
    """A schedule that leaves out the short months.

    ## What it does
    Finds schedules for the 30th or 31st whose `cron` names months that have no such day.

    ## Why it matters
    What was to be done every month is not done in some of them, and nothing says so.

    ## Example
    ```yaml
    - id: month-end
      kind: schedule
      says: on the last day of each month at 17:00
      cron: 0 17 31 * *
    ```

    ## Use instead
    ```yaml
      cron: 0 17 L * *
    ```
    `L` is the last day of the month. Where the short months are to be left out, name the others.

    ## Fix safety
    The fix writes `L` for the 31st. It is unsafe: the procedure then runs in the short months too.
    """
    for place in context.triggers:
        trigger = place.trigger
        if not isinstance(trigger, ScheduleTrigger) or trigger.cron is None:
            continue
        cron = read_cron(trigger.cron)
        skipped = cron.skipped_months if cron is not None else ()
        if cron is None or not skipped or len(skipped) == len(cron.months):
            continue
        path, fields = (*place.path, "cron"), trigger.cron.split()
        last = " ".join((*fields[:2], "L", *fields[3:]))
        yield Flaw(
            at=path,
            message=f"schedule `{trigger.id}` is never due in "
            + ", ".join(month_name[month] for month in skipped),
            about=place.about("cron"),
            help="write `L` for the last day of the month, or name the months that are meant",
            cite=trigger.cite,
            repair=Repair(f"write `{last}`", (Put(path, last),)) if fields[2] == _LAST else None,
        )
