"""The rule `business-time-without-calendar`, SOP305."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from sopc.diagnostics import Severity
from sopc.graph import Cadence, Deadline, Delay, Procedure, Step, WaitStep
from sopc.graph.duration import is_business
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, GraphPath, rule

_WORK = re.compile(r"\b(?:business|working\s+(?:day|week|hour)s?|cob|eob)\b", re.IGNORECASE)
_SHOWN = 4


@rule("SOP305", "business-time-without-calendar", Severity.WARNING, leans_on_organization=True)
def business_time_without_calendar(context: CheckContext) -> Iterator[Flaw]:
    """Business time, and nobody has said when business is.

    ## What it does
    Finds the first business day, hour, minute or week of a graph, or "end of business day", where
    the organization file lacks `time_zone` or `business_hours`. Where there is no organization file
    at all, it is a note. The other places stand beside it; there is one finding in a graph.

    ## Why it matters
    Whether two business days from Friday afternoon end on Monday evening or on Tuesday depends on
    the calendar, and so does who is reminded when. Without one, such times cannot be counted.

    ## Example
    ```yaml
    deadlines:
      - says: within 2 business days
        within: 2 business days
    ```

    ## Use instead
    ```yaml
    name: Tidewater Studio
    time_zone: America/Chicago
    business_hours: {from: "09:00", to: "17:00"}
    holidays: {country: US}
    ```
    These lines go into `organization.yaml`, beside the graph or in a folder above it. Or write the
    time by the clock: `within: PT48H`.

    ## Fix safety
    No fix is offered: when people work is not in the graph.
    """
    if context.working is not None:
        return
    places = list(_places(context))
    if not places:
        return
    (first, words), *others = places
    yield Flaw(
        at=first,
        message=f"`{words}` cannot be counted: {_gap(context)}",
        about="organization.business_hours",
        related=tuple((path, "nor can this") for path, _ in others[: _SHOWN - 1]),
        help="add `time_zone`, `business_hours` and `holidays` to `organization.yaml`",
        notes=(f"business time stands in {len(places)} places",) if len(places) > _SHOWN else (),
        severity=Severity.NOTE if context.organization is None else None,
    )


def _places(context: CheckContext) -> Iterator[tuple[GraphPath, str]]:
    for procedure, path in context.procedures():
        for place, words in _of_all(procedure):
            yield (*path, *place), words
        for number, step in enumerate(procedure.steps):
            for place, words in chain(_of_all(step), _of_step(step)):
                yield (*path, "steps", number, *place), words


def _of_all(owner: Procedure | Step) -> Iterator[tuple[GraphPath, str]]:
    yield from _of_bounds(owner.deadlines, "deadlines")
    yield from _of_bounds(owner.cadences, "cadences")
    for number, rung in enumerate(owner.escalation):
        if rung.after and is_business(rung.after):
            yield ("escalation", number, "after"), rung.after
        yield from _of_bounds(rung.deadlines, "escalation", number, "deadlines")


def _of_step(step: Step) -> Iterator[tuple[GraphPath, str]]:
    yield from _of_bounds(step.delays, "delays")
    if step.retry and step.retry.delay and is_business(step.retry.delay):
        yield ("retry", "delay"), step.retry.delay
    if isinstance(step, WaitStep) and step.duration and is_business(step.duration):
        yield ("duration",), step.duration
    if isinstance(step, WaitStep) and step.until and _WORK.search(step.until):
        yield ("until",), step.until


def _of_bounds(
    bounds: Sequence[Deadline | Delay | Cadence], *path: str | int
) -> Iterator[tuple[GraphPath, str]]:
    for number, bound in enumerate(bounds):
        match bound:
            case Deadline(within=length, by=point):
                fields = "within", "by"
            case Delay(wait=length, until=point):
                fields = "wait", "until"
            case Cadence(every=length):
                fields, point = ("every", "until"), None
        if length and is_business(length):
            yield (*path, number, fields[0]), length
        elif point and _WORK.search(point):
            yield (*path, number, fields[1]), point


def _gap(context: CheckContext) -> str:
    if context.organization is None:
        return "there is no organization file that says when work is done"
    lacking = [
        f"`{field}`"
        for field in ("time_zone", "business_hours")
        if getattr(context.organization, field) is None
    ]
    return f"the organization file has no {' and no '.join(lacking)}"
