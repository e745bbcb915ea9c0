"""Values of time expressions: lengths, anchors, points, rhythms, schedules and zones."""

import pytest

from sopc_compiler.language import time_value
from sopc_compiler.language.time_value import Rhythm


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("within 24 hours", "PT24H"),
        ("30 secs", "PT30S"),
        ("90 mins", "PT90M"),
        ("3 hrs", "PT3H"),
        ("ten minutes", "PT10M"),
        ("forty-five minutes", "PT45M"),
        ("a week", "P1W"),
        ("18 months", "P18M"),
        ("one year", "P1Y"),
        ("one fortnight", "P2W"),
        ("two quarters", "P6M"),
    ],
)
def test_durations(words: str, value: str) -> None:
    """Figures and number words with a unit give an ISO 8601 duration."""
    assert time_value.duration(words) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("half an hour", "PT30M"),
        ("1.5 hours", "PT90M"),
        ("half a day", "PT12H"),
        ("0.5 years", "P6M"),
    ],
)
def test_fractions(words: str, value: str) -> None:
    """A fraction is written in the next smaller unit."""
    assert time_value.duration(words) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("5 business days", "5 business days"),
        ("1 business day", "1 business day"),
        ("two (2) working days", "2 business days"),
        ("3 work hrs", "3 business hours"),
    ],
)
def test_business_time(words: str, value: str) -> None:
    """Business and working time stays business time, because no clock alone can count it."""
    assert time_value.duration(words) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [("2 to 3 days", "P3D"), ("2-3 weeks", "P3W"), ("2–4 business hours", "4 business hours")],
)
def test_ranges(words: str, value: str) -> None:
    """Of a range the longer end holds."""
    assert time_value.duration(words) == value


@pytest.mark.parametrize("words", ["soon", "by Friday", "a while", "90-minute"])
def test_no_duration(words: str) -> None:
    """Words without a length of time give none."""
    assert time_value.duration(words) is None


@pytest.mark.parametrize(
    ("words", "anchor", "before"),
    [
        ("4 hours after the meeting", "the meeting", False),
        ("within 2 days of receipt", "receipt", False),
        ("two weeks before the event", "the event", True),
        ("30 minutes prior to departure.", "departure", True),
        ("within 2 days", None, False),
        ("2 days in advance", None, True),
    ],
)
def test_anchors(words: str, anchor: str | None, *, before: bool) -> None:
    """A bound tells what it is counted from, and on which side of it it lies."""
    assert time_value.anchor(words) == anchor
    assert time_value.comes_before(words) is before


@pytest.mark.parametrize(
    ("words", "point"),
    [
        ("by the end of business day", "end of business day"),
        ("no later than the end of the month", "end of the month"),
        ("before Friday", "Friday"),
        ("on March 3", "March 3"),
    ],
)
def test_points(words: str, point: str) -> None:
    """A point in time is given without its prepositions."""
    assert time_value.point(words) == point


@pytest.mark.parametrize(
    ("words", "rhythm"),
    [
        ("hourly", Rhythm("PT1H")),
        ("nightly", Rhythm("P1D")),
        ("2x daily", Rhythm("P1D", 2)),
        ("twice a week", Rhythm("P1W", 2)),
        ("three times per month", Rhythm("P1M", 3)),
        ("4 times a year", Rhythm("P1Y", 4)),
        ("every other week", Rhythm("P2W")),
        ("bi-weekly", Rhythm("P2W")),
        ("every 30 minutes", Rhythm("PT30M")),
        ("every 2 business days", Rhythm("2 business days")),
        ("quarterly", Rhythm("P3M")),
        ("on Fridays", Rhythm("P1W")),
        ("once per shift", Rhythm(None)),
        ("every Monday at 9 AM", Rhythm("P1W", 1, "0 9 * * 1")),
    ],
)
def test_rhythms(words: str, rhythm: Rhythm) -> None:
    """A cadence gives how many times in which period, and cron where it names a time of day."""
    assert time_value.rhythm(words) == rhythm


@pytest.mark.parametrize(
    ("words", "cron"),
    [
        ("daily at 17:00", "0 17 * * *"),
        ("every morning at 7am", "0 7 * * *"),
        ("every night at midnight", "0 0 * * *"),
        ("every weekday at 8:30 am", "30 8 * * 1-5"),
        ("Fridays at 3:15 p.m.", "15 15 * * 5"),
        ("every Monday and Thursday at 10 am", "0 10 * * 1,4"),
        ("the 15th of each month at 9:00", "0 9 15 * *"),
        ("first day of the month at noon", "0 12 1 * *"),
        ("last day of the month at 6 pm", "0 18 L * *"),
    ],
)
def test_schedules(words: str, cron: str) -> None:
    """A schedule with its time of day reads as five cron fields."""
    assert time_value.cron(words) == cron


@pytest.mark.parametrize(
    "words",
    [
        "every Monday",
        "daily",
        "at 9 AM",
        "every other Monday at 9 AM",
        "first business day of the month at 9 AM",
        "quarterly at 9 AM",
        "on the 1st of each year at 9 AM",
        "the 45th of each month at 9:00",
    ],
)
def test_no_cron(words: str) -> None:
    """What lacks a time of day, or what cron cannot say, gives no schedule."""
    assert time_value.cron(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "every 2 weeks on Monday at 9 AM",
        "biweekly on Monday at 9 AM",
        "the first Monday of the month at 9 AM",
        "every Monday at 9 AM and Friday at 5 PM",
        "daily at 25:00",
    ],
)
def test_no_wrong_cron(words: str) -> None:
    """A schedule that five fields would state wrongly gives none."""
    assert time_value.cron(words) is None


@pytest.mark.parametrize(
    ("words", "clock"),
    [
        ("at 9 AM", (9, 0)),
        ("by 17:00", (17, 0)),
        ("7:45 p.m.", (19, 45)),
        ("12 am", (0, 0)),
        ("12 pm", (12, 0)),
        ("noon", (12, 0)),
        ("midnight", (0, 0)),
        ("soon", None),
    ],
)
def test_times_of_day(words: str, clock: tuple[int, int] | None) -> None:
    """A time of day is read on the twelve and the twenty-four hour clock."""
    assert time_value.clock_time(words) == clock


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("9 AM ET", "America/New_York"),
        ("9 AM CDT", "America/Chicago"),
        ("9 AM MST", "America/Denver"),
        ("9 AM PST", "America/Los_Angeles"),
        ("17:00 Europe/Berlin", "Europe/Berlin"),
        ("noon UTC", "UTC"),
        ("8:00 GMT", "UTC"),
        ("5 PM", None),
        ("9 AM local time", None),
        ("get it by 5 pm", None),
    ],
)
def test_zones(words: str, zone: str | None) -> None:
    """A zone is read where it is named exactly, and never guessed."""
    assert time_value.time_zone(words) == zone
