"""A worker from its start to its end: DBOS, queues, the lock, outages, and what it leaves."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert

from runtime.driver.driven import (
    NOON,
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
from sopc_runtime.driver.lock import AlreadyWorkingError
from sopc_runtime.driver.worker import Worker
from sopc_runtime.journal.verify import verify
from sopc_runtime.store.database import prepare, sqlite_engine
from sopc_runtime.store.tables import calls, pauses, workers

CHAIN = graph("chain", action("first"), action("second", "ledger", "write"))


@contextmanager
def working(engine: Engine, systems: Systems, **more: Any) -> Iterator[Worker]:
    worker = a_worker(engine, systems, **more)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop(1.0)


def test_runs_go_on_by_themselves_until_all_of_them_wait(engine: Engine, systems: Systems) -> None:
    for number in range(5):
        start(engine, CHAIN, f"r{number}")
    start(engine, graph("soon", step("w", "kind: wait", "duration: PT1H"), action("a")), "waits")
    ahead = [timedelta()]
    with working(engine, systems, now=lambda: datetime.now(UTC) + ahead[0]) as worker:
        assert worker.run_until_quiet(60)
        assert {status(engine, f"r{number}") for number in range(5)} == {"done"}
        assert status(engine, "waits") == "running"
        assert worker.counters.calls == 10
        ahead[0] = timedelta(hours=1)
        assert until(lambda: status(engine, "waits") == "done")
        assert [each.id for each in rows(engine, workers)] == [worker.process]
    assert rows(engine, workers) == []
    assert verify(engine).breaks == []
    assert systems["mailer"].closed


def test_two_processes_never_execute_on_one_sqlite_file(engine: Engine, systems: Systems) -> None:
    with (
        working(engine, systems),
        pytest.raises(AlreadyWorkingError, match="another process executes the runs"),
    ):
        a_worker(engine, systems).start()


def test_calls_of_a_system_with_limits_wait_for_their_turn_in_its_queue(
    engine: Engine, systems: Systems
) -> None:
    at_once: list[int] = []
    count = threading.Semaphore(10)

    def pay() -> dict[str, Any]:
        with count:
            at_once.append(10 - count._value)  # noqa: SLF001
            time.sleep(0.05)
        return {}

    systems["bank"].acts = [pay] * 3
    for number in range(3):
        start(engine, graph("pay", action("pay", "bank", "pay"), action("then")), f"r{number}")
    with working(engine, systems) as worker:
        assert worker.run_until_quiet(60)
    assert at_once == [1, 1, 1]
    assert {status(engine, f"r{number}") for number in range(3)} == {"done"}


def test_a_pause_that_ends_lets_planned_calls_go_on(engine: Engine, systems: Systems) -> None:
    start(engine, graph("pay", action("pay", "bank", "pay")), "r")
    with engine.begin() as connection:
        connection.execute(insert(pauses).values(name="pay", by="Lena Brandt", at=NOON))
    with working(engine, systems) as worker:
        assert worker.run_until_quiet(60)
        assert systems["bank"].asked == []
        with engine.begin() as connection:
            connection.execute(pauses.delete())
        assert until(lambda: status(engine, "r") == "done")


def test_a_stop_that_cannot_wait_leaves_the_call_to_the_next_start(
    engine: Engine, systems: Systems
) -> None:
    held = threading.Event()
    systems["bank"].acts = [held.wait]
    systems.organization = systems.organization.model_copy(
        update={"systems": tuple(_unlimited(each) for each in systems.organization.systems)}
    )
    start(engine, graph("pay", action("pay", "bank", "pay")), "r")
    worker = a_worker(engine, systems)
    worker.start()
    assert until(lambda: bool(systems["bank"].asked))
    assert not worker.stop(0.05)
    held.set()
    assert [each.status for each in rows(engine, calls)] == ["started"]
    systems["bank"].looked_up = [{}]
    with working(engine, systems) as again:
        assert again.run_until_quiet(60)
    assert status(engine, "r") == "done"
    assert len(systems["bank"].asked) == 1


def _unlimited(system: Any) -> Any:
    binding = system.binding.model_copy(update={"settings": {}})
    return system.model_copy(update={"binding": binding})


def test_a_database_that_is_locked_for_a_while_is_waited_for_and_told_once(
    tmp_path: Path, systems: Systems, caplog: pytest.LogCaptureFixture
) -> None:
    engine = sqlite_engine(tmp_path / "sopc.db")
    event.listen(engine, "connect", _impatient)
    prepare(engine)
    other = sqlite3.connect(tmp_path / "sopc.db", isolation_level=None, check_same_thread=False)

    def lock() -> dict[str, Any]:
        other.execute("BEGIN EXCLUSIVE")
        return {}

    systems["mailer"].acts = [lock]
    start(engine, CHAIN, "r")
    with caplog.at_level(logging.INFO, "sopc.worker"), working(engine, systems) as worker:
        assert until(lambda: worker.counters.outage)
        other.execute("ROLLBACK")
        assert until(lambda: status(engine, "r") == "done")
        assert until(lambda: not worker.counters.outage)
    other.close()
    engine.dispose()
    assert len(systems["mailer"].asked) == len(systems["ledger"].asked) == 1
    assert _told(caplog) == ["database is locked"]


def test_a_disk_that_is_full_is_waited_for_and_nothing_is_lost(
    engine: Engine, systems: Systems, caplog: pytest.LogCaptureFixture
) -> None:
    full = threading.Event()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        most = "1" if full.is_set() else "1000000"
        connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    def fill() -> dict[str, Any]:
        full.set()
        return {"much": "x" * 100_000}

    systems["mailer"].acts = [fill]
    start(engine, CHAIN, "r")
    with caplog.at_level(logging.INFO, "sopc.worker"), working(engine, systems) as worker:
        assert until(lambda: worker.counters.outage)
        full.clear()
        assert until(lambda: status(engine, "r") == "done")
    assert len(systems["mailer"].asked) == len(systems["ledger"].asked) == 1
    assert _told(caplog) == ["database or disk is full"]


def _impatient(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=20")


def _told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        each.getMessage().rsplit(": ", 1)[1]
        for each in caplog.records
        if each.name == "sopc.worker" and each.levelno == logging.ERROR
    ]
