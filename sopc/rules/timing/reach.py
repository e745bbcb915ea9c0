"""How far durations reach, at the least and at the most, so that unlike ones can be compared.

A reach is measured three ways at once: seconds by the clock, business days, seconds of work. So
three business days are more than two although, over a holiday, two can take longer by the clock.
"""

from math import inf

from sopc.graph import Cadence, Deadline, Delay
from sopc.graph.duration import is_business
from sopc.graph.timing import Relation
from sopc.organization import WorkingTime, elapsed

Reach = tuple[float, float, float]
"""Seconds by the clock, business days, seconds of work."""

NOTHING: Reach = (0.0, 0.0, 0.0)

_BEGINNING = frozenset({"", "trigger", "start"})
_HOUR = 3600.0
_DAY = 24 * _HOUR
_WEEK = 7


def least(duration: str, working: WorkingTime | None) -> Reach:
    """Give what passes at the least, whenever it begins, in an organization or in any."""
    return _bounds(duration, working)[0]


def most(duration: str, working: WorkingTime | None) -> Reach:
    """Give what passes at the most; infinite where that cannot be told."""
    return _bounds(duration, working)[1]


def added(first: Reach, second: Reach) -> Reach:
    """Give the reach of one thing after the other."""
    return first[0] + second[0], first[1] + second[1], first[2] + second[2]


def times(number: float, reach: Reach) -> Reach:
    """Give the reach of the same thing several times; parts of business days are left away."""
    return number * reach[0], number * reach[1] // 1 if reach[1] else 0.0, number * reach[2]


def measure_exceeded(reach: Reach, bound: Reach) -> int | None:
    """Give the first measure in which the least reach of one is more than the most of another."""
    # A bound below nothing is a slip that nothing inside it explains.
    return next((at for at in range(3) if reach[at] > max(bound[at], 0.0)), None)


def exceeds(duration: str, other: str, working: WorkingTime | None) -> bool:
    """Tell whether a duration is longer than another, whenever both begin."""
    return measure_exceeded(least(duration, working), most(other, working)) is not None


def anchor(bound: Deadline | Delay) -> str | None:
    """Give what a bound counts from, in words that can be compared.

    None where it is not said, or is the beginning of the run: no step is due before that.
    """
    words = " ".join((bound.of or "").casefold().removeprefix("the ").split())
    return None if words in _BEGINNING else words


def is_later(bound: Deadline | Delay, other: Deadline, working: WorkingTime | None) -> bool:
    """Tell whether the moment of a bound is later than that of another, which counts from the same.

    Bounds that count from different moments, or from one that is not said before it, are not
    compared.
    """
    length, limit = _length(bound), other.within
    if length is None or limit is None or anchor(bound) != anchor(other):
        return False
    if bound.relation is other.relation is Relation.AFTER:
        return exceeds(length, limit, working)
    if anchor(bound) is None or other.relation is Relation.AFTER:
        return False
    return bound.relation is Relation.AFTER or exceeds(limit, length, working)


def conditions(bound: Deadline | Delay | Cadence) -> frozenset[str]:
    """Give the cases that a bound is limited to, in words that can be compared."""
    return frozenset(each.cel or each.says.casefold() for each in bound.when)


def _length(bound: Deadline | Delay) -> str | None:
    return bound.within if isinstance(bound, Deadline) else bound.wait


def _bounds(duration: str, working: WorkingTime | None) -> tuple[Reach, Reach]:
    by_clock = elapsed(duration, working)
    shortest = by_clock.shortest.total_seconds() if by_clock else None
    longest = by_clock.longest.total_seconds() if by_clock else inf
    if not is_business(duration):
        return (shortest or 0.0, 0.0, 0.0), (longest, inf, inf)
    count, _, unit = duration.split(" ")
    if unit.startswith(("hour", "minute")):
        work = int(count) * (_HOUR if unit.startswith("hour") else 60.0)
        return (shortest or work, 0.0, work), (longest, inf, work)
    weeks = unit.startswith("week")
    if working is None:
        # A working week has one day at the least and seven at the most; a change of the clock
        # makes the count an hour shorter.
        days = float(count)
        clock = days * (_WEEK if weeks else 1) * _DAY - _HOUR
        return (clock, days, 0.0), (inf, days * (_WEEK if weeks else 1), inf)
    days = float(int(count) * (len(working.days) if weeks else 1))
    work = days * _working_day(working)
    return (shortest or 0.0, days, work), (longest, days, work)


def _working_day(working: WorkingTime) -> float:
    opens, closes = working.opens, working.closes
    return (closes.hour - opens.hour) * _HOUR + (closes.minute - opens.minute) * 60.0
