"""Systems with moods, which keep their own record; and a clock that runs fast."""

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
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


class Record:
    """How often a system did what was asked for with each key; in a file, to hold no memory."""

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        # What is lost with the machine need not be found again.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-512"):
            self._file.execute(f"PRAGMA {pragma}")
        self._file.execute("CREATE TABLE done (key TEXT PRIMARY KEY, count INTEGER)")
        self._lock = threading.Lock()

    def add(self, key: str) -> None:
        """Note that it was done once more."""
        with self._lock:
            self._file.execute(
                "INSERT INTO done VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET count = count + 1",
                (key,),
            )

    def __contains__(self, key: str) -> bool:
        with self._lock:
            found = self._file.execute("SELECT 1 FROM done WHERE key = ?", (key,)).fetchone()
        return found is not None

    def any_begins(self, start: str) -> bool:
        """Tell whether anything was done with a key that begins so."""
        query = "SELECT 1 FROM done WHERE substr(key, 1, ?) = ? LIMIT 1"
        with self._lock:
            return self._file.execute(query, (len(start), start)).fetchone() is not None

    def items(self) -> Iterator[tuple[str, int]]:
        """Give every key with its count."""
        with self._lock:
            yield from self._file.execute("SELECT key, count FROM done").fetchall()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(slots=True)
class Moody:
    """The way to one system: it mostly works, refuses, is away, loses answers or hangs.

    Attributes:
        done: What it did.
        moods: How often it was in each mood.
    """

    system: str
    done: Record
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
                self.done.add(request.key)
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
        return Reply() if request.key in self.done else None

    def close(self) -> None:
        """Let go of nothing."""

    def _mood(self) -> str:
        drawn = self._chance.random()
        for mood, share in (("refuses", 0.01), ("away", 0.04), ("silent", 0.01), ("hangs", 0.002)):
            if drawn < share:
                return mood
            drawn -= share
        return "well"
