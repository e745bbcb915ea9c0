"""Deadlines in a form in which they can be compared."""

import re
from dataclasses import dataclass
from datetime import timedelta

import isodate

from sopc.graph import Deadline
from sopc.graph.duration import is_business
from sopc.organization.name import folded

_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(am|pm)?\.?", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NOON = 12


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline's value, and what it has to share with another to be compared with it."""

    of: tuple[str, ...]
    value: object


def due(deadline: Deadline) -> Due | None:
    """Give a deadline to compare; None where only a calendar could tell when it is."""
    anchor = (str(deadline.relation), folded(deadline.of or ""))
    if deadline.within is not None:
        if is_business(deadline.within):
            count, _, unit = deadline.within.split()
            return Due((*anchor, f"business {unit.removesuffix('s')}"), int(count))
        length = isodate.parse_duration(deadline.within)
        return Due((*anchor, "clock"), length) if isinstance(length, timedelta) else None
    words = (deadline.by or "").strip().lower()
    clock = _CLOCK.fullmatch(words)
    if clock is not None and (clock[2] or clock[3]):
        hour, half = int(clock[1]), (clock[3] or "").lower()
        if half:
            hour = hour % _NOON + _NOON * (half == "pm")
        return Due((*anchor, "time of the day"), hour * 60 + int(clock[2] or 0))
    return Due((*anchor, "weekday"), words) if words in _DAYS else None
