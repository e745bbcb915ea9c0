"""Systems with moods, which keep their own record; and a clock that runs fast."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sopc.graph import Failure
from sopc.organization import Operation
from sopc_runtime.connectors.connector import CannotLookUpError, ConnectorError, Reply, Request

_HANGS = 2.0
"""Seconds that a system hangs, which is longer than anybody waits for it."""


@dataclass(slots=True)
class Clock:
    """A clock that runs `speed` times as fast as the machine's."""

    speed: float
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    ahead: timedelta = timedelta()
    _since: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """Give the instant."""
        passed = timedelta(seconds=(time.monotonic() - self._since) * self.speed)
        return self.began + passed + self.ahead


@dataclass(slots=True)
class Moody:
    """The way to one system: it mostly works, refuses, is away, loses answers or hangs.

    Attributes:
        done: How often it did what was asked for with each key.
        moods: How often it was in each mood.
    """

    system: str
    done: Counter[str] = field(default_factory=Counter)
    moods: Counter[str] = field(default_factory=Counter)
    kind: bool = False
    _chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self) -> str:
        """Say that it is there."""
        return "there"

    def operations(self) -> tuple[Operation, ...]:
        """Give nothing: the organization file says it."""
        return ()

    def render(self, request: Request) -> dict[str, Any]:
        """Give the inputs."""
        return dict(request.inputs)

    def perform(self, request: Request) -> Reply:
        """Do it, as the mood is."""
        with self._lock:
            mood = "well" if self.kind else self._mood()
            self.moods[mood] += 1
            if mood not in {"refuses", "away"}:
                self.done[request.key] += 1
        if mood == "refuses":
            raise ConnectorError(Failure.REFUSED, "not today")
        if mood == "away":
            raise ConnectorError(Failure.UNAVAILABLE, "nobody is there")
        if mood == "silent":
            raise ConnectorError(Failure.TIMED_OUT, "no answer came", certain=False)
        if mood == "hangs":
            time.sleep(_HANGS)
        return Reply()

    def look_up(self, request: Request) -> Reply | None:
        """Tell whether it was done: the mailer keeps no record."""
        if self.system == "mailer":
            raise CannotLookUpError("it keeps no record")
        return Reply() if self.done[request.key] else None

    def close(self) -> None:
        """Let go of nothing."""

    def _mood(self) -> str:
        drawn = self._chance.random()
        for mood, share in (("refuses", 0.01), ("away", 0.04), ("silent", 0.01), ("hangs", 0.002)):
            if drawn < share:
                return mood
            drawn -= share
        return "well"
