"""What a worker keeps to and sees to: limits, changed files, what has ended, the clock."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dbos._sys_db import SystemDatabase
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from runtime.driver.driven import (
    ORGANIZATION,
    Systems,
    a_worker,
    action,
    graph,
    rows,
    start,
    status,
    step,
    until,
)
from sopc.organization import loads_organization
from sopc_runtime.driver import keeper, pool
from sopc_runtime.driver.worker import Worker
from sopc_runtime.store.tables import journal

PAY = graph("pay", action("pay", "bank", "pay"))


def with_bank(settings: str) -> Systems:
    changed = ORGANIZATION.replace("{max_concurrent: 1}", settings)
    assert changed != ORGANIZATION
    return Systems(organization=loads_organization(changed))


def test_a_system_is_asked_so_often_a_minute_and_no_more(engine: Engine) -> None:
    systems = with_bank("{per_minute: 2}")
    for number in range(4):
        start(engine, PAY, f"r{number}")
    with a_worker(engine, systems) as worker:
        assert until(lambda: len(systems["bank"].asked) == 2)
        assert not worker.run_until_quiet(0.8)
        assert len(systems["bank"].asked) == 2
    assert sorted(status(engine, f"r{each}") for each in range(4)) == [
        "done",
        "done",
        "running",
        "running",
    ]


def test_an_organization_file_that_changes_is_gone_by_without_a_new_start(
    engine: Engine, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_LOOK_AGAIN", 0.0)
    before = systems["mailer"]
    one = graph("one", action("first"))
    with a_worker(engine, systems) as worker:
        start(engine, one, "r1")
        assert worker.run_until_quiet(60)
        changed = ORGANIZATION.replace("{timeout: 0.5}", "{timeout: 7}")
        systems.fakes.clear()
        systems.organization = loads_organization(changed)
        start(engine, one, "r2")
        assert worker.run_until_quiet(60)
        after = systems["mailer"]
    assert [each.timeout for each in before.asked] == [0.5]
    assert [each.timeout for each in after.asked] == [7.0]
    assert before.closed


def test_signs_of_life_do_not_wait_for_a_connector_that_takes_long_to_make(
    systems: Systems,
) -> None:
    making, made = threading.Event(), threading.Event()

    def make(*_: Any) -> Any:
        making.set()
        made.wait(60)
        return systems["mailer"]

    slow = pool.Pool(systems.load, make)
    thread = threading.Thread(target=slow.reach, args=("mailer",))
    thread.start()
    assert making.wait(60)
    assert list(slow.limited()) == ["bank"]
    made.set()
    thread.join()


def test_a_broken_organization_file_leaves_the_last_good_one(
    engine: Engine, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_LOOK_AGAIN", 0.0)
    one = graph("one", action("first"))
    good = systems.organization
    broken = threading.Event()

    def load() -> Any:
        return loads_organization("format: [") if broken.is_set() else good

    with Worker(engine, load=load, make=systems.make, beat=0.05) as worker:
        start(engine, one, "r1")
        assert worker.run_until_quiet(60)
        broken.set()
        start(engine, one, "r2")
        assert worker.run_until_quiet(60)
    assert status(engine, "r2") == "done"


def test_what_dbos_keeps_of_errands_that_ended_does_not_grow_for_ever(
    engine: Engine, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "_FORGET_AFTER", timedelta(0))
    monkeypatch.setattr(keeper, "_FORGET_EVERY", 0.0)
    one = graph("one", action("first"), action("pay", "bank", "pay"))
    with a_worker(engine, systems) as worker:
        for number in range(6):
            start(engine, one, f"r{number}")
        assert worker.run_until_quiet(60)
        assert until(lambda: _errands_kept(engine) == 0)
        assert systems["bank"].asked


def test_an_errand_whose_end_could_not_be_written_gives_its_place_in_the_queue_back(
    engine: Engine, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "_LOST_AFTER", 0.2)
    write = SystemDatabase.update_workflow_outcome
    full = [OperationalError("UPDATE", {}, sqlite3.OperationalError("database or disk is full"))]

    def fill(self: SystemDatabase, *given: Any, **more: Any) -> bool:
        # The disk is full just when the first of the bank's calls is over.
        if full and systems["bank"].asked:
            raise full.pop()
        return bool(write(self, *given, **more))

    monkeypatch.setattr(SystemDatabase, "update_workflow_outcome", fill)
    for number in range(2):
        start(engine, PAY, f"r{number}")
    with a_worker(engine, systems) as worker:
        assert worker.run_until_quiet(60)
    assert not full
    assert len(systems["bank"].asked) == 2


def _errands_kept(engine: Engine) -> int:
    with engine.connect() as connection:
        name = text("SELECT name FROM sqlite_master WHERE name LIKE '%workflow_status'")
        table = connection.execute(name).scalar_one()
        return int(connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one())  # noqa: S608


@pytest.mark.parametrize("hours", [-1, 30], ids=["back", "forward"])
def test_a_clock_that_jumps_loses_no_timer_and_stops_nothing(
    engine: Engine, systems: Systems, hours: int
) -> None:
    jump = [timedelta()]
    late = graph("late", step("w", "kind: wait", "duration: PT2H"), action("a"))
    start(engine, late, "r", at=datetime.now(UTC))
    with a_worker(engine, systems, now=lambda: datetime.now(UTC) + jump[0]) as worker:
        assert worker.run_until_quiet(60)
        jump[0] = timedelta(hours=hours)
        start(engine, graph("one", action("first")), "other")
        assert until(lambda: status(engine, "other") == "done")
        assert worker.run_until_quiet(60)
        assert status(engine, "r") == ("done" if hours > 0 else "running")
        jump[0] = timedelta(hours=60)
        assert until(lambda: status(engine, "r") == "done")
    instants = [each.at for each in rows(engine, journal, run="r")]
    assert instants == sorted(instants)
    assert len([each for each in systems["mailer"].asked if each.key.startswith("r/")]) == 1
