"""Polling: a read operation is asked again and again, and what is new in its list is an event."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from sopc.errors import WorkError
from sopc_runtime.store.database import reading
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.tables import notes
from sopc_runtime.triggers.delivery import Delivery, Outcome, storable
from sopc_runtime.triggers.intake import receive
from sopc_runtime.triggers.reading import unfit
from sopc_runtime.triggers.settings import PollSettings, at_pointer

Asker = Callable[[str, str, dict[str, Any]], dict[str, Any]]
"""Calls a read operation: the system's id, the operation's name and the inputs; gives values."""

_REMEMBERED = 10_000


@dataclass(slots=True)
class Poll:
    """One operation that is polled; what it has seen is in the database.

    Attributes:
        settings: What is set for it.
        engine: The database.
        ask: Calls the operation.
        now: The clock, in UTC.
    """

    settings: PollSettings
    engine: Engine
    ask: Asker
    now: Callable[[], datetime]

    @property
    def key(self) -> str:
        """The note's key: another question is another poll, with a baseline of its own."""
        asked = [self.settings.inputs, self.settings.list_pointer, self.settings.id_pointer]
        asked.append(self.settings.changed_pointer)
        digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        return f"poll:{self.settings.system}:{self.settings.operation}:{digest[:12]}"

    def look(self) -> list[Outcome]:
        """Ask once, and take in what is new or has changed; the first answer only is the baseline.

        Raises:
            SopcError: The system could not be asked, or gave no list of items with ids.
        """
        with reading(self.engine).connect() as connection:
            asked_after = _noted(connection, self.key)
        answer = self.ask(self.settings.system, self.settings.operation, dict(self.settings.inputs))
        now = self.now()
        items = self._items(answer)
        with self.engine.begin() as connection:
            before = _noted(connection, self.key, hold=True)
            if before != asked_after:
                # Another process has asked meanwhile, and this answer may be the older one.
                return []
            counts = Counter(name for name, _, _ in items)
            current = {name: version for name, version, _ in items}
            outcomes = []
            if before is not None:
                for name, version, item in items:
                    known = before.get(name)
                    if known == version or (known is not None and self.settings.only_new):
                        continue
                    delivery = self._delivery(name, version, item)
                    outcome = receive(connection, delivery, now)
                    if outcome.repeated and known is not None and counts[name] == 1:
                        # It is again what it was before it changed, and that is a change as well.
                        again = replace(delivery, key=f"{delivery.key}:{now.isoformat()}")
                        outcome = receive(connection, again, now)
                    outcomes.append(outcome)
            kept = {**{k: v for k, v in (before or {}).items() if k not in current}, **current}
            latest = dict(list(kept.items())[-max(_REMEMBERED, len(current)) :])
            _note(connection, self.key, latest)
        return outcomes

    def _delivery(self, name: str, version: str, item: dict[str, Any]) -> Delivery:
        return Delivery(
            source="poll",
            # Another question about the same item has events of its own.
            key=f"{self.key.removeprefix('poll:')}:{name}:{version}",
            payload=item,
            system=self.settings.system,
            event=self.settings.event,
            name=self.settings.procedure,
        )

    def _items(self, answer: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
        """Give the id, the version and the content of each item."""
        told = f"operation `{self.settings.operation}` of `{self.settings.system}`"
        problem = unfit(answer)
        if problem:
            raise WorkError(f"{told} gave what cannot be read: {problem}")
        listed: Any = at_pointer(answer, self.settings.list_pointer)
        if self.settings.list_pointer is None:
            listed = next((each for each in answer.values() if isinstance(each, list)), None)
        if not isinstance(listed, list):
            where = self.settings.list_pointer
            raise WorkError(
                f"{told} gave no list" + (f" at `{where}`" if where else ""),
                hint="`list_pointer` says where it stands in the answer",
            )
        found = []
        for item in listed:
            own = at_pointer(item, self.settings.id_pointer)
            if not isinstance(item, dict) or isinstance(own, bool | dict | list) or own is None:
                raise WorkError(
                    f"{told} gave an item without an id at `{self.settings.id_pointer}`",
                    hint="`id_pointer` says where it stands in an item",
                )
            content: Any = item
            if self.settings.changed_pointer is not None:
                content = at_pointer(item, self.settings.changed_pointer)
            form = json.dumps(content, sort_keys=True).encode()
            found.append((storable(str(own)), hashlib.sha256(form).hexdigest()[:16], item))
        return found


def _noted(connection: Connection, key: str, *, hold: bool = False) -> dict[str, str] | None:
    asked = select(notes.c.value).where(notes.c.key == key)
    value = connection.execute(asked.with_for_update() if hold else asked).scalar_one_or_none()
    return None if value is None else dict(json.loads(value))


def _note(connection: Connection, key: str, seen: dict[str, str]) -> None:
    value = json.dumps(seen)
    row = {"key": key, "value": value}
    if connection.execute(insert_once(connection, notes).values(row)).rowcount != 1:
        connection.execute(update(notes).where(notes.c.key == key).values(value=value))
