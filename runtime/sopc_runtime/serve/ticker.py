"""Tickers: work that is done again and again in a thread of its own, and never ends the process."""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from sopc.errors import SopcError

log = logging.getLogger("sopc.serve")

_LONGEST_PAUSE = 300.0


class Ticker:
    """Does a piece of work every so many seconds; after failures less often, up to 5 minutes.

    Attributes:
        name: What it does, for people.
        problem: Why it failed the last time; None if it did not.
    """

    def __init__(self, name: str, every: float, work: Callable[[], object]) -> None:
        self.name = name
        self.problem: str | None = None
        self._every = every
        self._work = work
        self._failures = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"sopc {name}", daemon=True)

    @property
    def kind(self) -> str:
        """What it does, in a word that anybody may know: `folder`, `mailbox`, `poll`."""
        return self.name.partition(" ")[0]

    def start(self) -> None:
        """Begin, at once."""
        self._thread.start()

    def stop(self, timeout: float) -> bool:
        """End after what is being done now; tell whether that took less than `timeout` seconds."""
        self._stopping.set()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            begun = time.monotonic()
            self.once()
            pause = self._every
            if self._failures:
                pause = max(pause, min(_LONGEST_PAUSE, 2.0**self._failures))
            self._stopping.wait(max(0.0, begun + pause - time.monotonic()))

    def once(self) -> None:
        """Do it once; failures are logged, each of them once as long as it is the same."""
        try:
            self._work()
        except SopcError as error:
            self._failed(str(error) + (f" ({error.hint})" if error.hint else ""))
        except DBAPIError as error:
            self._failed(f"the database cannot be used: {str(error.orig).splitlines()[0]}")
        except Exception as error:
            if self.problem is None:
                log.exception("%s failed", self.name)
            self._failed(f"internal error: {type(error).__name__}")
        else:
            if self.problem is not None:
                log.warning("%s works again", self.name)
            self.problem, self._failures = None, 0

    def _failed(self, problem: str) -> None:
        if problem != self.problem:
            log.warning("%s: %s", self.name, problem)
        self.problem = problem
        self._failures += 1
