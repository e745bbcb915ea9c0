"""What a clock reads in a time expression: durations, points, cadences, cron, zones."""

import re
from dataclasses import dataclass

from cronsim import CronSim, CronSimError

from sopc_compiler.language.time_grammar import CLOCK, DURATION, NUMBERS, WEEKDAY

_AMOUNT = re.compile(DURATION, re.IGNORECASE)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_BEFORE = re.compile(r"\b(?:before|prior|in\s+advance|ahead|beforehand|earlier)\b", re.IGNORECASE)
_OF = re.compile(
    r"\b(?:of|from|after|following|before|prior\s+to|past|upon)\s+(.+)$", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:no\s+later\s+than|not\s+later\s+than|as\s+early\s+as|on\s+or\s+before|by|before|prior\s+to|until"
    r"|at|on|in|during|at\s+least|the)\s+",
    re.IGNORECASE,
)
_ISO = {
    "s": "PT{}S",
    "mi": "PT{}M",
    "h": "PT{}H",
    "d": "P{}D",
    "w": "P{}W",
    "mo": "P{}M",
    "y": "P{}Y",
}
_EVERY = {"hour": "PT1H", "dai": "P1D", "day": "P1D", "night": "P1D", "week": "P1W", "fortnight": "P2W",
          "month": "P1M", "quarter": "P3M", "year": "P1Y", "annual": "P1Y", "minute": "PT1M",
          "morning": "P1D", "evening": "P1D", "afternoon": "P1D"}  # fmt: skip
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_IANA = re.compile(
    r"\b((?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_/]+|UTC|GMT)\b"
)
_US_ZONES = {"ET": "America/New_York", "EST": "America/New_York", "EDT": "America/New_York",
             "CT": "America/Chicago", "CST": "America/Chicago", "CDT": "America/Chicago",
             "MT": "America/Denver", "MST": "America/Denver", "MDT": "America/Denver",
             "PT": "America/Los_Angeles", "PST": "America/Los_Angeles",
             "PDT": "America/Los_Angeles"}  # fmt: skip


def duration(words: str) -> str | None:
    """Read the first length of time: `24 hours` as `PT24H`, `5 business days` as itself.

    Of a range ("2 to 3 days") the longer end is taken, because a bound holds to its end.
    """
    match = _AMOUNT.search(words)
    if match is None:
        return None
    text = match.group().lower()
    amount = _amount(text)
    unit = re.search(r"(sec|min|h(?:ou)?r|day|w(?:ee)?k|fortnight|month|quarter|year)\w*$", text)
    if amount is None or unit is None:
        return None
    name = unit.group(1)
    if re.search(r"\b(?:business|working|work)[\s-]", text) and amount == int(amount):
        kind = {"min": "minute", "hr": "hour", "wk": "week"}.get(name, name)
        if kind in {"minute", "hour", "day", "week"}:
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
    if unit == "quarter":
        unit, amount = "month", amount * 3
    if unit == "fortnight":
        unit, amount = "week", amount * 2
    if amount != int(
        amount
    ):  # ISO designators below take whole numbers; go to the next smaller unit
        smaller = {"day": ("hour", 24), "hour": ("min", 60), "hr": ("min", 60), "min": ("sec", 60),
                   "week": ("day", 7), "wk": ("day", 7), "year": ("month", 12), "month": ("day", 30)}  # fmt: skip
        unit, factor = smaller.get(unit, (unit, 1))
        amount *= factor
    number = int(amount)
    key = {
        "sec": "s",
        "min": "mi",
        "hr": "h",
        "hour": "h",
        "day": "d",
        "wk": "w",
        "week": "w",
        "month": "mo",
    }
    return _ISO[key.get(unit, "y")].format(number)


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
    """How often: `times` per `every` (ISO 8601), or a cron expression where a clock time is stated."""

    every: str | None
    times: int = 1
    cron: str | None = None


def rhythm(words: str) -> Rhythm:
    """Read a cadence: `2x daily` as twice per day, `every Monday at 9 AM` as `0 9 * * 1`."""
    lower = words.lower()
    every = None
    length = _AMOUNT.search(lower)
    if re.search(r"\b(?:every|each)\s", lower) and length:
        every = duration(length.group())
    if every is None:
        every = next(
            (
                value
                for stem, value in _EVERY.items()
                if re.search(rf"\b(?:bi-?|semi-?)?{stem}", lower)
            ),
            None,
        )
        if every is not None and re.search(r"\bbi-?week|\bevery\s+other\s+week", lower):
            every = "P2W"
    if every is None and re.search(WEEKDAY, lower):
        every = "P1W"
    return Rhythm(every, _times(lower), cron(words))


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
    if clock is None or re.search(r"\b(?:business|working|quarter|year|other)\b", lower):
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
        from datetime import UTC, datetime

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
    if text.startswith(("noon", "midnight")):
        return (12 if text.startswith("noon") else 0), 0
    figures = re.match(r"(\d{1,2})(?::(\d{2}))?\s*([ap])?", text)
    if figures is None:
        return None
    hour, minute = int(figures[1]), int(figures[2] or 0)
    if figures[3]:
        hour = hour % 12 + (12 if figures[3] == "p" else 0)
    return hour, minute


def time_zone(words: str) -> str | None:
    """Read a time zone that is named exactly: an IANA name, UTC, or a North American abbreviation."""
    match = _IANA.search(words)
    if match:
        return "UTC" if match[1] == "GMT" else match[1]
    short = re.search(r"\b([ECMP][SD]?T)\b", words)
    return _US_ZONES[short[1]] if short else None
