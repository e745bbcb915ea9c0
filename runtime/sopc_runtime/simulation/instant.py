"""Instants as scenario files and command lines write them: absolute, or after a beginning."""

from datetime import UTC, datetime

import isodate

from sopc.graph.duration import is_business
from sopc.organization import WorkingTime

_EXAMPLES = "`2026-03-02 09:00`, `2026-03-02T09:00:00Z` or, after the beginning, `+PT4H`"


def checked_instant(text: str) -> str:
    """Give an instant's text back if it is one.

    Raises:
        ValueError: It is none.
    """
    words = text.strip()
    try:
        if not words.startswith("+"):
            datetime.fromisoformat(words)
        elif not is_business(words[1:].strip()):
            isodate.parse_duration(words[1:].strip())
    except (ValueError, isodate.ISO8601Error, OverflowError, TypeError):
        raise ValueError(f"`{text}` is no instant; write it as {_EXAMPLES}") from None
    return words


def instant(text: str, *, beginning: datetime | None, hours: WorkingTime) -> datetime:
    """Give the instant that a text names, in UTC.

    Args:
        text: The text, checked.
        beginning: What `+PT4H` counts from; None where there is nothing to count from.
        hours: The organization's working time, in whose zone texts without one are meant.

    Raises:
        ValueError: The text counts from a beginning, and there is none, or lies beyond all time.
    """
    if text.startswith("+"):
        if beginning is None:
            raise ValueError(f"`{text}` counts from a beginning, and this is the beginning")
        try:
            return hours.add(beginning, text[1:].strip())
        except OverflowError:
            raise ValueError(f"`{text}` lies beyond the year 9999") from None
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=hours.zone)).astimezone(UTC)
