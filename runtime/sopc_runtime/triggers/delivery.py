"""Deliveries: whatever comes in from outside, and what became of it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

LONGEST_KEY = 200


class Status(StrEnum):
    """What became of a delivery."""

    STARTED = "started"
    HANDED_ON = "handed-on"
    """no run began by it, but one that waited for it was told"""

    IGNORED = "ignored"
    """nothing is deployed that it starts, or a filter leaves it out"""

    REFUSED = "refused"
    """it could not be read or does not fit; it is kept, and may be sent again"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing that happened outside, as a source brings it.

    Attributes:
        source: `webhook`, `folder`, `mailbox`, `poll`, ...
        key: The event's id within the source: the same key is the same event.
        payload: What it brings, as JSON has it.
        text: What came, where that could not be read as JSON.
        system: The system that it happened in.
        event: What happened, in the words of triggers; None where the source does not tell.
        name: The one procedure that it is meant for; None where its system and event decide.
        occurred: When it happened, where that is known.
        textual: Whether its values are words that may stand for numbers (CSV).
        problem: Why it could not be read, if so.
    """

    source: str
    key: str
    payload: Any = None
    text: str | None = None
    system: str | None = None
    event: str | None = None
    name: str | None = None
    occurred: datetime | None = None
    textual: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a delivery.

    Attributes:
        number: Its number in `sopc deliveries`.
        problems: What was wrong with it, one sentence each.
        runs: The runs that it started or was handed on to.
        repeated: Whether it had come before; then this is what became of it that time.
    """

    number: int
    status: Status
    problems: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    repeated: bool = field(default=False, compare=False)


def key_of(text: str) -> str:
    """Give an event's id as it is kept: the same, or its SHA-256 if it is long or unprintable."""
    if 0 < len(text) <= LONGEST_KEY and text.isprintable():
        return text
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def storable(text: str) -> str:
    """Give a text that every database can keep: no NUL, no half characters."""
    whole = text.encode("utf-8", "replace").decode()
    return whole.replace("\x00", "\N{REPLACEMENT CHARACTER}")
