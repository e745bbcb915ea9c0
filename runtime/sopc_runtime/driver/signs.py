"""Signs of life: a process lives while its heartbeat changes, by the clock of whoever watches."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Signs:
    """What one process saw of the others' heartbeats.

    What their heartbeats say is not compared with any clock: clocks jump, and those of two
    machines differ. One that was never seen before is taken to live until it was watched.

    Attributes:
        patience: Seconds without a change after which a process is taken for dead.
        clock: Counts seconds, never back, and also while this process is frozen.
    """

    patience: float
    clock: Callable[[], float] = time.monotonic
    _changed: dict[str, tuple[datetime, float]] = field(default_factory=dict)

    def note(self, heartbeats: Iterable[tuple[str, datetime]]) -> set[str]:
        """Take in all heartbeats there are; gives the processes that live."""
        now = self.clock()
        before, self._changed = self._changed, {}
        for process, seen in heartbeats:
            known = before.get(process)
            same = known is not None and known[0] == seen
            self._changed[process] = known if known and same else (seen, now)
        return {
            each for each, (_, changed) in self._changed.items() if now - changed < self.patience
        }

    def silent(self) -> dict[str, datetime]:
        """Give those that do not live any more, with the heartbeat that they stopped at."""
        now = self.clock()
        return {
            each: seen
            for each, (seen, changed) in self._changed.items()
            if now - changed >= self.patience
        }
