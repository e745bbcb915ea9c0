"""Counting in working time: over nights, weekends, holidays and changes of the clock.

Everything here is a function of its arguments; there is no clock. Instants go in with any time
zone and come out in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import isodate

from sopc.graph.duration import is_business
from sopc.organization.calendar import WEEK, Holidays
from sopc.organization.holiday import holiday_name

if TYPE_CHECKING:
    from sopc.organization.organization import Organization

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingTime:
    """When an organization, or one calendar of it, is at work.

    Attributes:
        zone: The time zone that days and hours are meant in.
        days: The days of the working week; 0 is Monday.
        opens: When work begins on each of them, by the clock on the wall.
        closes: When it ends.
        off: The days off.
    """

    zone: ZoneInfo
    days: frozenset[int]
    opens: time
    closes: time
    off: Holidays | None = None

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day is of the working week and no holiday."""
        return day.weekday() in self.days and holiday_name(self.off, day) is None

    def working_days(self, first: date) -> Iterator[date]:
        """Give the working days from a day on, that day included; ends with the year 9999."""
        day = first
        while True:
            if self.is_working_day(day):
                yield day
            if day == date.max:
                return
            day += _DAY

    def hours(self, day: date) -> tuple[datetime, datetime]:
        """Give the instants at which work begins and ends on a day."""
        return self._instant(day, self.opens), self._instant(day, self.closes)

    def at_work(self, instant: datetime) -> datetime:
        """Give the instant itself during work, else the one at which work begins again."""
        now = _in_utc(instant)
        for day in self.working_days(now.astimezone(self.zone).date()):
            opens, closes = self.hours(day)
            if now <= closes:
                return max(now, opens)
        raise _beyond(instant)

    def end_of_business_day(self, instant: datetime) -> datetime:
        """Give the end of the working day that an instant lies in or, outside of work, the next."""
        day = self.at_work(instant).astimezone(self.zone).date()
        return self.hours(day)[1]

    def add(self, instant: datetime, duration: str) -> datetime:
        """Give the instant at which a duration is over that begins at an instant.

        Business time begins when work does. Business days keep the time of the day: from
        Thursday 15:00, 2 business days end on Monday 15:00; from Saturday, 1 ends on Tuesday when
        work begins. A business week is as many business days as the working week has. Business
        hours and minutes run while work does, and may end just when it ends. ISO durations are
        elapsed time, but for their months and years, which keep the time of the day in the zone.

        Raises:
            OverflowError: It would end after the year 9999.
        """
        if not is_business(duration):
            return self._after_elapsed(instant, duration)
        count, _, unit = duration.split(" ")
        start = self.at_work(instant)
        if unit.startswith("hour"):
            return self._after_work(start, timedelta(hours=int(count)))
        if unit.startswith("minute"):
            return self._after_work(start, timedelta(minutes=int(count)))
        days = int(count) * (len(self.days) if unit.startswith("week") else 1)
        local = start.astimezone(self.zone)
        day = next(islice(self.working_days(local.date()), days, None), None)
        if day is None:
            raise _beyond(instant)
        return self._instant(day, local.time())

    def _after_work(self, start: datetime, left: timedelta) -> datetime:
        for day in self.working_days(start.astimezone(self.zone).date()):
            opens, closes = self.hours(day)
            begins = max(start, opens)
            if begins + left <= closes:
                return begins + left
            left -= max(closes - begins, timedelta())
        raise _beyond(start)

    def _after_elapsed(self, instant: datetime, duration: str) -> datetime:
        length = isodate.parse_duration(duration)
        try:
            if isinstance(length, timedelta):
                return _in_utc(instant) + length
            wall = _in_utc(instant).astimezone(self.zone).replace(tzinfo=None) + length
            return self._instant(wall.date(), wall.time())
        except (OverflowError, ValueError):
            raise _beyond(instant) from None

    def _instant(self, day: date, at: time) -> datetime:
        """Give the instant of a wall time: the first of two, the later clock's where there is none.

        That is what PEP 495 makes of `fold=0`: a time that the clock skips in spring is read by
        the clock before the change.
        """
        return datetime.combine(day, at.replace(fold=0), tzinfo=self.zone).astimezone(UTC)


def working_time(organization: "Organization", calendar: str | None = None) -> WorkingTime | None:
    """Give the working time of an organization, or of its calendar by that id or name.

    Returns:
        None where there is no such calendar, or time zone or business hours are not stated.
    """
    own = organization.calendar(calendar) if calendar is not None else None
    if calendar is not None and own is None:
        return None
    zone = (own and own.time_zone) or organization.time_zone
    hours = (own and own.business_hours) or organization.business_hours
    if zone is None or hours is None:
        return None
    return WorkingTime(
        ZoneInfo(zone),
        frozenset(WEEK.index(day) for day in hours.days),
        hours.opens,
        hours.closes,
        (own and own.holidays) or organization.holidays,
    )


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"`{instant}` has no time zone")
    return instant.astimezone(UTC)


def _beyond(instant: datetime) -> OverflowError:
    return OverflowError(f"from {instant.isoformat()}, it would end after the year 9999")
