"""Working time over nights, weekends, holidays and both changes of the clock."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopc.organization import WorkingTime, loads_organization, working_time
from sopc.organization.calendar import Holidays

NEW_YORK = WorkingTime(
    ZoneInfo("America/New_York"),
    frozenset(range(5)),
    time(9),
    time(17),
    Holidays(country="US"),
)


def utc(text: str) -> datetime:
    """An instant as its ISO text says it, in UTC unless it says otherwise."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        # 15:00 in New York is 20:00 UTC in winter, 19:00 in summer.
        ("2026-11-24T20:00", "1 business day", "2026-11-25T20:00"),
        ("2026-11-24T20:00", "2 business days", "2026-11-27T20:00"),  # Thanksgiving on the 26th
        ("2026-11-20T20:00", "1 business day", "2026-11-23T20:00"),  # over a weekend
        ("2026-07-02T19:00", "1 business day", "2026-07-06T19:00"),  # the 4th, observed on the 3rd
        ("2026-11-21T15:00", "1 business day", "2026-11-24T14:00"),  # from a Saturday
        ("2026-11-23T22:00", "1 business day", "2026-11-24T22:00"),  # 17:00 is still at work
        ("2026-11-23T22:01", "1 business day", "2026-11-25T14:00"),  # from the evening
        ("2026-11-23T12:00", "1 business day", "2026-11-24T14:00"),  # from before work
        ("2026-11-23T14:00", "1 business day", "2026-11-24T14:00"),
        ("2026-11-20T16:00", "1 business week", "2026-11-30T16:00"),
        ("2026-11-20T16:00", "5 business days", "2026-11-30T16:00"),
        ("2026-11-24T20:00", "4 business hours", "2026-11-25T16:00"),
        ("2026-11-24T18:00", "4 business hours", "2026-11-24T22:00"),  # ends just when work does
        ("2026-11-25T21:30", "90 business minutes", "2026-11-27T15:00"),
        ("2026-11-21T15:00", "8 business hours", "2026-11-23T22:00"),
        ("2026-11-20T16:00", "40 business hours", "2026-11-30T16:00"),
    ],
)
def test_business_time_counts_work_alone(start: str, duration: str, end: str) -> None:
    """Nights, weekends and holidays are left out; days keep the time of the day."""
    assert NEW_YORK.add(utc(start), duration) == utc(end)


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        # In the night to Sunday 8 March 2026, New York goes from UTC-5 to UTC-4.
        ("2026-03-06T20:00", "1 business day", "2026-03-09T19:00"),
        ("2026-03-06T20:00", "4 business hours", "2026-03-09T15:00"),
        ("2026-03-06T20:00", "P2D", "2026-03-08T20:00"),
        ("2026-03-06T20:00", "P1M", "2026-04-06T19:00"),
        # In the night to Sunday 1 November 2026, it goes back.
        ("2026-10-30T19:00", "1 business day", "2026-11-02T20:00"),
        ("2026-10-30T19:00", "4 business hours", "2026-11-02T16:00"),
        ("2026-10-30T19:00", "PT72H", "2026-11-02T19:00"),
    ],
)
def test_the_clock_changes_in_between(start: str, duration: str, end: str) -> None:
    """Business days and months keep the time on the wall; elapsed time is counted in UTC."""
    assert NEW_YORK.add(utc(start), duration) == utc(end)


@pytest.mark.parametrize(
    ("day", "start", "end", "hours"),
    [
        ("2026-03-29", "2026-03-28T23:00", "2026-03-29T04:00", 5),  # 02:00 to 03:00 is left out
        ("2026-10-25", "2026-10-24T22:00", "2026-10-25T05:00", 7),  # 02:00 to 03:00 comes twice
        ("2026-06-01", "2026-05-31T22:00", "2026-06-01T04:00", 6),
    ],
)
def test_work_at_night_is_as_long_as_the_clock_makes_it(
    day: str, start: str, end: str, hours: int
) -> None:
    """From midnight to six in Berlin, through the changes of the clock."""
    berlin = ZoneInfo("Europe/Berlin")
    night = WorkingTime(berlin, frozenset(range(7)), time(0), time(6))
    assert night.hours(date.fromisoformat(day)) == (utc(start), utc(end))
    assert night.add(utc(start), f"{hours} business hours") == utc(end)


def test_a_time_that_the_clock_skips_or_repeats_is_settled() -> None:
    """In the gap, the clock before it counts; of two same times, the first."""
    berlin = ZoneInfo("Europe/Berlin")
    work = WorkingTime(berlin, frozenset(range(7)), time(2, 30), time(6))
    assert work.hours(date(2026, 3, 29))[0] == utc("2026-03-29T01:30")  # 03:30 in summer
    assert work.hours(date(2026, 10, 25))[0] == utc("2026-10-25T00:30")  # 02:30 in summer


@pytest.mark.parametrize(
    ("instant", "end"),
    [
        ("2026-11-25T15:00", "2026-11-25T22:00"),
        ("2026-11-25T22:00", "2026-11-25T22:00"),
        ("2026-11-25T22:00:01", "2026-11-27T22:00"),
        ("2026-11-28T15:00", "2026-11-30T22:00"),
        ("2026-11-30T03:00", "2026-11-30T22:00"),
    ],
)
def test_the_end_of_the_business_day(instant: str, end: str) -> None:
    """The end of the day that work is done on, else of the next one."""
    assert NEW_YORK.end_of_business_day(utc(instant)) == utc(end)


def test_any_zone_goes_in_and_utc_comes_out() -> None:
    """The same instant in another zone ends at the same instant; one without a zone is refused."""
    start = utc("2026-11-25T05:00+09:00")
    assert NEW_YORK.add(start, "1 business day") == NEW_YORK.add(
        utc("2026-11-24T20:00"), "1 business day"
    )
    assert NEW_YORK.add(start, "1 business day").tzinfo is UTC
    with pytest.raises(ValueError, match="has no time zone"):
        NEW_YORK.add(datetime(2026, 11, 25, 5), "1 business day")  # noqa: DTZ001


@pytest.mark.parametrize("duration", ["1 business day", "1 business hour", "PT1H", "P9999Y"])
def test_the_end_of_time_is_an_overflow(duration: str) -> None:
    """Nothing ends after the year 9999."""
    with pytest.raises(OverflowError, match="after the year 9999"):
        NEW_YORK.add(utc("9999-12-31T23:30"), duration)


ORGANIZATION = """\
name: Tidewater
time_zone: Europe/London
business_hours: {days: [monday, wednesday], from: 8:30, to: 12:00}
holidays: {country: GB, subdivision: SCT, dates: [2026-06-03]}
calendars:
  - {id: porto, name: Porto office, time_zone: Europe/Lisbon, holidays: {country: PT}}
  - {id: night, name: night shift, business_hours: {days: [friday], from: 18:00, to: 23:00}}
"""


def test_a_calendar_takes_from_the_organization_what_it_leaves_out() -> None:
    """Each part on its own: time zone, hours, days off."""
    organization = loads_organization(ORGANIZATION)
    own, porto, night = (
        working_time(organization, each) for each in (None, "porto", "Night shift")
    )
    assert own is not None
    assert porto is not None
    assert night is not None
    assert [each.zone.key for each in (own, porto, night)] == [
        "Europe/London",
        "Europe/Lisbon",
        "Europe/London",
    ]
    assert [each.opens for each in (own, porto, night)] == [time(8, 30), time(8, 30), time(18)]
    assert not own.is_working_day(date(2026, 6, 3))
    assert porto.is_working_day(date(2026, 6, 3))
    assert not porto.is_working_day(date(2026, 6, 10))  # Dia de Portugal, a Wednesday
    assert own.is_working_day(date(2026, 6, 10))
    assert not night.is_working_day(date(2026, 6, 10))


def test_a_subdivision_has_holidays_of_its_own() -> None:
    """St Andrew's Day is a holiday in Scotland, not in England; Monday 30 November 2026."""
    organization = loads_organization(ORGANIZATION)
    england = loads_organization(ORGANIZATION.replace("SCT", "ENG"))
    day = date(2026, 11, 30)
    working = [working_time(each) for each in (organization, england)]
    assert [each and each.is_working_day(day) for each in working] == [False, True]


@pytest.mark.parametrize("line", ["time_zone", "business_hours"])
def test_what_is_not_stated_is_not_guessed(line: str) -> None:
    """Without time zone or business hours, or for an unknown calendar, there is no working time."""
    lines = [each for each in ORGANIZATION.splitlines() if not each.startswith(line)]
    assert working_time(loads_organization("\n".join(lines))) is None
    assert working_time(loads_organization(ORGANIZATION), "madrid") is None


_instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda each: each.replace(tzinfo=UTC)
)


@given(start=_instants, minutes=st.integers(1, 2000))
def test_business_minutes_add_up(start: datetime, minutes: int) -> None:
    """Counting in two parts ends where counting at once does, and always during work."""
    first = NEW_YORK.add(start, "1 business minute")
    whole = NEW_YORK.add(start, f"{minutes + 1} business minutes")
    assert NEW_YORK.add(first, f"{minutes} business minutes") == whole
    assert NEW_YORK.at_work(whole) == whole


@given(start=_instants, days=st.integers(1, 60))
def test_business_days_add_up(start: datetime, days: int) -> None:
    """Counting day by day ends where counting at once does."""
    end = start
    for _ in range(days):
        end = NEW_YORK.add(end, "1 business day")
    assert NEW_YORK.add(start, f"{days} business days") == end


def test_the_library_of_holidays_is_imported_only_where_it_counts() -> None:
    """An organization file without a country, and every command's help, do without it."""
    script = (
        "import sys, sopc.cli.org, sopc.organization as o;"
        "w = o.working_time(o.loads_organization('name: A\\ntime_zone: Asia/Tokyo\\n"
        "business_hours: {from: 09:00}\\n'));"
        "from datetime import date; w.is_working_day(date(2026, 1, 1));"
        "sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize("language", ["de_DE.UTF-8", "pt_PT.UTF-8"])
def test_holidays_are_called_the_same_on_every_machine(language: str) -> None:
    """The language of the machine does not matter."""
    script = (
        "from datetime import date; from sopc.organization import Holidays;"
        "from sopc.organization.holiday import holiday_name;"
        "print(holiday_name(Holidays(country='PT'), date(2026, 4, 3)))"
    )
    environment = {**os.environ, "LANGUAGE": language, "LANG": language}
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment
    )
    assert done.stdout == "Good Friday\n"
