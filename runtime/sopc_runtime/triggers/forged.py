"""Requests that did not prove themselves: counted by day, told in the journal, never kept."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import SQLAlchemyError

from sopc_runtime.journal.chain import INSTANCE, append
from sopc_runtime.journal.entry import Draft
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.tables import deliveries, notes
from sopc_runtime.triggers.delivery import Status

REFUSED = "webhook-refused"
"""The kind of the journal's entry: one for each system and day."""

_SECONDS_BETWEEN = 1.0


@dataclass(slots=True)
class _Count:
    number: int
    why: str
    at: datetime


class Forgeries:
    """Counts requests that are not authentic, with one write a second however many come.

    A day's requests to one system are one delivery, without any content.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], _Count] = {}
        self._written = float("-inf")

    def add(self, system: str, why: str, now: datetime) -> None:
        """Count one request to a system."""
        with self._lock:
            key = system, now.date().isoformat()
            known = self._counts.get(key)
            self._counts[key] = _Count((known.number if known else 0) + 1, why, now)
            if time.monotonic() - self._written < _SECONDS_BETWEEN:
                return
        self.write()

    def write(self) -> None:
        """Write what was counted since the last time; what cannot be written stays counted."""
        with self._lock:
            counts, self._counts = self._counts, {}
            self._written = time.monotonic()
        if not counts:
            return
        try:
            with self._engine.begin() as connection:
                for (system, day), count in counts.items():
                    _write(connection, system, day, count)
        except SQLAlchemyError:
            with self._lock:
                for key, count in counts.items():
                    later = self._counts.setdefault(key, _Count(0, count.why, count.at))
                    later.number += count.number
            raise


def _write(connection: Connection, system: str, day: str, count: _Count) -> None:
    key = f"forged:{system}:{day}"
    row: dict[str, Any] = {
        "source": "webhook",
        "key": key,
        "system": system,
        "event": None,
        "name": None,
        "payload": "",
        "received": count.at,
        "occurred": None,
        "status": Status.REFUSED.value,
        "problem": None,
        "runs": [],
    }
    first = connection.execute(insert_once(connection, deliveries).values(row)).rowcount == 1
    connection.execute(insert_once(connection, notes).values(key=key, value="0"))
    before = connection.execute(
        select(notes.c.value).where(notes.c.key == key).with_for_update()
    ).scalar_one()
    total = int(before) + count.number
    connection.execute(update(notes).where(notes.c.key == key).values(value=str(total)))
    requests = "1 request was" if total == 1 else f"{total} requests were"
    connection.execute(
        update(deliveries)
        .where(deliveries.c.source == "webhook", deliveries.c.key == key)
        .values(received=count.at, problem=f"{requests} not authentic on {day}: {count.why}")
    )
    if first:
        draft = Draft(
            at=count.at,
            kind=REFUSED,
            step=system,
            actor=f"system:{system}",
            data={"why": count.why},
        )
        append(connection, INSTANCE, [draft])
