"""Patience with a database that is gone, full or locked: it is waited for, and told once."""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

log = logging.getLogger("sopc.worker")

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 2.0

T = TypeVar("T")


class StoppedError(Exception):
    """The worker was told to stop, so what waited for the database was given up."""


def is_outage(error: Exception) -> bool:
    """Tell whether an error is the database's state rather than a mistake of the program."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OperationalError | InterfaceError | PoolTimeoutError)


class Patience:
    """Tries again while the database cannot be used; shared by all threads of a worker.

    Attributes:
        stopping: When set, nothing is waited for any more.
    """

    def __init__(self, stopping: threading.Event) -> None:
        self.stopping = stopping
        self._lock = threading.Lock()
        self._waiting = 0

    @property
    def out(self) -> bool:
        """Whether anything waits because the database could not be used when it was last tried."""
        return self._waiting > 0

    def persist(self, work: Callable[[bool], T]) -> T:
        """Give what `work` gives, once the database lets it; it is told whether it is tried again.

        Raises:
            StoppedError: The worker stops.
        """
        try:
            return work(False)
        except Exception as error:
            if not is_outage(error):
                raise
            self._tell_out(error)
        back = False
        try:
            result = self._retried(work)
            back = True
        finally:
            self._leave(back=back)
        return result

    def _retried(self, work: Callable[[bool], T]) -> T:
        pause = _FIRST_PAUSE
        while not self.stopping.wait(pause):
            try:
                return work(True)
            except Exception as error:
                if not is_outage(error):
                    raise
            pause = min(pause * 2, _LONGEST_PAUSE)
        raise StoppedError

    def _tell_out(self, error: Exception) -> None:
        with self._lock:
            self._waiting += 1
            first = self._waiting == 1
        if first:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines() or ["?"]
            log.error("the database cannot be used, so runs wait for it: %s", reason[0])

    def _leave(self, *, back: bool) -> None:
        # A full disk is still read from: the outage ends with the last one that waited for it.
        with self._lock:
            self._waiting -= 1
            last = self._waiting == 0
        if last and back:
            log.info("the database is back")
