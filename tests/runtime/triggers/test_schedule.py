"""Schedules: right on the days when clocks change, once for each tick, caught up as was said."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select, update

from runtime.triggers.deployed import deploy, graph
from sopc_runtime.core.event import EVENT, Started
from sopc_runtime.store.database import open_database
from sopc_runtime.store.tables import deliveries, mail, procedures
from sopc_runtime.triggers.schedule import Schedules, ticks
from sopc_runtime.triggers.settings import ScheduleSettings

MINUTE = timedelta(minutes=1)
START = datetime(2026, 11, 23, 14, 59, 30, tzinfo=UTC)
MONDAYS = "kind: schedule, id: mondays, says: every Monday at 9 AM, cron: 0 9 * * 1"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(tmp_path)
    yield opened
    opened.dispose()


def _deploy(engine: Engine, trigger: str, organization: str = "", name: str = "reports") -> None:
    with engine.begin() as connection:
        deploy(connection, name, graph(name, trigger), organization)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("America/Chicago", 15, 14), ("Europe/Berlin", 8, 7)],
)
def test_every_monday_at_nine_is_nine_on_every_monday_of_a_year(
    name: str, before: int, after: int
) -> None:
    """On both sides of both clock changes; in UTC the hour moves with them."""
    zone = ZoneInfo(name)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = list(ticks("0 9 * * 1", zone, start, start + timedelta(days=365)))
    assert len(found) == 52
    local = [tick.astimezone(zone) for tick in found]
    assert {(each.weekday(), each.hour, each.minute) for each in local} == {(0, 9, 0)}
    assert {tick.hour for tick in found} == {before, after}
    assert sum(one.hour != other.hour for one, other in pairwise(found)) == 2


@pytest.mark.parametrize("name", ["America/Chicago", "Europe/Berlin"])
def test_a_daily_time_that_clock_changes_leave_out_or_repeat_comes_once_a_day(name: str) -> None:
    """At 02:30 there is no such time in spring, and in Berlin two of them in autumn."""
    zone = ZoneInfo(name)
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    found = list(ticks("30 2 * * *", zone, start, start + timedelta(days=365)))
    days = [tick.astimezone(zone).date() for tick in found]
    assert len(days) == len(set(days)) == 365
    odd = [tick.astimezone(zone) for tick in found if tick.astimezone(zone).hour != 2]
    assert [(each.month, each.hour, each.minute) for each in odd] == [(3, 3, 0)]


def test_every_hour_is_every_hour_that_passes() -> None:
    """24 hours pass between two instants that are 24 hours apart, whatever clocks show."""
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    found = list(ticks("0 * * * *", ZoneInfo("Europe/Berlin"), start, start + timedelta(hours=24)))
    assert [other - one for one, other in pairwise(found)] == [timedelta(hours=1)] * 23


def test_a_tick_starts_one_run_even_with_two_clocks(engine: Engine) -> None:
    """Its id names the tick, and the run knows when it was due."""
    organization = "format: 1\nname: T\ntime_zone: America/Chicago\n"
    _deploy(engine, MONDAYS, organization)
    one, other = Schedules(engine), Schedules(engine)
    assert one.tick(START) == []
    due = START + timedelta(seconds=31)
    assert one.tick(due) == ["cron:reports:2026-11-23T15:00:00Z"]
    assert other.tick(due) == []
    assert one.tick(due + MINUTE) == []
    with engine.connect() as connection:
        [letter] = connection.execute(select(mail.c.event)).scalars()
        [row] = connection.execute(select(deliveries)).all()
    event = EVENT.validate_json(letter)
    assert isinstance(event, Started)
    assert (event.occurred, event.at) == (datetime(2026, 11, 23, 15, tzinfo=UTC), due)
    assert (row.status, row.runs) == ("started", ["cron:reports:2026-11-23T15:00:00Z"])


@pytest.mark.parametrize(
    ("policy", "days"),
    [({"catch_up": "skip"}, []), ({}, [7]), ({"catch_up": "all", "most": 3}, [5, 6, 7])],
)
def test_ticks_that_were_missed_are_caught_up_as_was_said(
    engine: Engine, policy: dict[str, object], days: list[int]
) -> None:
    """What is left out is told."""
    _deploy(engine, f"{MONDAYS.replace('* * 1', '* * *')}, time_zone: UTC")
    start = datetime(2026, 12, 1, 12, tzinfo=UTC)
    Schedules(engine).tick(start)
    settings = ScheduleSettings.model_validate({"procedure": "reports", **policy})
    started = Schedules(engine, [settings]).tick(start + timedelta(days=6))
    assert started == [f"cron:reports:2026-12-0{day}T09:00:00Z" for day in days]
    with engine.connect() as connection:
        problems = select(deliveries.c.problem).where(deliveries.c.status == "ignored")
        [told] = connection.execute(problems).scalars()
    assert told.startswith("ticks from 2026-12-02T09:00:00+00:00 on were left out, until 2026-12-0")


def test_a_tick_a_few_seconds_late_is_on_time(engine: Engine) -> None:
    """It is not skipped because nobody looked in that very second."""
    _deploy(engine, f"{MONDAYS}, time_zone: America/Chicago")
    schedules = Schedules(engine, [ScheduleSettings(procedure="reports", catch_up="skip")])
    schedules.tick(START)
    assert len(schedules.tick(START + timedelta(seconds=50))) == 1


def test_a_schedule_that_was_changed_begins_anew(engine: Engine) -> None:
    """Ticks of a clock that did not hold then are not made up for."""
    _deploy(engine, f"{MONDAYS}, time_zone: America/Chicago")
    schedules = Schedules(engine)
    schedules.tick(START)
    with engine.begin() as connection:
        deploy(connection, "x", graph("x", f"{MONDAYS.replace('0 9', '0 20')}, time_zone: UTC"))
        text = connection.execute(
            select(procedures.c.graph).where(procedures.c.name == "x")
        ).scalar_one()
        connection.execute(procedures.delete().where(procedures.c.name == "x"))
        connection.execute(update(procedures).values(graph=text))
    later = START + timedelta(hours=5)
    assert schedules.tick(later) == []
    assert schedules.tick(later + MINUTE) == ["cron:reports:2026-11-23T20:00:00Z"]


@pytest.mark.parametrize(
    ("trigger", "problem"),
    [
        (MONDAYS, "schedule `mondays` states no time zone, and neither does the organization"),
        (f"{MONDAYS}, time_zone: Mars/Base", "`Mars/Base` is no time zone"),
        ("kind: schedule, id: t, says: s, cron: 0 0 9 * * 1, time_zone: UTC", "has not five"),
        ("kind: schedule, id: t, says: s, cron: 0 99 * * 1, time_zone: UTC", "no cron expr"),
    ],
)
def test_a_clock_that_cannot_tick_is_told_and_holds_up_no_other(
    engine: Engine, trigger: str, problem: str
) -> None:
    """The others go on."""
    _deploy(engine, trigger, name="bad")
    _deploy(engine, f"{MONDAYS}, time_zone: America/Chicago")
    schedules = Schedules(engine)
    schedules.tick(START)
    assert len(schedules.tick(START + MINUTE)) == 1
    assert list(schedules.problems) == ["bad"]
    assert problem in schedules.problems["bad"]
