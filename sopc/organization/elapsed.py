"""How long a duration takes by the clock: at the least and at the most, whenever it begins."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, islice

import isodate

from sopc.graph.duration import is_business
from sopc.organization.working_time import WorkingTime

# The calendar repeats after 28 years: in them, every date falls on every day of the week.
_FIRST = date(2020, 1, 1)
_YEARS = 28
_LEAP_CYCLE = 4 * 365 + 1
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The bounds of a duration in elapsed time; no beginning makes it shorter or longer.

    Attributes:
        shortest: What it takes at the least.
        longest: What it takes at the most, the wait for work to begin included.
    """

    shortest: timedelta
    longest: timedelta


@lru_cache(maxsize=1024)
def elapsed(duration: str, working: WorkingTime | None = None) -> Elapsed | None:
    """Give the bounds of a duration; None for business time where the working time is not known.

    Business time is measured over the 28 years from 2020 on, with their holidays.
    """
    if not is_business(duration):
        return _iso(duration)
    if working is None:
        return None
    count, _, unit = duration.split(" ")
    if unit.startswith(("hour", "minute")):
        work = timedelta(**{"hours" if unit.startswith("hour") else "minutes": int(count)})
        return _of_work(working, work)
    return _of_days(working, int(count) * (len(working.days) if unit.startswith("week") else 1))


def _iso(duration: str) -> Elapsed:
    length = isodate.parse_duration(duration)
    if isinstance(length, timedelta):
        return Elapsed(length, length)
    first = datetime.combine(_FIRST, datetime.min.time())
    starts = [first + timedelta(days=day) for day in range(_LEAP_CYCLE)]
    try:
        lengths = [start + length - start for start in starts]
    except (OverflowError, ValueError):
        return Elapsed(timedelta.max, timedelta.max)
    return Elapsed(min(lengths), max(lengths))


def _of_days(working: WorkingTime, days: int) -> Elapsed | None:
    starts, hours = _hours(working, -(-days // _BLOCK) * _BLOCK)
    spans = [
        span
        for (opens, closes), (opens_then, closes_then) in zip(
            hours[:starts], hours[days:], strict=False
        )
        for span in (opens_then - opens, closes_then - closes)
    ]
    # Just after closing, the count begins when work does.
    waits = [
        hours[at + days][0] - hours[at - 1][1] for at in range(1, min(starts, len(hours) - days))
    ]
    return Elapsed(min(spans), max(*spans, *waits)) if spans and waits else None


def _of_work(working: WorkingTime, work: timedelta) -> Elapsed | None:
    starts, hours = _hours(working, _BLOCK)
    if starts <= 1:
        return None
    blocks = 1
    while sum((closes - opens for opens, closes in hours[starts:]), timedelta()) < work:
        blocks *= 2
        before = len(hours)
        starts, hours = _hours(working, blocks * _BLOCK)
        if len(hours) == before:
            return None
    done = list(accumulate((closes - opens for opens, closes in hours), initial=timedelta()))

    def end(begins: int) -> datetime:
        at = bisect_left(done, done[begins] + work) - 1
        return hours[at][0] + done[begins] + work - done[at]

    ends = [end(begins) for begins in range(starts)]
    return Elapsed(
        min(ends[at] - hours[at][0] for at in range(starts)),
        max(ends[at] - hours[at - 1][1] for at in range(1, starts)),
    )


@lru_cache(maxsize=16)
def _hours(working: WorkingTime, more: int) -> tuple[int, list[tuple[datetime, datetime]]]:
    """Give how many working days the years have, and the hours of these and of `more`."""
    last = date(_FIRST.year + _YEARS, 1, 1)
    days: list[date] = []
    for day in working.working_days(_FIRST):
        if day >= last:
            break
        days.append(day)
    following = list(islice(working.working_days(last), more))
    return len(days), [working.hours(day) for day in (*days, *following)]
