"""When things are due: anchors, durations and points in time in words, as instants.

The words that name a moment are matched without articles and "of": `the trigger`, a step's id or
title (when it was done), a value that is a time (`the meeting's end` is `meeting_end`), `the last
step`, or a moment that a person told the run. Nothing else is guessed.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import isodate

from sopc.graph import DataType, Deadline, Delay, Relation
from sopc.graph.duration import is_business
from sopc.organization import WorkingTime
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import Phase, RunState

_START = frozenset({"", "trigger", "start", "event", "run", "start of run", "trigger event"})
_LAST = frozenset({"last step", "previous step", "step before", "preceding step"})
_NOISE = frozenset({"the", "of", "a", "an", "time", "date", "at", "on", "its", "this"})
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>am|pm)?"
_MIDNIGHT, _NOON = time(0), time(12)
_DAY = timedelta(days=1)
_HALF_DAY = 12
_LAST_HOUR = 23
_LAST_MINUTE = 59
_LAST_MONTH = 12
_LONGEST_SEARCH = 400
FAR = datetime(9000, 1, 1, tzinfo=UTC)
"""Stands for what is later than any calendar tells."""


def working(program: Program) -> WorkingTime:
    """Give the organization's working time; weekdays from 9 to 17 where it is not stated."""
    return program.working or WorkingTime(zone(program), frozenset(range(5)), time(9), time(17))


def zone(program: Program) -> ZoneInfo:
    """Give the organization's time zone; UTC where it is not stated."""
    organization = program.organization
    return ZoneInfo((organization.time_zone if organization else None) or "UTC")


def moment_of(program: Program, state: RunState, words: str | None) -> datetime | None:
    """Give the moment that words name; None where nothing in the run says when that is."""
    folded = _folded(words or "")
    if folded in _START:
        return state.occurred
    told = state.moments.get(folded)
    if told is not None:
        return told
    if folded in _LAST:
        ended = [each.ended for each in state.steps.values() if each.ended is not None]
        return max(ended, default=state.occurred)
    for step in program.procedure.steps:
        if folded in {_folded(step.id), _folded(step.title)}:
            own = state.steps.get(step.id)
            return own.ended if own is not None and own.phase is Phase.DONE else None
    return _value(program, state, folded)


def moment_key(words: str) -> str:
    """Give the words under which a run keeps a moment that a person told."""
    return _folded(words)


def due_of(
    program: Program, state: RunState, bound: Deadline | Delay, base: datetime
) -> datetime | None:
    """Give when a bound is due that counts from `base` where it names no moment.

    Returns:
        None where no clock can tell: it is vague, or its moment is not known.
    """
    length = bound.within if isinstance(bound, Deadline) else bound.wait
    words = bound.by if isinstance(bound, Deadline) else bound.until
    anchor = base if bound.of is None else moment_of(program, state, bound.of)
    if anchor is None:
        return None
    try:
        if length is not None and bound.relation is Relation.BEFORE:
            return _earlier(working(program), anchor, length)
        if length is not None:
            return working(program).add(anchor, length)
        if words is not None:
            return point(program, state, words, anchor, end=isinstance(bound, Deadline))
    except OverflowError:
        return None
    # "before the kickoff call", without a length
    return anchor if bound.of is not None and not bound.vague else None


def later(program: Program, start: datetime, duration: str) -> datetime:
    """Give the instant at which a duration is over."""
    try:
        return working(program).add(start, duration)
    except OverflowError:
        return FAR


def point(
    program: Program, state: RunState, words: str, base: datetime, *, end: bool
) -> datetime | None:
    """Give the first instant from `base` on that words name, as `17:00` or `friday`.

    Args:
        program: What the run goes by.
        state: The run.
        words: `17:00`, `end of business day`, `friday`, `day 20 of the month`, `2026-12-31`, or a
            value that is a time.
        base: Where to look from.
        end: Whether a day means its end (a deadline) or its beginning (until then nothing is done).
    """
    text = _plain(words)
    hours = working(program)
    local = base.astimezone(hours.zone)
    if text in {"end of business day", "end of business", "close of business", "cob", "eob"}:
        return hours.end_of_business_day(base)
    clock = re.fullmatch(_CLOCK, text)
    if text in {"noon", "midnight"} or (clock and (clock["minute"] or clock["half"])):
        at = {"noon": _NOON, "midnight": _MIDNIGHT}.get(text) or _time(clock)
        if at is None:
            return None
        today = _wall(local.date(), at, hours)
        # A step that a run of this day comes to after its hour is late, not early for tomorrow.
        missed = end and state.occurred <= today and local.date() == _day_of(state.occurred, hours)
        return today if missed or today >= base else _wall(local.date() + _DAY, at, hours)
    day, rest = _day(text, local.date())
    if day is None:
        return _value(program, state, _folded(words))
    clock = re.fullmatch(_CLOCK, rest.removeprefix("at ").strip()) if rest else None
    if rest and clock is None:
        return None
    at = _time(clock) if clock else None
    found = _wall(day, at, hours) if at else _edge(day, hours, end=end)
    if found < base and text.startswith(_WEEK):
        day += timedelta(days=7)
        found = _wall(day, at, hours) if at else _edge(day, hours, end=end)
    if found < base and end and at is None and day == local.date():
        # Whoever begins after hours has what is left of the day.
        found = _wall(day + _DAY, _MIDNIGHT, hours)
    return found


def _day_of(moment: datetime, hours: WorkingTime) -> date:
    return moment.astimezone(hours.zone).date()


def _plain(words: str) -> str:
    """Give words without what prose puts around them: `12 noon`, `9:15 AM.`, `5 p.m.`."""
    text = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", " ".join(words.casefold().split()))
    text = re.sub(r"^12 (noon|midnight)\b", r"\1", text.removeprefix("the "))
    return text.rstrip(".,; ")


def _day(text: str, today: date) -> tuple[date | None, str]:  # noqa: PLR0911 # one a form
    """Give the day that a text begins with, and the rest of the text."""
    iso = re.match(r"(\d{4}-\d{2}-\d{2})\b(.*)", text)
    if iso:
        try:
            return date.fromisoformat(iso[1]), iso[2].strip()
        except ValueError:
            return None, ""
    first, _, rest = text.partition(" ")
    if first in _WEEK:
        return today + timedelta(days=(_WEEK.index(first) - today.weekday()) % 7), rest
    if text in {"same day", "same business day"}:
        return today, ""
    if first in {"today", "tomorrow"}:
        return today + timedelta(days=first == "tomorrow"), rest
    if text in {"end of day", "eod"}:
        return today, ""
    if text in {"end of week", "eow"}:
        return today + timedelta(days=(_WEEK.index("friday") - today.weekday()) % 7), ""
    if text in {"end of month", "eom", "month end", "month-end"}:
        return _month_day(today, 31), ""
    if text in {"end of quarter", "end of year", "quarter end", "year end"}:
        last = _LAST_MONTH if "year" in text else 3 * ((today.month + 2) // 3)
        return _month_day(date(today.year, last, 1), 31), ""
    numbered = re.fullmatch(r"day (\d{1,2})(?: of the month)?", text)
    return (_month_day(today, int(numbered[1])) if numbered else None), ""


def _month_day(today: date, number: int) -> date | None:
    """Give the first day of that number from today on; months that are shorter end before it."""
    if number == 0:
        return None
    for ahead in range(_LONGEST_SEARCH):
        day = today + timedelta(days=ahead)
        last = (day + timedelta(days=1)).month != day.month
        if day.day == number or (last and day.day < number):
            return day
    return None


def _time(clock: re.Match[str] | None) -> time | None:
    if clock is None:
        return None
    hour, half = int(clock["hour"]), clock["half"]
    if half:
        hour = hour % _HALF_DAY + _HALF_DAY * (half == "pm")
    minute = int(clock["minute"] or 0)
    return time(hour, minute) if hour <= _LAST_HOUR and minute <= _LAST_MINUTE else None


def _wall(day: date, at: time, hours: WorkingTime) -> datetime:
    return datetime.combine(day, at, tzinfo=hours.zone).astimezone(UTC)


def _edge(day: date, hours: WorkingTime, *, end: bool) -> datetime:
    opens, closes = hours.hours(day)
    return closes if end else opens


def _earlier(hours: WorkingTime, anchor: datetime, duration: str) -> datetime:
    """Give the instant that lies a duration before another."""
    if not is_business(duration):
        length = isodate.parse_duration(duration)
        if isinstance(length, timedelta):
            return anchor.astimezone(UTC) - length
        wall = anchor.astimezone(hours.zone).replace(tzinfo=None) - length
        return datetime.combine(wall.date(), wall.time(), tzinfo=hours.zone).astimezone(UTC)
    count, _, unit = duration.split(" ")
    local = anchor.astimezone(hours.zone)
    if unit.startswith(("day", "week")):
        left = int(count) * (len(hours.days) if unit.startswith("week") else 1)
        day = local.date()
        while left:
            day -= timedelta(days=1)
            left -= hours.is_working_day(day)
        return _wall(day, local.time(), hours)
    work = timedelta(**{"hours" if unit.startswith("hour") else "minutes": int(count)})
    day = local.date()
    while True:
        if hours.is_working_day(day):
            opens, closes = hours.hours(day)
            until = min(anchor, closes)
            if until - opens >= work:
                return until - work
            work -= max(until - opens, timedelta())
        day -= timedelta(days=1)


def _value(program: Program, state: RunState, folded: str) -> datetime | None:
    """Give the value of the run that words name, if it is a time or a day."""
    for name, field in program.fields.items():
        if field.type not in {DataType.TIMESTAMP, DataType.DATE}:
            continue
        if name not in state.values or _tokens(name.replace("_", " ")) != _tokens(folded):
            continue
        text = state.values[name]
        if field.type is DataType.DATE:
            return _wall(date.fromisoformat(text), _MIDNIGHT, working(program))
        return datetime.fromisoformat(text).astimezone(UTC)
    return None


@lru_cache(maxsize=4096)
def _folded(words: str) -> str:
    plain = re.sub(r"['\u2019]s?\b", "", words.casefold())
    return " ".join(each for each in re.findall(r"\w+", plain) if each not in {"the", "a", "an"})


@lru_cache(maxsize=4096)
def _tokens(folded: str) -> frozenset[str]:
    return frozenset(_folded(folded).split()) - _NOISE
