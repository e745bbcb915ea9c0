"""Time expressions: of which kind they are, and where they stand."""

from itertools import pairwise

import pytest

from sopc_compiler.language.time_expression import time_expressions


def _read(text: str) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in time_expressions(text)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Reply within 24 hours of receipt.", "within 24 hours of receipt"),
        ("Reply within two (2) business days.", "within two (2) business days"),
        ("Two weeks before the event, book a room.", "Two weeks before the event"),
        ("Submit it by the end of the month.", "by the end of the month"),
        ("File it no later than March 15.", "no later than March 15"),
        ("Open at 9:00 AM UTC on Monday.", "at 9:00 AM UTC on Monday"),
        ("Deliver on the first business day of each month.",
         "on the first business day of each month"),
        ("Reply the same business day.", "the same business day"),
        ("Sign off by EOD.", "by EOD"),
        ("Lock the door before you leave.", "before you leave"),
    ],
)  # fmt: skip
def test_deadlines(text: str, says: str) -> None:
    """A bound on when something is done is a deadline, with what it is counted from."""
    assert _read(text) == [("deadline", says)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Call again 3 days after the invoice date.", "3 days after the invoice date"),
        ("After 10 minutes, hang up.", "After 10 minutes"),
        ("Wait until the client replies.", "until the client replies"),
    ],
)
def test_delays(text: str, says: str) -> None:
    """A time to let pass is a delay."""
    assert _read(text) == [("delay", says)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Check the queue every Monday at 9:00.", "every Monday at 9:00"),
        ("Post the summary twice a week.", "twice a week"),
        ("Run the report 2x daily.", "2x daily"),
        ("Review access quarterly.", "quarterly"),
        ("Meet every other week.", "every other week"),
        ("Update the board every 30 minutes.", "every 30 minutes"),
        ("Close the books on Fridays.", "on Fridays"),
    ],
)
def test_cadences(text: str, says: str) -> None:
    """What comes again and again is a cadence."""
    assert _read(text) == [("cadence", says)]


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("Take notes during the weekly meeting.", "during", "during the weekly meeting"),
        ("Hold the line for 5 minutes.", "length", "for 5 minutes"),
        ("Stay at least two hours.", "length", "at least two hours"),
    ],
)
def test_spans_of_time(text: str, kind: str, says: str) -> None:
    """A stretch of time is told from a bound: an occasion, or a bare length."""
    assert _read(text) == [(kind, says)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Reply as soon as possible.", "as soon as possible"),
        ("Do it ASAP.", "ASAP"),
        ("Notify the lead immediately.", "immediately"),
        ("Check the log regularly.", "regularly"),
        ("Send the form in advance.", "in advance"),
        ("Update the client in the next few days.", "in the next few days"),
    ],
)
def test_vague_expressions(text: str, says: str) -> None:
    """What no clock can read is marked as vague."""
    assert _read(text) == [("vague", says)]


@pytest.mark.parametrize(
    "text",
    [
        "Hold a 90-minute meeting.",
        "Write a two-week plan.",
        "Use a 30-day trial.",
        "Read the daily standup notes.",
        "It costs $24.",
        "Ask for the form.",
    ],
)
def test_no_expressions(text: str) -> None:
    """A length joined to its noun by a hyphen, an amount and a mere adjective bound nothing."""
    assert _read(text) == []


def test_order_of_place() -> None:
    """Several expressions of a sentence come in the order in which they stand."""
    assert _read("Every week, reply within 24 hours, or by Friday.") == [
        ("cadence", "Every week"),
        ("deadline", "within 24 hours"),
        ("deadline", "by Friday"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Reply within two business days after the request, at the latest by Friday at 5 PM ET.",
        "No later than 3 days before the end of each month, check it every week.",
        "At least 2 hours in advance, and as soon as possible before the weekly meeting.",
    ],
)
def test_no_overlap(text: str) -> None:
    """Where patterns overlap the longest counts, so that no character belongs to two."""
    found = time_expressions(text)
    assert len(found) >= 2
    assert all(one.end <= other.start for one, other in pairwise(found))
