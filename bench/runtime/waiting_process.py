"""One process that carries runs out: how soon it is ready, how much it holds, how quick it is."""

import json
import sys
import threading
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rate_procedure import Told, organization
from rate_sample import BETWEEN
from sqlalchemy import Engine, select, update
from waiting_rows import WAITS_FOR_TIME, start, waiting

from sopc_runtime.driver.worker import Worker
from sopc_runtime.store.database import reading, sqlite_engine
from sopc_runtime.store.tables import timers

_SINGLES = 15
_DUE = 250
_IDLE = 3.0
_LONGEST = 10.0
_MONTH = timedelta(days=31)
_FAR = timedelta(days=1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What was measured.

    Attributes:
        ready: Seconds from the start of the process until the worker has started.
        first: Seconds until the first action of a run that was started right then.
        megabytes: What the process holds when it is ready and has nothing to do.
        peak: The most that it held, timers and all.
        bare: What it held before it opened the database.
        latencies: Seconds from a trigger to the first action.
        idle: Seconds of processor for each second in which there is nothing to do.
        fired: How many timers a second: due, fired, their runs gone on and ended.
        flooded: The same while the timers of all runs are due that wait for a time.
    """

    ready: float
    first: float
    megabytes: float
    peak: float
    bare: float
    latencies: list[float]
    idle: float
    fired: float
    flooded: float


@dataclass(slots=True)
class Clock:
    """A clock that can be put ahead."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        """Give the instant."""
        return datetime.now(UTC) + self.ahead


def main() -> None:
    """Measure: `waiting_process.py FILE STARTED`, the latter in seconds since 1970."""
    path, spawned = Path(sys.argv[1]), float(sys.argv[2])
    bare = _megabytes("VmRSS")
    engine = sqlite_engine(path)
    asked = threading.Event()
    known, clock = organization(), Clock()
    with Worker(
        engine, load=lambda: known, make=lambda *_: Told(asked.set), now=clock.now
    ) as worker:
        ready = time.time() - spawned
        _single(engine, worker, asked, 0)
        first = time.time() - spawned
        worker.run_until_quiet(30)
        before = time.process_time()
        time.sleep(_IDLE)
        idle = (time.process_time() - before) / _IDLE
        megabytes = _megabytes("VmRSS")
        latencies = []
        for number in range(1, _SINGLES + 1):
            time.sleep(BETWEEN)
            latencies.append(_single(engine, worker, asked, number))
        fired, flooded = _fire(engine, clock, _DUE), _fire(engine, clock, 1_000_000)
        held = Held(
            ready=ready,
            first=first,
            megabytes=megabytes,
            peak=_megabytes("VmHWM"),
            bare=bare,
            latencies=latencies,
            idle=idle,
            fired=fired,
            flooded=flooded,
        )
    print(json.dumps(asdict(held)))


def _single(engine: Engine, worker: Worker, asked: threading.Event, number: int) -> float:
    asked.clear()
    begun = time.monotonic()
    start(engine, WAITS_FOR_TIME, f"single-{number}")
    worker.wake()
    if not asked.wait(30):
        raise TimeoutError("nobody acted")
    return time.monotonic() - begun


def _fire(engine: Engine, clock: Clock, many: int) -> float:
    """Let so many timers be due at once, and see their runs through; gives how many a second."""
    due = select(timers.c.run).where(timers.c.timer == "wait:wait").limit(many)
    with engine.begin() as connection:
        chosen = list(connection.execute(due).scalars())
        connection.execute(update(timers).values(due=clock.now() + _FAR))
        for first in range(0, len(chosen), 500):
            some = timers.c.run.in_(chosen[first : first + 500])
            connection.execute(update(timers).where(some).values(due=clock.now()))
        before = waiting(connection)
        # A run whose own state says that it waits longer takes no notice.
        clock.ahead += _MONTH
    begun = time.monotonic()
    while True:
        time.sleep(0.05)
        with reading(engine).connect() as connection:
            ended = before - waiting(connection)
        taken = time.monotonic() - begun
        if ended >= len(chosen) or taken > _LONGEST:
            return ended / taken


def _megabytes(field: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith(f"{field}:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
