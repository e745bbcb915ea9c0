"""Workers are killed at random points, and the systems' own record says that it did not show."""

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from crash_cluster import Server
from crash_trial import Trial, try_out
from sqlalchemy import insert, text

from runtime.driver.driven import Systems, action, graph, rows, start, status, step
from sopc_runtime.driver.worker import Worker
from sopc_runtime.store.database import postgres_engine, prepare
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.tables import notes, runs, tasks, workers


def test_no_kill_on_sqlite_loses_a_step_or_does_one_twice(tmp_path: Path) -> None:
    trial = Trial(
        database=str(tmp_path / "sopc.db"),
        folder=tmp_path,
        runs=24,
        seed=20261122,
        lives=(0.1, 0.8),
        most_kills=5,
        patience=300,
    )
    verdict = try_out(trial)
    assert verdict.problems == []
    assert verdict.kills > 2
    assert verdict.effects > 24 * 6


def test_a_worker_on_postgresql_takes_over_what_a_killed_one_leaves(
    server: Server, tmp_path: Path
) -> None:
    trial = Trial(
        database=server.database("kills"),
        folder=tmp_path,
        runs=10,
        seed=4,
        workers=2,
        lives=(0.3, 0.8),
        most_kills=2,
        waits=False,
        patience=300,
    )
    verdict = try_out(trial)
    assert verdict.problems == []
    assert verdict.kills > 0


# A connection that the server cut is dropped without being closed.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_server_that_goes_away_and_comes_back_costs_no_event(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    systems, engine = Systems(), postgres_engine(server.database("outage"))
    prepare(engine)
    down = threading.Event()

    def away() -> dict[str, Any]:
        server.stop()
        down.set()
        return {}

    systems["mailer"].acts = [away]
    start(engine, graph("chain", action("first"), action("second", "ledger", "write")), "r")
    worker = Worker(engine, load=systems.load, make=systems.make, beat=0.1, dead_after=60)
    with caplog.at_level(logging.INFO, "sopc.worker"), worker:
        assert down.wait(30)
        assert _until(lambda: worker.counters.outage)
        server.start()
        assert _until(lambda: status(engine, "r") == "done")
    # DBOS's threads hold cut connections until they have tried again.
    assert _until(lambda: not any("dbos" in each.name for each in threading.enumerate()))
    engine.dispose()
    gc.collect()
    assert len(systems["mailer"].asked) == len(systems["ledger"].asked) == 1
    told = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert len(told) == 1


def test_a_process_ends_in_time_while_its_database_is_away(server: Server) -> None:
    with _process("ending.py", server.database("ends")) as (process, told):
        assert told() == "asked"
        server.stop()
        try:
            _go_on(process)
            assert process.wait(60) == 0
        finally:
            server.start()


def test_a_process_that_was_frozen_while_another_took_over_does_not_act(server: Server) -> None:
    systems, engine = Systems(), postgres_engine(server.database("frozen"))
    prepare(engine)
    start(engine, graph("one", action("first")), "r")
    with _process("freezing.py", engine.url.render_as_string()) as (process, told):
        assert told() == "reached"
        process.send_signal(signal.SIGSTOP)
        by = Worker(engine, load=systems.load, make=systems.make, beat=0.1, dead_after=1.5)
        with by:
            assert _until(lambda: [each.kind for each in rows(engine, tasks)] == ["doubt"])
            _go_on(process)
            process.send_signal(signal.SIGCONT)
            assert told() == "asked 0 times"
            assert process.wait(60) == 0
    assert systems["mailer"].asked == []
    engine.dispose()


@contextmanager
def _process(
    script: str, url: str
) -> Iterator[tuple["subprocess.Popen[bytes]", Callable[[], str]]]:
    command = [sys.executable, str(Path(__file__).with_name(script)), url]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, env=environ
    ) as process:
        told = process.stdout
        assert told is not None
        try:
            yield process, lambda: told.readline().decode().strip()
        finally:
            process.kill()


def _go_on(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.flush()


def test_the_living_share_the_runs_and_the_dead_are_forgotten(server: Server) -> None:
    systems, engine = Systems(), postgres_engine(server.database("share"))
    prepare(engine)
    worker = Worker(engine, load=systems.load, make=systems.make, beat=0.05, dead_after=0.5)
    with engine.begin() as connection:
        connection.execute(insert(workers).values(id="gone", seen=worker._now()))  # noqa: SLF001
    worker._keeper.tell()  # noqa: SLF001
    assert worker._dispatcher.share[1] == 2  # noqa: SLF001
    with worker:
        assert _until(lambda: worker._dispatcher.share == (0, 1))  # noqa: SLF001
        assert _until(lambda: [each.id for each in rows(engine, workers)] == [worker.process])
    engine.dispose()


def test_a_server_that_isolates_more_than_is_wanted_does_not_get_its_way(server: Server) -> None:
    url = server.database("isolated")
    engine = postgres_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text("ALTER DATABASE isolated SET default_transaction_isolation = 'serializable'")
        )
    engine.dispose()
    with engine.begin() as connection:
        level = connection.execute(text("SHOW transaction_isolation")).scalar_one()
    assert level == "read committed"
    engine.dispose()


def test_callers_and_called_that_end_at_once_wait_for_each_other_never_in_a_circle(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    systems, engine = Systems(), postgres_engine(server.database("circle"))
    prepare(engine)
    calling = graph(
        "outer",
        step(
            "split",
            "kind: compute",
            "values: [{name: one, type: integer, cel: '1'}]",
            "next: [a, b, c]",
        ),
        *(step(each, "kind: call", "procedure: inner", "next: z") for each in "abc"),
        action("z", "mailer", "send", "join: all"),
        inner=[action("within", "ledger", "write")],
    )
    for number in range(8):
        start(engine, calling, f"r{number}")
    with Worker(engine, load=systems.load, make=systems.make, beat=0.1) as worker:
        assert worker.run_until_quiet(120)
    assert {each.status for each in rows(engine, runs)} == {"done"}
    assert (len(systems["ledger"].asked), len(systems["mailer"].asked)) == (24, 8)
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []
    engine.dispose()


def test_a_row_that_stands_already_is_not_counted_as_added(server: Server) -> None:
    engine = postgres_engine(server.database("count"))
    prepare(engine)
    with engine.begin() as connection:
        once = insert_once(connection, notes).values(key="k", value="v")
        assert [connection.execute(once).rowcount for _ in range(2)] == [1, 0]
    engine.dispose()


def _until(so: Callable[[], bool], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if so():
                return True
        except Exception:  # noqa: BLE001 # the server is away
            time.sleep(0.01)
        time.sleep(0.01)
    return False
