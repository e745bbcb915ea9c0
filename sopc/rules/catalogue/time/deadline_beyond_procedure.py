"""The rule `deadline-beyond-procedure`, SOP304."""

from collections.abc import Iterator, Sequence

from sopc.diagnostics import Severity
from sopc.graph import Deadline
from sopc.organization import WorkingTime
from sopc.rules.context import CheckContext, StepPlace
from sopc.rules.rule import Flaw, rule
from sopc.rules.timing.point_in_time import date_in
from sopc.rules.timing.reach import conditions, is_later


@rule("SOP304", "deadline-beyond-procedure", Severity.WARNING)
def deadline_beyond_procedure(context: CheckContext) -> Iterator[Flaw]:
    """A step's deadline that is later than that of the procedure it belongs to.

    ## What it does
    Finds steps that may take longer than their procedure as a whole: both deadlines count from
    where the thing begins, or from the same named moment, or both are dates. Where a procedure has
    several deadlines for all cases, the longest counts. What depends on the day that a run begins
    on is left alone.

    ## Why it matters
    The procedure is late while its step is still in time, so nobody is reminded until it is too
    late. One of the two says something that nobody means.

    ## Example
    ```yaml
    deadlines:
      - says: the refund is done within 2 business days
        within: 2 business days
    steps:
      - id: issue-refund
        kind: action
        title: Issue the refund in Stripe
        deadlines:
          - says: within 5 business days
            within: 5 business days
    ```

    ## Use instead
    ```yaml
    deadlines:
      - says: the refund is done within 7 business days
        within: 7 business days
    ```
    Or a shorter time for the step.

    ## Fix safety
    No fix is offered: which of the two is meant is for the people who own the procedure.
    """
    for at in context.steps:
        bounds = at.procedure.deadlines
        if not bounds:
            continue
        for number, deadline in enumerate(at.step.deadlines):
            if deadline.vague:
                continue
            beyond = _beyond(deadline, at, bounds, context.working)
            if beyond is None:
                continue
            field = "within" if deadline.within else "by"
            whole = bounds[beyond]
            place = (*at.path[:2], "deadlines", beyond, "within" if whole.within else "by")
            yield Flaw(
                at=(*at.path, "deadlines", number, field),
                message=(
                    f"step `{at.step.id}` may take longer than all of procedure `{at.procedure.id}`"
                ),
                about=at.about("deadlines"),
                key=deadline.says,
                label="is later",
                related=((place, "bounds the whole"),),
                help="make the step's deadline shorter, or that of the procedure longer",
                cite=deadline.cite or at.cite(),
                step=at.step.id,
            )


def _beyond(
    deadline: Deadline, at: StepPlace, bounds: Sequence[Deadline], working: WorkingTime | None
) -> int | None:
    """Give the place of a deadline of the procedure that ends before the step's, in all cases."""
    cases = conditions(deadline) | {each.cel or each.says.casefold() for each in at.step.when}
    later = [
        (number, _is_later(deadline, bound, working))
        for number, bound in enumerate(bounds)
        if not bound.vague and conditions(bound) <= cases
    ]
    return later[0][0] if later and all(ends_first for _, ends_first in later) else None


def _is_later(deadline: Deadline, bound: Deadline, working: WorkingTime | None) -> bool:
    if deadline.within is None and bound.within is None:
        day, last = date_in(deadline.by), date_in(bound.by)
        return day is not None and last is not None and day > last
    return is_later(deadline, bound, working)
