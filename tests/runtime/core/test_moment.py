"""When things are due, in the words of procedures."""

from datetime import UTC, datetime

import pytest

from sopc.graph import Deadline, Delay, Relation
from sopc.graph.file import loads_graph
from sopc.organization import loads_organization
from sopc_runtime.core.event import Started
from sopc_runtime.core.interpreter import start
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.moment import due_of, moment_of, point
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import RunState

_GRAPH = """\
format: 1
id: meeting
title: Meeting
procedures:
  - id: meeting
    title: Meeting
    triggers:
      - id: ended
        kind: request
        says: a meeting ended
        payload:
          - {name: meeting_end, type: timestamp}
          - {name: start_date, type: date}
    steps:
      - {id: take-notes, kind: human_task, title: Take the notes}
"""
_ORGANIZATION = """\
name: Tidewater
time_zone: America/New_York
business_hours: {from: 09:00, to: 17:00}
holidays: {country: US}
"""
# A Wednesday before Thanksgiving, 10:00 in New York.
_NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
_END = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)


@pytest.fixture
def program() -> Program:
    return Program(loads_graph(_GRAPH).graph, loads_organization(_ORGANIZATION))


@pytest.fixture
def state(program: Program) -> RunState:
    values = {"meeting_end": _END.isoformat(), "start_date": "2026-12-07"}
    event = Started(at=_NOW, run="r", mode=Mode.AUTONOMOUS, values=values)
    return start(program, event)[0]


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("the trigger", _NOW),
        ("meeting end", _END),
        ("the meeting's end", _END),
        ("the end of the meeting", _END),
        ("start date", datetime(2026, 12, 7, 5, tzinfo=UTC)),
        ("the kickoff call", None),
        ("take-notes", None),
    ],
)
def test_words_name_moments_that_the_run_knows_and_no_others(
    program: Program, state: RunState, words: str, then: datetime | None
) -> None:
    """A step that is not done is no moment yet."""
    assert moment_of(program, state, words) == then


@pytest.mark.parametrize(
    ("words", "deadline", "delay"),
    [
        ("17:00", "2026-11-25T22:00", "2026-11-25T22:00"),
        ("9am", "2026-11-26T14:00", "2026-11-26T14:00"),
        ("9:15 AM.", "2026-11-26T14:15", "2026-11-26T14:15"),
        ("5 p.m.", "2026-11-25T22:00", "2026-11-25T22:00"),
        ("12 noon", "2026-11-25T17:00", "2026-11-25T17:00"),
        ("same day", "2026-11-25T22:00", "2026-11-25T14:00"),
        ("end of business day", "2026-11-25T22:00", "2026-11-25T22:00"),
        ("friday", "2026-11-27T22:00", "2026-11-27T14:00"),
        ("friday 15:30", "2026-11-27T20:30", "2026-11-27T20:30"),
        ("wednesday at 9am", "2026-12-02T14:00", "2026-12-02T14:00"),
        ("day 20 of the month", "2026-12-20T22:00", "2026-12-20T14:00"),
        ("day 31 of the month", "2026-11-30T22:00", "2026-11-30T14:00"),
        ("2026-12-31", "2026-12-31T22:00", "2026-12-31T14:00"),
        ("tomorrow", "2026-11-26T22:00", "2026-11-26T14:00"),
        ("end of month", "2026-11-30T22:00", "2026-11-30T14:00"),
        ("end of quarter", "2026-12-31T22:00", "2026-12-31T14:00"),
        ("end of year", "2026-12-31T22:00", "2026-12-31T14:00"),
    ],
)
def test_points_in_time_are_read_by_the_clock_of_the_organization(
    program: Program, state: RunState, words: str, deadline: str, delay: str
) -> None:
    """For a deadline a day is its end, for a delay its beginning."""
    for end, expected in ((True, deadline), (False, delay)):
        found = point(program, state, words, _NOW, end=end)
        assert found == datetime.fromisoformat(f"{expected}+00:00")


def test_what_begins_after_hours_has_the_rest_of_its_day(program: Program, state: RunState) -> None:
    """Until midnight; a day that is over is over."""
    evening = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    midnight = datetime(2026, 11, 26, 5, tzinfo=UTC)
    assert point(program, state, "same day", evening, end=True) == midnight
    assert point(program, state, "2026-11-24", evening, end=True) == datetime(
        2026, 11, 24, 22, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("reached", "words", "due"),
    [
        ("2026-11-25T17:30", "noon", "2026-11-25T17:00"),
        ("2026-11-25T17:30", "9am", "2026-11-26T14:00"),
        ("2026-11-27T17:30", "noon", "2026-11-28T17:00"),
    ],
    ids=["its hour is over", "its hour was over before the run began", "on another day"],
)
def test_a_step_that_its_run_comes_to_after_its_hour_is_late(
    program: Program, state: RunState, reached: str, words: str, due: str
) -> None:
    """The run began at 10:00, in New York."""
    base = datetime.fromisoformat(f"{reached}+00:00")
    expected = datetime.fromisoformat(f"{due}+00:00")
    assert point(program, state, words, base, end=True) == expected


@pytest.mark.parametrize("words", ["soon", "25:00", "day 0 of the month", "2026-02-30", "blursday"])
def test_words_that_no_clock_reads_are_no_point(
    program: Program, state: RunState, words: str
) -> None:
    assert point(program, state, words, _NOW, end=True) is None


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ("2 business days", "2026-12-03T05:00"),
        ("1 business week", "2026-11-30T05:00"),
        ("7 business days", "2026-11-25T05:00"),
        ("PT48H", "2026-12-05T05:00"),
        ("P1M", "2026-11-07T05:00"),
    ],
)
def test_bounds_before_a_moment_count_back_over_weekends_and_holidays(
    program: Program, state: RunState, within: str, expected: str
) -> None:
    """The start date is a Monday."""
    bound = Deadline(says="x", within=within, relation=Relation.BEFORE, of="the start date")
    found = due_of(program, state, bound, _NOW)
    assert found == datetime.fromisoformat(f"{expected}+00:00")


def test_business_hours_count_back_through_closing_time(program: Program, state: RunState) -> None:
    """Twelve business hours before Wednesday 09:30 are half past one on Monday."""
    bound = Delay(
        says="x", wait="12 business hours", relation=Relation.BEFORE, of="the meeting's end"
    )
    found = due_of(program, state, bound, _NOW)
    assert found == datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


def test_business_days_over_a_holiday(program: Program, state: RunState) -> None:
    """Thanksgiving lies between."""
    found = due_of(program, state, Deadline(says="x", within="2 business days"), _NOW)
    assert found == datetime(2026, 11, 30, 15, tzinfo=UTC)
