"""The rule `vague-time`, SOP302."""

from collections.abc import Iterator, Sequence

from sopc.diagnostics import Confidence, Severity
from sopc.graph import Cadence, Deadline, Delay, Procedure, Rung, Step, WaitStep
from sopc.graph.timing import Relation
from sopc.rules.context import CheckContext
from sopc.rules.naming.use import rungs
from sopc.rules.rule import Flaw, GraphPath, rule
from sopc.rules.timing.point_in_time import is_known_by_name, is_point
from sopc.rules.timing.schedule import read_cron

Bound = Deadline | Delay | Cadence

_FIELDS = ("deadlines", "delays", "cadences")
_HELP_ORDER = "say by when that is, or put the step in front of what it has to come before"
_HELP = "write a duration, as `within 2 business days`, or a time, as `by 17:00`"


@rule("SOP302", "vague-time", Severity.WARNING)
def vague_time(context: CheckContext) -> Iterator[Flaw]:
    """A time that no clock can read.

    ## What it does
    Finds deadlines, delays and cadences that are marked as vague ("promptly", "regularly"), or that
    have words but no duration, point in time or schedule; deadlines and waits whose point in time
    names no time of the day, no day and no turn of a period ("before lunch"); and schedules that
    are no cron expression. The deadlines of an escalation count, and its delays where it has no
    `after`. A delay until something has happened is left to the person who sees it, and so is a
    deadline by a date that each case has its own of ("the due date"). A deadline before something
    happens ("before the contract is signed") says an order and no time; it is a note.

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
    for rung, path, about, step in rungs(context):
        yield from _vague(rung, path, about, step)
    for at in context.steps:
        yield from _vague(at.step, at.path, f"steps.{at.step.id}", at.step.id)
        if isinstance(at.step, WaitStep) and at.step.until and not is_point(at.step.until):
            yield Flaw(
                at=(*at.path, "until"),
                message=f"`{at.step.until}` is no time that a clock can read",
                about=at.about("until"),
                help="write a time, as `17:00`, or the `event` that ends the wait",
                cite=at.cite("until"),
                step=at.step.id,
                confidence=Confidence.MEDIUM,
            )


def _vague(
    owner: Procedure | Step | Rung, path: GraphPath, about: str, step: str | None
) -> Iterator[Flaw]:
    for field in _FIELDS:
        if field == "delays" and isinstance(owner, Rung) and owner.after is not None:
            continue
        bounds: Sequence[Bound] = getattr(owner, field, ())
        for index, bound in enumerate(bounds):
            place, words, advice = "says", bound.says, _HELP
            if not bound.vague and _readable(bound):
                unread = _unread(bound)
                if unread is None:
                    continue
                place, words, advice = unread
            order = _says_an_order(bound)
            yield Flaw(
                at=(*path, field, index, place),
                message=f"`{words}` is no time that a clock can read",
                about=about if isinstance(owner, Rung) else f"{about}.{field}",
                key=bound.says,
                help=_HELP_ORDER if order else advice,
                cite=bound.cite,
                step=step,
                severity=Severity.NOTE if order else None,
                confidence=None if bound.vague or place == "schedule" else Confidence.MEDIUM,
            )


def _says_an_order(bound: Bound) -> bool:
    return (
        isinstance(bound, Deadline)
        and not (bound.vague or bound.within or bound.by)
        and bound.relation is Relation.BEFORE
        and bound.of is not None
    )


def _readable(bound: Bound) -> bool:
    match bound:
        case Deadline():
            before = _says_an_order(bound) and is_point(bound.of or "")
            return bound.within is not None or bound.by is not None or before
        case Delay():
            return bound.wait is not None or bound.until is not None
        case Cadence():
            return bound.every is not None or bound.schedule is not None


def _unread(bound: Bound) -> tuple[str, str, str] | None:
    """Give the field whose words say no time, these words, and what to write instead."""
    match bound:
        case Deadline(within=None, by=str(words)) if not (
            is_point(words) or is_known_by_name(words)
        ):
            return "by", words, _HELP
        case Cadence(schedule=str(words)) if read_cron(words) is None:
            return "schedule", words, "write five fields, as `0 9 * * 1` for Mondays at 09:00"
    return None
