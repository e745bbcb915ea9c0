"""Points in time in words: whether a clock or a calendar can read them, and the dates among them.

They are the `by` of deadlines and the `until` of delays and waits: `17:00`, `end of business day`,
`friday`, `day 20 of the month`, `2026-12-31`.
"""

import re
from datetime import date

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = rf"(?:{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _MONTHS)}|sept)"
_PERIOD = (
    r"(?:business|day|week|month|quarter|year|shift|sprint|morning|evening|afternoon|night|hour"
    r"|minute)s?"
)
_WORKING = r"(?:(?:business|working|calendar)\s+)?"
_WHICH = r"(?:same|next|following|current|this|that|each|every|first|last|previous|final)"
_TURN = r"(?:day|week|month|quarter|year)"
_WEEKDAY_SHORT = r"(?:mon|tues?|wed|thurs?|thu|fri|sat|sun)"
_POINT = re.compile(
    r"\b(?:"
    r"(?:[01]?\d|2[0-3]):[0-5]\d"
    r"|\d{1,2}\s*[ap]\.?m\b"
    r"|noon|midday|midnight|today|tonight|tomorrow|eod|cob|eob|eow|eom"
    r"|\d{4}-\d{2}-\d{2}"
    rf"|{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}"
    rf"|{_WEEKDAY}"
    rf"|day\s+\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)|(?:start|beginning|middle|end|close)\s+of\b"
    rf"|{_WHICH}\s+{_WORKING}{_PERIOD}"
    rf"|{_TURN}[\s-]end|{_WEEKDAY_SHORT}"
    r"|\d{1,2}\s*(?:h|o'clock)|\d{1,2}(?:/\d{1,2}/|\.\d{1,2}\.)(?:\d{4}|\d{2})|q[1-4]\s+\d{4}"
    r"|christmas|new\s+year's|thanksgiving"
    r")\b",
    re.IGNORECASE,
)
_KNOWN_BY_NAME = re.compile(
    r"\b(?:due|closing|expiry|renewal|start|end|go-live|launch|maturity|payment|delivery)\s+date\b"
    rf"|\b(?:\d+|an?|one|two|three)\s+{_WORKING}{_PERIOD}\s+(?:before|after|prior\s+to)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month2>{_MONTH})\.?,?"
    r"\s+(?P<year2>\d{4}))\b",
    re.IGNORECASE,
)


def is_point(words: str) -> bool:
    """Tell whether words name a time of the day, a day, or the turn of a period."""
    return _POINT.search(words) is not None


def is_known_by_name(words: str) -> bool:
    """Tell whether words name a day that each case has its own of: the due date, or before it."""
    return _KNOWN_BY_NAME.search(words) is not None


def date_in(words: str | None) -> date | None:
    """Give the date that words name with its year; None if they name none, or one that is not."""
    match = _DAY.search(words or "")
    if match is None:
        return None
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month = (match["month"] or match["month2"])[:3].lower()
        number = 1 + [name[:3] for name in _MONTHS].index(month)
        year, day = match["year"] or match["year2"], match["day"] or match["day2"]
        return date(int(year), number, int(day))
    except ValueError:
        return None
