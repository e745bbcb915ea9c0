"""The rule `impossible-deadline`, SOP303."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import Deadline, Procedure, Retry, Step
from sopc.graph.timing import Relation
from sopc.rules.context import CheckContext, StepPlace
from sopc.rules.rule import Flaw, GraphPath, rule
from sopc.rules.timing.reach import (
    Reach,
    anchor,
    conditions,
    is_later,
    least,
    measure_exceeded,
    most,
    times,
)
from sopc.rules.timing.shortest_way import ShortestWays, Wait

_LARGEST = 1e15


@rule("SOP303", "impossible-deadline", Severity.ERROR)
def impossible_deadline(context: CheckContext) -> Iterator[Flaw]:
    """A deadline that is over before what it bounds can be.

    ## What it does
    Finds deadlines that are shorter than what passes inside them for certain: the duration of a
    wait, the procedure that a call waits for, a delay that counts from the same moment, the waits
    on every way through a procedure, and the retries of a step. The last only matter when the step
    fails, so they are a warning. Business time is counted on the organization's calendar, where
    there is one; what depends on the day that it begins on is left alone.

    ## Why it matters
    It is late in every run. Reminders and escalations go out although everybody does as they were
    told, and soon nobody heeds them.

    ## Example
    ```yaml
    - id: cooling-off
      kind: wait
      title: Wait for 14 days
      duration: P14D
      deadlines:
        - says: within 10 days
          within: P10D
    ```

    ## Use instead
    ```yaml
    - id: cooling-off
      kind: wait
      title: Wait for 14 days
      duration: P14D
    ```
    Or a deadline that is longer than what it bounds.

    ## Fix safety
    No fix is offered: whether the deadline or the wait is wrong is for the people who own the
    procedure.
    """
    ways = ShortestWays(context.flows, context.working)
    for procedure, path in context.procedures():
        yield from _of_procedure(context, ways, procedure, path)
    for at in context.steps:
        for number, deadline in enumerate(at.step.deadlines):
            if deadline.vague or deadline.within is None:
                continue
            place = (*at.path, "deadlines", number, "within")
            inside = _too_long(context, ways, at, deadline)
            if inside is None:
                continue
            what, where, severity = inside
            yield Flaw(
                at=place,
                message=f"the deadline of step `{at.step.id}` is over before {what}",
                about=at.about("deadlines"),
                key=deadline.says,
                label="ends first",
                related=((where, "takes longer"),),
                help="make the deadline longer, or what it bounds shorter",
                cite=deadline.cite or at.cite(),
                step=at.step.id,
                severity=severity,
            )


def _too_long(
    context: CheckContext, ways: ShortestWays, at: StepPlace, deadline: Deadline
) -> tuple[str, GraphPath, Severity | None] | None:
    """Say what is over later than the deadline, where it stands, and how much that matters."""
    step, cases = at.step, conditions(deadline)
    for number, delay in enumerate(step.delays):
        # Without a common moment, the delay decides when the deadline begins to count.
        if delay.of and deadline.of and not delay.vague and conditions(delay) <= cases:
            place = (*at.path, "delays", number, "wait")
            if is_later(delay, deadline, context.working):
                return f"its delay of `{delay.wait}` is", place, None
    if anchor(deadline) or deadline.relation is Relation.BEFORE or deadline.within is None:
        return None
    bound = most(deadline.within, context.working)
    inside = ways.inside(step, at.path)
    if inside is not None and measure_exceeded(inside.reach, bound) is not None:
        if inside.path[-1] == "procedure":
            return f"procedure `{inside.words}`, which it waits for, is", inside.path, None
        return f"its wait of `{inside.words}` is", inside.path, None
    if step.retry is not None and step.retry.delay and step.retry.times:
        reach = _retrying(step.retry, least(step.retry.delay, context.working))
        if measure_exceeded(reach, bound) is not None:
            place = (*at.path, "retry", "delay")
            return _attempts(step.retry.times, step.retry.delay), place, Severity.WARNING
    return None


def _attempts(number: int, delay: str) -> str:
    return (
        f"its {number} retries after `{delay}` are"
        if number > 1
        else (f"its retry after `{delay}` is due")
    )


def _retrying(retry: Retry, delay: Reach) -> Reach:
    """Give how long all attempts take: a geometric series, up to a length that nobody waits."""
    number = retry.times or 0
    try:
        factor = (
            float(number)
            if retry.backoff == 1
            else (retry.backoff**number - 1) / (retry.backoff - 1)
        )
    except OverflowError:
        factor = _LARGEST
    return times(min(factor, _LARGEST), delay)


def _of_procedure(
    context: CheckContext, ways: ShortestWays, procedure: Procedure, path: GraphPath
) -> Iterator[Flaw]:
    takes, found, kept = ways.takes(procedure.id), [], False
    for number, deadline in enumerate(procedure.deadlines):
        if deadline.vague or anchor(deadline) or deadline.relation is Relation.BEFORE:
            continue
        if deadline.within is None:
            continue
        bound = most(deadline.within, context.working)
        measure = measure_exceeded(takes, bound)
        if measure is not None:
            found.append((number, deadline, measure, bound[measure]))
        elif not deadline.when:
            kept = True
    for number, deadline, measure, limit in found:
        # Several for all cases are probably those of several cases; that one is kept will do.
        if kept and not deadline.when:
            continue
        yield Flaw(
            at=(*path, "deadlines", number, "within"),
            message=f"the deadline of procedure `{procedure.id}` is over before its waits are",
            about=f"procedures.{procedure.id}.deadlines",
            key=deadline.says,
            label="ends first",
            help="make the deadline longer, or the waits on the way shorter",
            cite=deadline.cite or procedure.cite,
            chain=tuple(_up_to(limit, ways.waits(procedure.id, measure), measure)),
        )


def _up_to(
    limit: float, waits: list[tuple[Step, Wait]], measure: int
) -> Iterator[tuple[GraphPath, str]]:
    """Give the waits one by one, as far as the one in which the deadline ends."""
    passed = 0.0
    for step, wait in waits:
        yield wait.path, f"`{step.id}` takes `{wait.words}`"
        passed += wait.reach[measure]
        if passed > limit:
            return
