"""Threads that ask systems: lent to one call after the other, and left behind where one hangs."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

Work = Callable[[], None]


class Hands:
    """As many threads as calls were ever at work at once; starting one takes longer than lending.

    They are daemons, since only such can be left behind without keeping the process alive.
    """

    def __init__(self) -> None:
        self._idle: list[SimpleQueue[tuple[Work, Work] | None]] = []
        self._closed = False

    def lend(self, work: Work, done: Work) -> None:
        """Let a thread do some work that raises nothing, and then tell that it is done."""
        try:
            given = self._idle.pop()
        except IndexError:
            given = SimpleQueue()
            thread = threading.Thread(target=self._go, args=(given,), name="sopc call", daemon=True)
            thread.start()
        given.put((work, done))

    def close(self) -> None:
        """End the threads that are idle, and the others when they come back."""
        self._closed = True
        while self._idle:
            self._idle.pop().put(None)

    def _go(self, given: "SimpleQueue[tuple[Work, Work] | None]") -> None:
        while (asked := given.get()) is not None:
            work, done = asked
            work()
            # Back before the caller is told, who may need a thread at once.
            if not self._closed:
                self._idle.append(given)
            done()
            if self._closed:
                return
