"""The rule `vague-time`, SOP302."""

from collections.abc import Iterator, Sequence

from sopc.diagnostics import Confidence, Severity
from sopc.graph import Cadence, Deadline, Delay, Procedure, Step
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, GraphPath, rule

Bound = Deadline | Delay | Cadence

_FIELDS = ("deadlines", "delays", "cadences")


@rule("SOP302", "vague-time", Severity.WARNING)
def vague_time(context: CheckContext) -> Iterator[Flaw]:
    """A time that no clock can read.

    ## What it does
    Finds deadlines, delays and cadences that are marked as vague ("promptly", "regularly"), or that
    have words but no duration, point in time or schedule.

    ## Why it matters
    "As soon as possible" is five minutes for one and a week for another. Nothing can be reminded,
    escalated or repeated by it.

    ## Example
    ```yaml
    deadlines:
      - says: as soon as possible
        vague: true
    ```

    ## Use instead
    ```yaml
    deadlines:
      - says: within 4 business hours
        within: 4 business hours
    ```

    ## Fix safety
    No fix is offered: how long it may take is for the people who own the procedure.
    """
    for procedure, path in context.procedures():
        yield from _vague(procedure, path, f"procedures.{procedure.id}", None)
    for at in context.steps:
        yield from _vague(at.step, at.path, f"steps.{at.step.id}", at.step.id)


def _vague(
    owner: Procedure | Step, path: GraphPath, about: str, step: str | None
) -> Iterator[Flaw]:
    for field in _FIELDS:
        bounds: Sequence[Bound] = getattr(owner, field, ())
        for index, bound in enumerate(bounds):
            if not bound.vague and _readable(bound):
                continue
            yield Flaw(
                at=(*path, field, index, "says"),
                message=f"`{bound.says}` is no time that a clock can read",
                about=f"{about}.{field}",
                key=bound.says,
                help="write a duration, as `within 2 business days`, or a time, as `by 17:00`",
                cite=bound.cite,
                step=step,
                confidence=None if bound.vague else Confidence.MEDIUM,
            )


def _readable(bound: Bound) -> bool:
    match bound:
        case Deadline():
            return bound.within is not None or bound.by is not None
        case Delay():
            return bound.wait is not None or bound.until is not None
        case Cadence():
            return bound.every is not None or bound.schedule is not None
