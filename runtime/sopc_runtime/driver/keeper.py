"""The keeper: heartbeats, what dead processes left, and calls that nobody sees to."""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.engine import Engine

from sopc_runtime.driver import intent
from sopc_runtime.driver.dispatcher import Dispatcher
from sopc_runtime.driver.durable import Durable
from sopc_runtime.driver.errand import Errands
from sopc_runtime.driver.patience import is_outage
from sopc_runtime.driver.pool import Pool
from sopc_runtime.driver.ready import CallWork, Ready
from sopc_runtime.driver.signs import Signs
from sopc_runtime.store.database import reading
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.tables import workers

log = logging.getLogger("sopc.worker")

_FORGET_EVERY = 600.0
_FORGET_AFTER = timedelta(hours=1)
_SWEEPS_AFTER = 2
_LOST_AFTER = 30.0


@dataclass(slots=True, kw_only=True)
class Keeper:
    """Tells others that this process lives, and takes over from those that do not.

    Attributes:
        alone: Whether no other process can be at work (SQLite).
        beat: Seconds between heartbeats.
        dead_after: Seconds without one after which a process is taken for dead.
        beaten: When the last heartbeat was told, by the monotonic clock.
        forgotten: When all was forgotten that DBOS kept for long, by the monotonic clock.
        signs: What this process saw of the others' heartbeats.
    """

    engine: Engine
    process: str
    durable: Durable
    dispatcher: Dispatcher
    errands: Errands
    ready: Ready
    pool: Pool
    now: Callable[[], datetime]
    stopping: threading.Event
    alone: bool
    beat: float
    dead_after: float
    beaten: float = float("-inf")
    forgotten: float = float("-inf")
    signs: Signs = field(init=False)
    _missed: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Watch the others for as long as they watch this one."""
        self.signs = Signs(self.dead_after)

    @property
    def sure_until(self) -> float:
        """Until when, by the monotonic clock, others certainly take this process for alive."""
        return math.inf if self.alone else self.beaten + self.dead_after * 2 / 3

    def run(self) -> None:
        """Go on until the worker has stopped."""
        count = 0
        while not self.stopping.wait(self.beat):
            count += 1
            try:
                self.tell()
                if count % _SWEEPS_AFTER == 0:
                    self.sweep()
            except Exception as error:
                # An outage is told by those who have work to do.
                if not is_outage(error):
                    log.exception("keeping watch failed")

    def tell(self) -> None:
        """Tell that this process lives, and see who else does."""
        begun, at = time.monotonic(), self.now()
        with self.engine.begin() as connection:
            told = update(workers).where(workers.c.id == self.process).values(seen=at)
            if connection.execute(told).rowcount == 0:
                row = {"id": self.process, "seen": at}
                connection.execute(insert_once(connection, workers).values(row))
            living = self._living(connection)
        self.beaten = begun
        self.dispatcher.share = (sorted(living).index(self.process), len(living))

    def leave(self) -> None:
        """Tell that this process is gone."""
        with self.engine.begin() as connection:
            connection.execute(delete(workers).where(workers.c.id == self.process))

    def sweep(self) -> None:
        """Take over from the dead, and see to what nobody else does."""
        self.keep_limits()
        if self.alone:
            with self.engine.begin() as connection:
                connection.execute(delete(workers).where(workers.c.id != self.process))
        else:
            self._bury()
        self._find_left()
        self._find_unheard()
        if time.monotonic() - self.forgotten > _FORGET_EVERY:
            # A part at a time, since heartbeats wait meanwhile; by DBOS's clock, the machine's.
            before = datetime.now(UTC) - _FORGET_AFTER
            if self.durable.forget(before.isoformat()):
                self.forgotten = time.monotonic()

    def keep_limits(self) -> None:
        """Make queues of the systems that have limits now."""
        for system, settings in self.pool.limited().items():
            self.durable.limit(system, settings)

    def _living(self, connection: Connection) -> set[str]:
        rows = [(row.id, row.seen) for row in connection.execute(_SEEN)]
        return {self.process} | self.signs.note(rows)

    def _bury(self) -> None:
        with self.engine.begin() as connection:
            self._living(connection)
            # The row is held, so that no two processes take over from a third.
            for process, seen in self.signs.silent().items():
                dead = (workers.c.id == process) & (workers.c.seen == seen)
                held = select(workers.c.id).where(dead).with_for_update(skip_locked=True)
                if process == self.process or connection.execute(held).first() is None:
                    continue
                count = self.durable.take_over(process)
                log.warning("worker `%s` is gone; %d errands are taken over", process, count)
                connection.execute(delete(workers).where(workers.c.id == process))
            known = set(connection.execute(select(workers.c.id)).scalars())
        strangers = self.durable.executors() - known
        if strangers:
            # Watched like the others from now on.
            with self.engine.begin() as connection:
                for process in strangers:
                    row = {"id": process, "seen": self.now()}
                    connection.execute(insert_once(connection, workers).values(row))

    def _find_unheard(self) -> None:
        """Find errands whose end DBOS did not hear of, as on a full disk: they fill its queues."""
        now, active = time.monotonic(), self.errands.active
        unheard = self.durable.at_work() - active
        self._missed = {each: self._missed.get(each, now) for each in unheard}
        lost = [each for each, since in self._missed.items() if now - since > _LOST_AFTER]
        if lost:
            self.durable.resume(lost)
            self._missed.clear()

    def _find_left(self) -> None:
        """Find calls that were begun and whose errands are gone, or that no queue holds."""
        with reading(self.engine).connect() as connection:
            # Calls first: who began one by then has told that it lives before.
            begun = intent.begun(connection)
            living = self._living(connection)
            queued = intent.handed_to_queue(connection)
        for run, call, owner in begun:
            process, _, errand = owner.partition("/")
            mine = process == self.process
            if (mine and errand not in self.errands.active) or process not in living:
                self.ready.add(CallWork(run, call, owner))
        lost = set(queued) - self.durable.unfinished(queued) if queued else ()
        if lost:
            with self.engine.begin() as connection:
                for errand in lost:
                    intent.take_from_queue(connection, errand)


_SEEN = select(workers.c.id, workers.c.seen)
