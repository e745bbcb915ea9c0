"""Twelve steps by the worker: intent, outcome, journal, and all else that it does for each."""

import hashlib
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from rate_procedure import ORGANIZATION, Told, graph_text, organization
from rate_sample import BETWEEN, FLIGHTS, TRIGGERS, Sample
from sqlalchemy import Engine

from sopc_runtime.core.event import Started
from sopc_runtime.core.mode import Mode
from sopc_runtime.driver.worker import Worker
from sopc_runtime.journal.entry import Draft
from sopc_runtime.store.database import postgres_engine, prepare, sqlite_engine
from sopc_runtime.store.documents import keep
from sopc_runtime.store.run_start import Version, begin

_PATIENCE = 60


class Ended:
    """Counts the runs that have ended, as those who watch a worker are told of them."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def __call__(self, run: str, name: str, drafts: Sequence[Draft]) -> None:
        """Take what was written to a run's journal."""
        del run, name
        if any(each.kind == "decision:finish" for each in drafts):
            with self._changed:
                self._count += 1
                self._changed.notify_all()

    def wait(self, count: int) -> None:
        """Wait until so many have."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._count >= count, timeout=_PATIENCE):
                raise TimeoutError


def main() -> None:
    """Measure: `rate_sopc.py DATABASE RUNS acts|pure FLIGHTS`."""
    database, count, kind, flights = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    engine = (
        postgres_engine(database) if "://" in database else sqlite_engine(Path(database, "sopc.db"))
    )
    prepare(engine)
    under = _deployed(engine, acts=kind == "acts")
    asked = threading.Event()
    known = organization()
    ended = Ended()
    worker = Worker(
        engine,
        load=lambda: known,
        make=lambda *_: Told(asked.set),
        threads=flights,
        observe=ended,
    )
    with worker:
        _start(engine, under, "warm")
        worker.wake()
        ended.wait(1)
        begun, cpu = time.monotonic(), time.process_time()
        with ThreadPoolExecutor(2) as starters:
            for _ in starters.map(lambda each: _start(engine, under, f"run-{each}"), range(count)):
                worker.wake()
        ended.wait(1 + count)
        seconds, cpu = time.monotonic() - begun, time.process_time() - cpu
        latencies = [
            _latency(engine, under, worker, asked, number)
            for number in range(TRIGGERS if kind == "acts" and flights == FLIGHTS else 0)
        ]
    Sample(runs=count, seconds=seconds, cpu=cpu, latencies=latencies).tell()


def _deployed(engine: Engine, *, acts: bool) -> Version:
    text = graph_text(acts=acts)
    digests = [hashlib.sha256(each.encode()).hexdigest() for each in (text, ORGANIZATION)]
    with engine.begin() as connection:
        keep(connection, kind="graph", text=text, digest=digests[0])
        keep(connection, kind="organization", text=ORGANIZATION, digest=digests[1])
    return Version(
        name="twelve",
        graph=digests[0],
        organization=digests[1],
        procedure="twelve",
        mode=Mode.AUTONOMOUS,
    )


def _start(engine: Engine, under: Version, run: str) -> None:
    started = Started(at=datetime.now(UTC), run=run, mode=Mode.AUTONOMOUS)
    with engine.begin() as connection:
        begin(connection, name=under.name, run=run, started=started, under=under)


def _latency(
    engine: Engine, under: Version, worker: Worker, asked: threading.Event, number: int
) -> float:
    worker.run_until_quiet(30)
    time.sleep(BETWEEN)
    asked.clear()
    begun = time.monotonic()
    _start(engine, under, f"single-{number}")
    worker.wake()
    asked.wait(10)
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
