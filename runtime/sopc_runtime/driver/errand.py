"""Errands: a stretch of work that DBOS sees through. Doing one twice does no harm.

An errand advances runs that have mail, and carries out the calls that come of it one after the
other: the outcome of a call and the intent of the next are one commit. Whatever an errand began
stands in the table `calls` under its name, so that whoever takes the errand over finds it there.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Engine

from sopc.errors import SopcError
from sopc_runtime.core.event import Event
from sopc_runtime.driver import intent
from sopc_runtime.driver.carrying import AbandonedError, Carrier, LateError, not_asked
from sopc_runtime.driver.intent import Intent
from sopc_runtime.driver.patience import Patience, StoppedError
from sopc_runtime.driver.pause import is_paused
from sopc_runtime.driver.ready import CallWork, Ready, RunWork, Work
from sopc_runtime.driver.stuck import mark_stuck, problem_of
from sopc_runtime.driver.transaction import Advanced, Left, Outcome, Transactions
from sopc_runtime.store.database import reading

log = logging.getLogger("sopc.worker")

_STRETCH = 30.0
# What was seen so many seconds ago is as good as what would be seen now.
_AT_THE_MOMENT = 0.01
# Seconds: what fails once or twice may have passed before anybody reads of it.
_TOLD_ABOVE = 2.0

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Errands:
    """Does what is ready, on behalf of one process.

    Attributes:
        process: The process's id; no other process, earlier or later, has it.
        draining: When set, nothing new is begun.
        sure_until: Gives until when, by the monotonic clock, no other process takes over.
        limited: The systems whose calls wait in queues.
        active: The errands that are at work in this process.
        fresh: Those of them that were never begun before.
        taken: How many events were taken so far.
        carried: How many calls were carried out so far.
    """

    engine: Engine
    process: str
    transactions: Transactions
    carrier: Carrier
    ready: Ready
    patience: Patience
    now: Callable[[], datetime]
    draining: threading.Event
    sure_until: Callable[[], float]
    limited: Callable[[], frozenset[str]]
    active: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    taken: int = 0
    carried: int = 0

    def work(self, errand: str) -> None:
        """Do what is ready, after whatever the errand began when it was at work before."""
        if errand in self.active and errand not in self.fresh:
            return
        with _At(self, errand) as owner:
            if errand not in self.fresh:
                self._take_over(errand, owner)
            self.fresh.discard(errand)
            until = time.monotonic() + _STRETCH
            while not self.draining.is_set() and time.monotonic() < until:
                work = self.ready.take()
                if work is None or not self._do(work, owner):
                    break

    def work_queued(self, errand: str, run: str, call: str) -> None:
        """Carry out one call whose turn has come in its system's queue."""
        if errand in self.active:
            return
        with _At(self, errand) as owner:
            self._take_over(errand, owner)
            if self.draining.is_set():
                self._persist(lambda: self._take_from_queue(errand))
                return
            try:
                self._begin(run, call, owner, goes_on=False)
            except (StoppedError, AbandonedError):
                raise
            except Exception:
                # The errand is over; what is left of the call is found by the keeper.
                log.exception("call `%s` of run `%s` failed", call, run)

    def _take_over(self, errand: str, owner: str) -> None:
        """Recover what the errand began in a process that is gone."""
        for run, call, before in self._persist(self._begun):
            if before.partition("/")[2] == errand and before != owner:
                self._do(CallWork(run, call, before), owner)

    def _begun(self) -> list[tuple[str, str, str]]:
        with reading(self.engine).connect() as connection:
            return list(intent.begun(connection))

    def _take_from_queue(self, errand: str) -> None:
        with self.engine.begin() as connection:
            intent.take_from_queue(connection, errand)

    def _do(self, work: Work, owner: str) -> bool:
        """Do one thing; false where it failed, and the errand is to end.

        A call that it began then belongs to an errand that is gone, and is recovered as such.
        """
        try:
            match work:
                case RunWork(run=run):
                    advanced = self._advance(run, owner)
                    self.ready.done(work)
                    self._follow(run, advanced)
                case CallWork(run=run, call=call, owner=None):
                    self._begin(run, call, owner)
                    self.ready.done(work)
                case CallWork(run=run, call=call, owner=before):
                    self._recover(run, call, str(before), owner)
                    self.ready.done(work)
        except (StoppedError, AbandonedError):
            self.ready.done(work)
            raise
        except Exception as error:
            pause = self.ready.put_off(work)
            known = isinstance(error, SopcError)
            log.error(  # noqa: TRY400 # a traceback only where the program is wrong
                "run `%s` cannot go on, and is tried again in %g seconds: %s",
                work.run,
                pause,
                error,
                exc_info=None if known else error,
            )
            self._mark_stuck(work.run, error, tell=pause > _TOLD_ABOVE)
            return False
        return True

    def _mark_stuck(self, run: str, error: Exception, *, tell: bool) -> None:
        def mark() -> None:
            with self.engine.begin() as connection:
                mark_stuck(connection, run, problem_of(error), tell=tell, at=self.now())

        try:
            self._persist(mark)
        except StoppedError:
            raise
        except Exception:
            log.exception("run `%s` cannot be marked", run)

    def _begin(self, run: str, call: str, owner: str, *, goes_on: bool = True) -> None:
        def begin(again: bool) -> tuple[Advanced, bool]:  # noqa: FBT001 # as it is told
            with self.transactions.connections.begin() as connection:
                looked = time.monotonic()
                begun = intent.begin(connection, run, call, owner=owner, at=self.now())
                if begun is None and again:
                    begun, looked = intent.begun_by(connection, owner), -math.inf
                stale = begun is not None and intent.is_stale(connection, begun)
                return Advanced(begun=begun, looked=looked), stale

        advanced, stale = self.patience.persist(begin)
        if stale and advanced.begun is not None:
            outcome = Outcome(advanced.begun, not_asked(advanced.begun.call))
            advanced = self._tell(outcome, goes_on=goes_on)
        self._follow(run, advanced, goes_on=goes_on)

    def _recover(self, run: str, call: str, before: str, owner: str) -> None:
        def adopt(again: bool) -> Intent | None:  # noqa: FBT001 # as it is told
            with self.transactions.connections.begin() as connection:
                adopted = intent.adopt(connection, run, call, before=before, owner=owner)
                return adopted or (intent.begun_by(connection, owner) if again else None)

        until = self._sure_until()
        adopted = self.patience.persist(adopt)
        if adopted is not None:
            log.warning("call `%s` of run `%s` was begun and not ended", call, run)
            told = self._persist(lambda: self.carrier.recover(adopted.call, until=until))
            self._follow(run, self._tell(Outcome(adopted, told)))

    def _follow(self, run: str, advanced: Advanced, *, goes_on: bool = True) -> None:
        """Carry out one call after the other, and hand on the rest."""
        while True:
            limited = self.limited()
            for call, system in advanced.planned:
                if system in limited:
                    self.ready.added.set()
                else:
                    self.ready.add(CallWork(run, call))
            for other in advanced.told:
                self.ready.add(RunWork(other))
            if advanced.more:
                self.ready.add(RunWork(run))
            if advanced.begun is None:
                return
            outcome = self._carry(advanced.begun, advanced.looked)
            if outcome is None:
                return
            advanced = self._tell(outcome, advanced.left, goes_on=goes_on)

    def _carry(self, begun: Intent, looked: float) -> Outcome | None:
        """Carry out a call; None if it is not to be carried out any more, or by others."""

        def perform(until: float, again: bool) -> Event:  # noqa: FBT001 # as it is told
            # Only the way to the system needs the database: who failed by it has not asked.
            if again:
                raise LateError
            return self.carrier.perform(begun.call, until=until)

        while (until := self._may_carry(begun, looked)) is not None:
            try:
                outcome = Outcome(begun, self.patience.persist(partial(perform, until)))
            except LateError:
                looked = -math.inf
                continue
            self.carried += 1
            return outcome
        return None

    def _may_carry(self, begun: Intent, looked: float) -> float | None:
        """Look once more right before a call: at pauses, and whether the call is still ours.

        Returns:
            Until when it is certainly, by the monotonic clock; None if it is not.
        """

        def look() -> bool:
            with reading(self.engine).connect() as connection:
                paused = is_paused(connection, begun.name)
                return not paused and intent.still_owns(connection, begun)

        def give_back() -> None:
            with self.engine.begin() as connection:
                intent.give_back(connection, begun)

        until, now = self.sure_until(), time.monotonic()
        if now < until and now - looked < _AT_THE_MOMENT and not self.draining.is_set():
            return until
        # Who keeps a connection and waits for another one can keep all from going on.
        self.transactions.connections.release()
        until = self._sure_until()
        if not self.draining.is_set() and self._persist(look):
            return until
        self._persist(give_back)
        return None

    def _sure_until(self) -> float:
        """Wait until no other process can take over, and give until when that is so."""
        while time.monotonic() >= (until := self.sure_until()):
            if self.patience.stopping.wait(0.1):
                raise StoppedError
        return until

    def _tell(
        self, outcome: Outcome, left: Left | None = None, *, goes_on: bool = True
    ) -> Advanced:
        run, owner = outcome.intent.run, outcome.intent.owner
        try:
            return self._advance(run, owner, outcome, left, goes_on=goes_on)
        except StoppedError:
            raise
        except Exception:
            # What a system did is kept whatever else is wrong, so that it is not asked again.
            self._persist(lambda: self.transactions.keep_outcome(outcome))
            raise

    def _advance(
        self,
        run: str,
        owner: str,
        outcome: Outcome | None = None,
        left: Left | None = None,
        *,
        goes_on: bool = True,
    ) -> Advanced:
        advanced = self.patience.persist(
            lambda again: self.transactions.advance(
                run, owner=owner, outcome=outcome, left=left, begins=goes_on, again=again
            )
        )
        self.taken += advanced.events
        return advanced

    def _persist(self, work: Callable[[], T]) -> T:
        return self.patience.persist(lambda _: work())


@dataclass(frozen=True, slots=True)
class _At:
    """Notes that an errand is at work, and ends it quietly where the worker stops."""

    errands: Errands
    errand: str

    def __enter__(self) -> str:
        self.errands.active.add(self.errand)
        return f"{self.errands.process}/{self.errand}"

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        self.errands.transactions.connections.release()
        self.errands.active.discard(self.errand)
        self.errands.fresh.discard(self.errand)
        return isinstance(error, StoppedError | AbandonedError)
