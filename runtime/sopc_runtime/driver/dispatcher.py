"""The dispatcher: finds what there is to do, and keeps as many errands at work as allowed."""

import logging
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Engine, bindparam, select

from sopc_runtime.driver import intent
from sopc_runtime.driver.durable import Durable
from sopc_runtime.driver.errand import Errands
from sopc_runtime.driver.patience import Patience, StoppedError
from sopc_runtime.driver.pause import not_paused
from sopc_runtime.driver.ready import CallWork, Ready, RunWork
from sopc_runtime.driver.ticker import fire_due
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import mail, runs

log = logging.getLogger("sopc.worker")

_SHORTEST = 0.02
_LONGEST = 0.2
_AT_ONCE = 500
_OTHERS = 1.0
_REMEMBERED = 30.0
_REST = 4

_WAITING = (
    select(mail.c.run, mail.c.seq)
    .join(runs, runs.c.id == mail.c.run, isouter=True)
    .where(mail.c.taken.is_(None), mail.c.seq > bindparam("after"), not_paused())
    .order_by(mail.c.seq)
    .limit(_AT_ONCE)
)


@dataclass(slots=True, kw_only=True)
class Dispatcher:
    """Looks at the database every so often, and at once when it is woken.

    Attributes:
        threads: How many errands may be at work at once; beyond that, mail simply waits.
        share: This process's place among the living ones, and how many they are: it looks after
            its share of the runs at once, and after others' when they have waited for a while.
    """

    engine: Engine
    durable: Durable
    errands: Errands
    ready: Ready
    patience: Patience
    now: Callable[[], datetime]
    draining: threading.Event
    limited: Callable[[], frozenset[str]]
    threads: int
    share: tuple[int, int] = (0, 1)
    _foreign: dict[str, float] = field(default_factory=dict)
    _looked: float = float("-inf")
    _after: int = 0

    def run(self) -> None:
        """Go on until the worker drains."""
        pause = _SHORTEST
        while not self.draining.is_set():
            self.ready.added.wait(pause)
            self.ready.added.clear()
            begun = time.monotonic()
            try:
                found = self.look()
            except StoppedError:
                return
            except Exception:
                log.exception("looking for work failed")
                found = 0
            # Where much waits that is not to be done now, as in a pause, looking takes long.
            rest = (time.monotonic() - begun) * _REST
            pause = _SHORTEST if found else max(min(pause * 1.5, _LONGEST), rest)

    def look(self) -> int:
        """Look once; gives how much there is to do that was not known before."""
        found = 0
        waiting = len(self.ready)
        # While there is enough to do, looking for more only keeps others from doing it.
        if not waiting or (waiting < _AT_ONCE and time.monotonic() - self._looked > _LONGEST):
            self._looked = time.monotonic()
            found = self.patience.persist(lambda _: self._mail())
            # Whoever woke this process has told a run something, which begins before the rest.
            self.patience.persist(lambda _: self._start())
            found += len(self.patience.persist(lambda _: fire_due(self.engine, self.now())))
            found += self.patience.persist(lambda _: self._calls())
        self.patience.persist(lambda _: self._start())
        return found

    def _mail(self) -> int:
        with reading(self.engine).connect() as connection:
            found = connection.execute(_WAITING, {"after": self._after}).all()
        # Much that is put off, or left to others, must not keep what is behind it from being found.
        self._after = found[-1].seq if len(found) == _AT_ONCE else 0
        mine = self._mine(dict.fromkeys(each.run for each in found))
        return sum(self.ready.add(RunWork(run)) for run in mine)

    def _mine(self, found: dict[str, None]) -> list[str]:
        place, count = self.share
        if count == 1:
            return list(found)
        now, mine = time.monotonic(), []
        self._foreign = {
            run: since for run, since in self._foreign.items() if now - since < _REMEMBERED
        }
        for run in found:
            own = zlib.crc32(run.encode()) % count == place
            if own or now - self._foreign.setdefault(run, now) > _OTHERS:
                mine.append(run)
        return mine

    def _calls(self) -> int:
        with reading(self.engine).connect() as connection:
            planned = intent.unhanded(connection, limit=_AT_ONCE)
        limited, found = self.limited(), 0
        for run, call, system in planned:
            if system not in limited:
                found += self.ready.add(CallWork(run, call))
                continue
            errand = uuid4().hex
            with self.engine.begin() as connection:
                handed = intent.hand_to_queue(connection, run, call, errand)
            if handed:
                self.durable.enqueue(system, errand, run, call)
                found += 1
        return found

    def _start(self) -> None:
        for _ in range(min(len(self.ready), self.threads - len(self.errands.active))):
            errand = uuid4().hex
            self.errands.fresh.add(errand)
            self.errands.active.add(errand)
            try:
                self.durable.start(errand)
            except BaseException:
                self.errands.active.discard(errand)
                self.errands.fresh.discard(errand)
                raise
