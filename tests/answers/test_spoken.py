"""What people type into answers, read into what the graph holds."""

import re
from typing import Any

import pytest

from sopc_compiler.answers.field import answer_field
from sopc_compiler.answers.value import read_value


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("step 1 deadline", "4 hours", {"within": "PT4H"}),
        ("step 1 deadline", "within 2 business days", {"within": "2 business days"}),
        ("step 1 deadline", "an hour", {"within": "PT1H"}),
        ("step 1 deadline", "P1DT2H", {"within": "P1DT2H"}),
        (
            "step 1 deadline",
            "3 working days before the start date",
            {"within": "3 business days", "relation": "before", "of": "the start date"},
        ),
        ("step 1 deadline", "by Friday 12:00", {"by": "friday 12:00"}),
        ("step 1 deadline", "day 20 of the month", {"by": "day 20 of the month"}),
        ("step 1 delay", "3 days after the call", {"wait": "P3D", "of": "the call"}),
        ("step 1 delay", "until 09:00", {"until": "09:00"}),
        ("step 1 cadence", "every 2 weeks", {"every": "P2W"}),
        ("step 1 cadence", "every Monday at 9:00", {"schedule": "0 9 * * 1"}),
        ("step 1 escalation", "Team lead", {"to": "Team lead", "after": None, "via": None}),
        (
            "step 1 escalation",
            "the director after 2 business days via Slack channel #ops",
            {"to": "the director", "after": "2 business days", "via": "Slack channel #ops"},
        ),
        (
            "step 1 escalation",
            "after 4 hours, to the assistant to the director",
            {"to": "the assistant to the director", "after": "PT4H"},
        ),
    ],
)
def test_texts_become_records(field: str, text: str, expected: dict[str, Any]) -> None:
    """A text gives the fields that the mapping form has."""
    given = read_value(answer_field(field), text)[0]
    assert {name: getattr(given, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("4 hours", "within 4 hours"),
        ("within 4 hours", "within 4 hours"),
        ("2 days before the start", "2 days before the start"),
        ("17:00", "by 17:00"),
        ("by end of month", "by end of month"),
    ],
)
def test_a_deadline_reads_as_in_a_sentence(text: str, says: str) -> None:
    """So that it can be told: not done within 4 hours."""
    assert read_value(answer_field("step 1 deadline"), text)[0].says == says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("request by Clerk", {"kind": "request", "by": "Clerk"}),
        (
            "every Monday at 9 AM Europe/Madrid",
            {"kind": "schedule", "cron": "0 9 * * 1", "time_zone": "Europe/Madrid"},
        ),
        ("0 9 * * 1-5", {"kind": "schedule", "cron": "0 9 * * 1-5", "time_zone": None}),
        ("a deal is won", {"kind": "event", "event": "a deal is won"}),
    ],
)
def test_triggers_are_told_apart(text: str, expected: dict[str, Any]) -> None:
    """A request, a schedule, or else an event in words."""
    given = read_value(answer_field("procedure trigger"), text)
    assert {name: getattr(given, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("trigger 1 cron", "61 9 * * 1", "`61 9 * * 1` is no schedule"),
        ("trigger 1 cron", "mondays", "`mondays` is no schedule"),
        ("trigger 1 time_zone", "Madrid", "`Madrid` is no IANA time zone"),
        ("step 1 cadence", "often", "`often` is no cadence"),
        ("step 1 retry", "a lot", "`a lot` is no retry"),
        ("step 1 escalation", "after a while to Ana", "`a while` is no length of time"),
        ("step 1 role", "  ", "at least 1 character"),
    ],
)
def test_what_cannot_be_read_says_what_can(field: str, value: str, message: str) -> None:
    """A refusal names what was written."""
    with pytest.raises(ValueError, match=re.escape(message)):
        read_value(answer_field(field), value)
