"""Sending what waits in the outbox: at least once, again after failures, given up loudly."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, or_, select, update

from sopc.errors import SopcError
from sopc.organization import Organization, System
from sopc_runtime.people.current import current_organization, organization_folder
from sopc_runtime.people.delivery import call_webhook, send_mail, send_through
from sopc_runtime.people.notification import Notification, notification
from sopc_runtime.people.notify_settings import NotifySettings
from sopc_runtime.people.refusal import UnknownTaskError
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import outbox

_Way = tuple[System, Organization, Path]

log = logging.getLogger("sopc.notify")

_BATCH = 50
_LEASE = timedelta(minutes=5)
_LONGEST = timedelta(hours=1)


def send_waiting(
    engine: Engine, settings: NotifySettings, now: Callable[[], datetime], *, limit: int = _BATCH
) -> int:
    """Send the notifications that are due, the oldest first; for `sopc serve` to call often.

    What fails is tried again, later each time, and only on the ways on which it has not gone
    out. After the last attempt it is given up: the problem stays in the outbox and is logged.

    Returns:
        How many were looked at; as many as `limit` says that there may be more.
    """
    if settings.silent:
        return 0
    claimed = now()
    rows = _claimed(engine, settings, claimed, limit)
    for done, row in enumerate(rows):
        at = now()
        if at >= claimed + _LEASE:
            # By now another process may have taken up what is left, and sent it.
            return done
        _Sending(engine, settings, row, at).carry_out()
    return len(rows)


def _claimed(engine: Engine, settings: NotifySettings, now: datetime, limit: int) -> list[Row[Any]]:
    """Take rows that nobody else takes for a while; they come back if this process dies."""
    waits = (
        select(outbox)
        .where(outbox.c.sent.is_(None), outbox.c.attempts < settings.attempts)
        .where(or_(outbox.c.due.is_(None), outbox.c.due <= now))
        .order_by(outbox.c.number)
        .limit(limit)
    )
    with reading(engine).connect() as connection:
        if connection.execute(waits.limit(1)).first() is None:
            return []
    with engine.begin() as connection:
        rows = list(connection.execute(waits.with_for_update(skip_locked=True)))
        numbers = [each.number for each in rows]
        connection.execute(
            update(outbox).where(outbox.c.number.in_(numbers)).values(due=now + _LEASE)
        )
    return rows


class _Sending:
    """The sending of one row."""

    def __init__(
        self, engine: Engine, settings: NotifySettings, row: Row[Any], now: datetime
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._row = row
        self._now = now
        self._delivered: list[str] = list(row.delivered or ())
        self._problems: list[str] = []
        self._refused: str | None = None

    def carry_out(self) -> None:
        """Send it on every way that is left, and note what came of it."""
        told: Notification | None = None
        try:
            # No connection is held while others are talked to.
            with reading(self._engine).connect() as connection:
                told = notification(connection, self._row, self._now)
                way = self._way(connection, told)
        except UnknownTaskError as error:
            self._note(sent=self._now, problem=f"nobody was told: {error}")
            return
        except Exception as error:  # one bad row must not stop the others
            log.exception("notification %s cannot be made", self._row.key)
            self._problems.append(f"{type(error).__name__}: {error}")
        else:
            if told is None:
                self._note(sent=self._now, problem="nobody had to be told any more")
                return
            self._send(told, way)
        if self._problems:
            self._fail(last=told is not None and self._problems == [_nobody(told)])
        else:
            self._note(sent=self._now, problem=None)

    def _way(self, connection: Connection, told: Notification | None) -> _Way | None:
        """Give the system that a rung names, if the organization has it."""
        if told is None or told.via is None:
            return None
        organization = current_organization(connection, told.name)
        system = organization.system(told.via) if organization else None
        if organization is None or system is None:
            return None
        return system, organization, organization_folder(connection, told.name)

    def _send(self, told: Notification, way: _Way | None) -> None:
        hook, mail, key = self._settings.webhook, self._settings.mail, self._row.key
        if hook is not None:
            self._try("webhook", partial(call_webhook, hook, told, key=key, now=self._now))
        if way is not None and self._through(told, way):
            return
        if self._refused is not None and (mail is None or not told.addresses):
            # Nothing else reaches those whom it is for.
            self._problems.append(self._refused)
        if mail is None:
            return
        for to in told.addresses:
            self._try(f"mail:{to}", partial(send_mail, mail, told, to, key=key, now=self._now))
        if told.without:
            log.warning("no address of %s, for %s", ", ".join(told.without), told.subject)
        if not self._delivered and not told.addresses:
            self._problems.append(_nobody(told))

    def _through(self, told: Notification, way: _Way) -> bool:
        """Send it through the system that the rung names; where that cannot, it goes by mail."""
        name = f"via:{told.via}"
        if name in self._delivered:
            return True
        try:
            sent = send_through(*way, told, key=self._row.key)
        except SopcError as error:
            log.warning("escalation cannot go through %s: %s", way[0].name, error)
            self._refused = str(error)
            return False
        if sent:
            self._delivered.append(name)
        return sent

    def _try(self, way: str, send: Callable[[], None]) -> None:
        if way in self._delivered:
            return
        try:
            send()
        except SopcError as error:
            self._problems.append(str(error))
        except Exception as error:  # one bad address must not stop the others
            log.exception("notification %s cannot be sent by %s", self._row.key, way)
            self._problems.append(f"{type(error).__name__}: {error}")
        else:
            self._delivered.append(way)

    def _fail(self, *, last: bool) -> None:
        settings = self._settings
        attempts = settings.attempts if last else self._row.attempts + 1
        problem = "; ".join(dict.fromkeys(self._problems))
        longer = settings.pause * 2.0 ** (attempts - 1)
        pause = timedelta(seconds=min(longer, _LONGEST.total_seconds()))
        if attempts >= settings.attempts:
            log.error("notification %s is given up: %s", self._row.key, problem)
        else:
            log.warning("notification %s is tried again: %s", self._row.key, problem)
        self._note(sent=None, problem=problem, attempts=attempts, due=self._now + pause)

    def _note(self, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                update(outbox)
                .where(outbox.c.number == self._row.number)
                .values(delivered=self._delivered, **values)
            )


def _nobody(told: Notification) -> str:
    without = f"; no address is known of {', '.join(told.without)}" if told.without else ""
    return f"there is nobody to tell{without}"
