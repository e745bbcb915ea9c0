"""What a clock reads in a time expression: durations, points, cadences, cron, zones."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from sopc_compiler.language.time_grammar import CLOCK, DURATION, NUMBERS, WEEKDAY

_AMOUNT = re.compile(DURATION, re.IGNORECASE)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_BEFORE = re.compile(r"\b(?:before|prior|in\s+advance|ahead|beforehand|earlier)\b", re.IGNORECASE)
_OF = re.compile(
    r"\b(?:of|from|after|following|before|prior\s+to|past|upon)\s+(.+)$", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:no\s+later\s+than|not\s+later\s+than|as\s+early\s+as|on\s+or\s+before|by|before"
    r"|prior\s+to|until|at|on|in|during|at\s+least|the)\s+",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"(sec|min|h(?:ou)?r|day|w(?:ee)?k|fortnight|month|quarter|year)\w*$", re.IGNORECASE
)
_ISO = {
    "sec": "PT{}S",
    "min": "PT{}M",
    "hr": "PT{}H",
    "hour": "PT{}H",
    "day": "P{}D",
    "wk": "P{}W",
    "week": "P{}W",
    "month": "P{}M",
    "year": "P{}Y",
}
_LARGER = {"fortnight": ("week", 2), "quarter": ("month", 3)}
"""Units that ISO 8601 lacks, in those that it has."""
_SMALLER = {
    "day": ("hour", 24),
    "hour": ("min", 60),
    "hr": ("min", 60),
    "min": ("sec", 60),
    "week": ("day", 7),
    "wk": ("day", 7),
    "year": ("month", 12),
    "month": ("day", 30),
}
"""The units in which fractions are written, because ISO designators take whole numbers here."""
_SPELLED = {"min": "minute", "hr": "hour", "wk": "week"}
_BUSINESS_UNITS = frozenset({"minute", "hour", "day", "week"})
_EVERY = {
    "hour": "PT1H",
    "dai": "P1D",
    "day": "P1D",
    "night": "P1D",
    "week": "P1W",
    "fortnight": "P2W",
    "month": "P1M",
    "quarter": "P3M",
    "year": "P1Y",
    "annual": "P1Y",
    "minute": "PT1M",
    "morning": "P1D",
    "evening": "P1D",
    "afternoon": "P1D",
}
"""Rhythms by the beginnings of their words."""
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_IANA = re.compile(
    r"\b((?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_/]+|UTC|GMT)\b"
)
_RARER = {
    r"\bbi-?week|\bevery\s+other\s+(?:week|\w+day)": "P2W",
    r"\bbi-?month|\bevery\s+other\s+month": "P2M",
    r"\bsemi-?annual|\bbi-?annual|\bhalf-?year": "P6M",
    r"\bday\s+of\s+(?:the|each|every)\s+month": "P1M",
}
"""Rhythms whose words hold those of another one."""
_CLOCKS = re.compile(CLOCK, re.IGNORECASE)
_BEYOND_CRON = re.compile(
    r"\b(?:business|working|quarter\w*|year\w*|annual\w*|other|bi-?weekly|bi-?monthly|fortnight\w*"
    r"|\d+\s+weeks?|\d+\s+months?|two\s+(?:weeks|months)"
    r"|(?:first|second|third|fourth|last|1st|2nd|3rd|4th)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
"""Words of schedules that five fields cannot state."""
_US_ZONES = {
    "E": "America/New_York",
    "C": "America/Chicago",
    "M": "America/Denver",
    "P": "America/Los_Angeles",
}
"""North American zones by the first letter of their abbreviations."""


def duration(words: str) -> str | None:
    """Read the first length of time: `24 hours` as `PT24H`, `5 business days` as itself.

    Of a range ("2 to 3 days") the longer end is taken, because a bound holds to its end.
    """
    match = _AMOUNT.search(words)
    if match is None:
        return None
    text = match.group().lower()
    amount = _amount(text)
    unit = _UNIT.search(text)
    if amount is None or unit is None:
        return None
    name = unit.group(1)
    if re.search(r"\b(?:business|working|work)[\s-]", text):
        if not amount.is_integer():
            return None  # business time is counted in whole units
        kind = _SPELLED.get(name, name)
        if kind in _BUSINESS_UNITS:
            return f"{int(amount)} business {kind}{'' if amount == 1 else 's'}"
    return _iso(name, amount)


def _amount(text: str) -> float | None:
    figures = _FIGURE.findall(text)
    if figures:
        return max(float(figure) for figure in figures)
    for word in sorted(NUMBERS, key=len, reverse=True):
        if text.startswith(word):
            return NUMBERS[word]
    return None


def _iso(unit: str, amount: float) -> str:
    unit, factor = _LARGER.get(unit, (unit, 1))
    amount *= factor
    if not amount.is_integer():
        unit, factor = _SMALLER.get(unit, (unit, 1))
        amount *= factor
    return _ISO[unit].format(int(amount))


def comes_before(words: str) -> bool:
    """Tell whether a bound lies before what it is counted from ("two weeks before …")."""
    return _BEFORE.search(words) is not None


def anchor(words: str) -> str | None:
    """Give what a bound is counted from: `the meeting` of "4 hours after the meeting"."""
    length = _AMOUNT.search(words)
    match = _OF.search(words, length.end() if length else 0)
    return match.group(1).strip(" .,;") or None if match else None


def point(words: str) -> str:
    """Give a point in time without its preposition: `end of business day`."""
    before = None
    while before != words:
        before, words = words, _LEAD.sub("", words)
    return words.strip()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often: `times` per `every` (ISO 8601), or `cron` where a clock time is stated."""

    every: str | None
    times: int = 1
    cron: str | None = None


def rhythm(words: str) -> Rhythm:
    """Read a cadence: `2x daily` as twice per day, `every Monday at 9 AM` as `0 9 * * 1`."""
    lower = words.lower()
    return Rhythm(_every(lower), _times(lower), cron(words))


def _every(lower: str) -> str | None:
    length = _AMOUNT.search(lower)
    if length and re.search(r"\b(?:every|each)\s", lower):
        every = duration(length.group())
        if every is not None:
            return every
    for pattern, every in _RARER.items():
        if re.search(pattern, lower):
            return every
    for stem, every in _EVERY.items():
        if re.search(rf"\b{stem}", lower):
            return every
    return "P1W" if re.search(WEEKDAY, lower) else None


def _times(lower: str) -> int:
    if re.match(r".*\btwice\b", lower):
        return 2
    match = re.search(r"\b(\d+|two|three|four|five)\s*(?:x|times)\b", lower)
    if match is None:
        return 1
    return int(NUMBERS.get(match.group(1), 0)) or int(match.group(1))


def cron(words: str) -> str | None:
    """Read a schedule that names its time of day as five-field cron, else None."""
    lower = words.lower()
    clock = clock_time(lower)
    if clock is None or _BEYOND_CRON.search(lower) or len(_CLOCKS.findall(words)) > 1:
        return None
    hour, minute = clock
    days = [
        str(number) for number, day in enumerate(_DAYS) if re.search(rf"\b{day}[a-z]*day", lower)
    ]
    month_day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)\b|\b(first|last)\s+day\b", lower)
    if re.search(r"\bweekdays?\b", lower):
        days = ["1-5"]
    if month_day and "month" in lower:
        date = month_day.group(1) or {"first": "1", "last": "L"}[month_day.group(2)]
        text = f"{minute} {hour} {date} * *"
    elif days:
        text = f"{minute} {hour} * * {','.join(days)}"
    elif re.search(
        r"\b(?:daily|every\s+day|each\s+day|every\s+(?:morning|evening|afternoon|night))\b", lower
    ):
        text = f"{minute} {hour} * * *"
    else:
        return None
    try:
        CronSim(text, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError:
        return None
    return text


def clock_time(words: str) -> tuple[int, int] | None:
    """Read a time of day as hour and minute: `9 AM`, `17:00`, `noon`."""
    match = re.search(CLOCK, words, re.IGNORECASE)
    if match is None:
        return None
    text = match.group().lower()
    if "noon" in text or text.startswith("midnight"):
        return (12 if "noon" in text else 0), 0
    figures = re.match(r"(\d{1,2})(?::(\d{2}))?\s*([ap])?", text)
    if figures is None:
        return None
    hour, minute = int(figures[1]), int(figures[2] or 0)
    if figures[3]:
        hour = hour % 12 + (12 if figures[3] == "p" else 0)
    return hour, minute


def time_zone(words: str) -> str | None:
    """Read a time zone that is named exactly: IANA's name, UTC, or as in "9 AM ET"."""
    match = _IANA.search(words)
    if match:
        return "UTC" if match[1] == "GMT" else match[1]
    short = re.search(r"\b([ECMP][SD]?T)\b", words)
    return _US_ZONES[short[1][0]] if short else None
