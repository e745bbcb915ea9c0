"""The rule `past-date`, SOP307."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import Citation, Procedure, Step, WaitStep
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, GraphPath, rule
from sopc.rules.timing.point_in_time import date_in


@rule("SOP307", "past-date", Severity.WARNING)
def past_date(context: CheckContext) -> Iterator[Flaw]:
    """A time on a date that has passed.

    ## What it does
    Finds deadlines, delays and waits, those of escalations included, that name a day with its year
    which lies in the past.

    ## Why it matters
    A run that starts today is late before it has begun, or does not wait at all. Often the
    procedure was written for one occasion, and nobody has looked at it since.

    ## Example
    ```yaml
    deadlines:
      - says: by December 31, 2019
        by: December 31, 2019
    ```

    ## Use instead
    ```yaml
    deadlines:
      - says: by the end of the year
        by: end of the year
    ```

    ## Fix safety
    No fix is offered: which day is meant now is for the people who own the procedure.
    """
    for procedure, path in context.procedures():
        yield from _passed(context, procedure, path, f"procedures.{procedure.id}")
    for at in context.steps:
        yield from _passed(context, at.step, at.path, f"steps.{at.step.id}")


def _passed(
    context: CheckContext, owner: Procedure | Step, path: GraphPath, about: str
) -> Iterator[Flaw]:
    whole = owner.cite if isinstance(owner, Procedure) else owner.citations.get("title")
    for place, words, cite in _points(owner):
        day = date_in(words)
        if day is None or day >= context.today:
            continue
        effect = "every run is late" if "deadlines" in place else "nothing is waited for"
        yield Flaw(
            at=(*path, *place),
            message=f"`{words}` has passed, so {effect}",
            about=f"{about}.{place[0]}",
            key=words,
            help="write the next day, or a time that is counted from the beginning of the run",
            cite=cite or whole,
            step=None if isinstance(owner, Procedure) else owner.id,
        )


def _points(owner: Procedure | Step) -> Iterator[tuple[GraphPath, str, Citation | None]]:
    for number, deadline in enumerate(owner.deadlines):
        if deadline.by:
            yield ("deadlines", number, "by"), deadline.by, deadline.cite
    for at, rung in enumerate(owner.escalation):
        for number, deadline in enumerate(rung.deadlines):
            if deadline.by:
                place = ("escalation", at, "deadlines", number, "by")
                yield place, deadline.by, deadline.cite or rung.cite
    if isinstance(owner, Procedure):
        return
    for number, delay in enumerate(owner.delays):
        if delay.until:
            yield ("delays", number, "until"), delay.until, delay.cite
    if isinstance(owner, WaitStep) and owner.until:
        yield ("until",), owner.until, owner.citations.get("until")
