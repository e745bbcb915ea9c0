"""A worker: one process's part in carrying runs out."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from uuid import uuid4

from sqlalchemy import Engine, func, select

from sopc_runtime.driver.carrying import Carrier
from sopc_runtime.driver.dispatcher import Dispatcher
from sopc_runtime.driver.durable import Durable
from sopc_runtime.driver.errand import Errands
from sopc_runtime.driver.intent import OVER
from sopc_runtime.driver.keeper import Keeper
from sopc_runtime.driver.lock import exclusive
from sopc_runtime.driver.patience import Patience, is_outage
from sopc_runtime.driver.pause import not_paused
from sopc_runtime.driver.pool import Loader, Maker, Pool
from sopc_runtime.driver.ready import Ready
from sopc_runtime.driver.transaction import Interpreter, Observer, Transactions
from sopc_runtime.store.database import reading
from sopc_runtime.store.kept import KeptConnections
from sopc_runtime.store.tables import calls, mail, runs, timers

log = logging.getLogger("sopc.worker")

_LOOK = 0.02


def _utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Counters:
    """How a worker is doing.

    Attributes:
        ready: Things found to do and not begun.
        errands: Errands at work.
        events: Events that runs took, since the start.
        calls: Calls carried out, since the start.
        hung: Connectors that did not come back and were left behind, since the start.
        ailing: Runs that cannot go on and are tried again later.
        outage: Whether the database cannot be used.
    """

    ready: int
    errands: int
    events: int
    calls: int
    hung: int
    ailing: int
    outage: bool


class Worker:
    """Carries out the runs of a database until it is stopped; one in a process.

    Args:
        engine: The database, with its tables.
        load: Gives the organization file of now, for the ways to systems.
        make: Makes the connector of a system.
        now: The clock, in UTC.
        interpreter: What decides; the core's unless given.
        process: The process's id, never used before; random unless given.
        threads: How many errands may be at work at once.
        grace: Seconds beyond its timeout after which a connector is taken to hang.
        beat: Seconds between heartbeats.
        dead_after: Seconds without one after which a process is taken for dead.
        observe: Who is told what was written to the journal, after each commit.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        load: Loader,
        make: Maker,
        now: Callable[[], datetime] = _utc,
        interpreter: Interpreter | None = None,
        process: str | None = None,
        threads: int = 8,
        grace: float = 5.0,
        beat: float = 2.0,
        dead_after: float = 15.0,
        observe: Observer | None = None,
    ) -> None:
        self._engine = engine
        self._now = now
        self._draining = threading.Event()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._ready = Ready()
        self._pool = Pool(load, make)
        self._carrier = Carrier(self._pool, grace=grace)
        self._patience = Patience(self._stopping)
        self.process = process or uuid4().hex
        alone = engine.dialect.name == "sqlite"
        self._errands = Errands(
            engine=engine,
            process=self.process,
            transactions=Transactions(
                connections=KeptConnections(engine),
                interpreter=interpreter or _core(),
                now=now,
                may_begin=lambda: not self._draining.is_set(),
                limited=self._limited,
                observe=observe,
            ),
            carrier=self._carrier,
            ready=self._ready,
            patience=self._patience,
            now=now,
            draining=self._draining,
            sure_until=lambda: self._keeper.sure_until,
            limited=self._limited,
        )
        # On SQLite the lock sees to it that what this name left behind is left indeed.
        self._durable = Durable(engine, "sopc" if alone else self.process, self._errands)
        self._dispatcher = Dispatcher(
            engine=engine,
            durable=self._durable,
            errands=self._errands,
            ready=self._ready,
            patience=self._patience,
            now=now,
            draining=self._draining,
            limited=self._limited,
            threads=threads,
        )
        self._keeper = Keeper(
            engine=engine,
            process=self.process,
            durable=self._durable,
            dispatcher=self._dispatcher,
            errands=self._errands,
            ready=self._ready,
            pool=self._pool,
            now=now,
            stopping=self._stopping,
            alone=alone,
            beat=beat,
            dead_after=dead_after,
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin, with what was left behind when the program stopped last.

        Raises:
            AlreadyWorkingError: Another process executes the runs of this SQLite file.
        """
        self._lock = exclusive(self._engine)
        try:
            self._keeper.tell()
            self._durable.launch()
            self._keeper.sweep()
        except BaseException:
            self._durable.close()
            if self._lock is not None:
                self._lock.release()
            raise
        for name, run in (("dispatcher", self._dispatcher.run), ("keeper", self._keeper.run)):
            thread = threading.Thread(target=run, name=f"sopc {name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, timeout: float = 10.0) -> bool:
        """Stop: transactions and calls at work are finished, and nothing new is begun.

        Returns:
            Whether all was finished within `timeout` seconds. What was not is looked after at the
            next start, as after a crash.
        """
        self._draining.set()
        self._ready.added.set()
        clean = self._wait(lambda: not self._errands.active, timeout)
        self._stopping.set()
        self._carrier.abandoning.set()
        self._wait(lambda: not self._errands.active, 1.0)
        for thread in self._threads:
            thread.join(timeout=5.0)
        self._durable.close()
        self._carrier.hands.close()
        self._pool.close()
        try:
            self._keeper.leave()
        except Exception as error:
            if not is_outage(error):
                raise
        if self._lock is not None:
            self._lock.release()
        if not clean:
            log.warning("stopped before all calls had ended; they are looked after at the start")
        return clean

    def wake(self) -> None:
        """Look for work now, because there is some."""
        self._ready.added.set()

    @property
    def counters(self) -> Counters:
        """How it is doing."""
        return Counters(
            ready=len(self._ready),
            errands=len(self._errands.active),
            events=self._errands.taken,
            calls=self._errands.carried,
            hung=self._carrier.hung,
            ailing=len(self._ready.ailing),
            outage=self._patience.out,
        )

    def idle(self) -> bool:
        """Tell whether nothing is to be done now: all runs wait, for people, times or pauses."""
        if len(self._ready) or self._errands.active:
            return False
        ailing = {each.run for each in self._ready.ailing}
        waiting = (
            select(mail.c.run)
            .join(runs, runs.c.id == mail.c.run)
            .where(mail.c.taken.is_(None), not_paused())
        )
        opened = (
            select(calls.c.run)
            .join(runs, runs.c.id == calls.c.run)
            .where(calls.c.status != OVER, not_paused())
        )
        due = select(func.count()).select_from(timers).where(timers.c.due <= self._now())
        with reading(self._engine).connect() as connection:
            for each in (waiting, opened):
                if set(connection.execute(each.distinct()).scalars()) - ailing:
                    return False
            fired = connection.execute(due).scalar_one() == 0
        return fired and not len(self._ready) and not self._errands.active

    def run_until_quiet(self, timeout: float | None = None) -> bool:
        """Wait until nothing is to be done; false if that took longer than `timeout` seconds."""
        self.wake()
        return self._wait(self.idle, timeout)

    def _wait(self, so: Callable[[], bool], timeout: float | None) -> bool:
        until = None if timeout is None else time.monotonic() + timeout
        while not so():
            if until is not None and time.monotonic() >= until:
                return False
            time.sleep(_LOOK)
        return True

    def _limited(self) -> frozenset[str]:
        return self._durable.limited


def _core() -> Interpreter:
    from sopc_runtime.core import interpreter

    return interpreter
