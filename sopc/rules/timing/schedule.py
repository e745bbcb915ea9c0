"""Cron expressions: whether one can be read, when it is due, and whether it ever is."""

from calendar import monthrange
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from cronsim import CronSim, CronSimError

_FIELDS = ("minute", "hour", "day", "month", "weekday")
_LEAP_YEAR = 2000
_FIRST_SKIPPED = 29


@dataclass(frozen=True, slots=True)
class Cron:
    """The sets of values of a cron expression, as `cronsim` reads them.

    Two that are written in other ways and due at the same times are equal. `both` tells whether
    day and weekday have to fit both, or either of them.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int | tuple[int, int]]
    both: bool

    @property
    def skipped_months(self) -> tuple[int, ...]:
        """The months that it names and never is due in, because they are too short.

        Only where the day of the month alone decides.
        """
        if not self.both or min(self.days) < _FIRST_SKIPPED:
            return ()
        return tuple(month for month in sorted(self.months) if _longest(month) < min(self.days))


@lru_cache(maxsize=1024)
def read_cron(text: str) -> Cron | None:
    """Read a cron expression of five fields; None if it cannot be read.

    One that can be read and is never due, as `0 9 30 2 *`, has the months that it skips for all
    its months.
    """
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return None
    # cronsim refuses what is never due, so days and months are read apart.
    days = _read(*fields[:3], "*", fields[4])
    months = _read("0", "0", "*", fields[3], "*")
    if days is None or months is None:
        return None
    return Cron(
        frozenset(days.minutes),
        frozenset(days.hours),
        frozenset(days.days),
        frozenset(months.months),
        _sundays_once(days.weekdays),
        fields[2].startswith("*") or fields[4].startswith("*"),
    )


def _read(*fields: str) -> CronSim | None:
    try:
        return CronSim(" ".join(fields), datetime(_LEAP_YEAR, 1, 1, tzinfo=UTC))
    except CronSimError:
        return None


def _sundays_once(
    weekdays: AbstractSet[int | tuple[int, int]],
) -> frozenset[int | tuple[int, int]]:
    """Give the weekdays with every Sunday as 0; cron writes it as 7, too."""
    return frozenset(day % 7 if isinstance(day, int) else (day[0] % 7, day[1]) for day in weekdays)


def _longest(month: int) -> int:
    return monthrange(_LEAP_YEAR, month)[1]
