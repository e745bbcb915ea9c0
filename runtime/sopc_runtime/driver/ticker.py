"""The ticker: timers whose moment has come become mail, in one transaction."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Engine, bindparam, delete, select

from sopc_runtime.core.event import TimerFired
from sopc_runtime.store.database import reading
from sopc_runtime.store.mailbox import post
from sopc_runtime.store.tables import timers

_AT_ONCE = 500

_DUE = select(timers.c.run, timers.c.timer, timers.c.due).where(timers.c.due <= bindparam("now"))
_ANY = _DUE.limit(1)
_FIRST = _DUE.order_by(timers.c.due).limit(_AT_ONCE).with_for_update(skip_locked=True)


def fire_due(engine: Engine, at: datetime) -> list[str]:
    """Fire the timers that are due, at most so many at once; gives the runs that have mail."""
    with reading(engine).connect() as connection:
        if connection.execute(_ANY, {"now": at}).first() is None:
            return []
    told = []
    with engine.begin() as connection:
        for row in connection.execute(_FIRST, {"now": at}).all():
            same = (timers.c.run == row.run) & (timers.c.timer == row.timer)
            connection.execute(delete(timers).where(same))
            # A timer may be set for the same moment again, so the moment alone is no key.
            key = f"timer:{row.timer}:{row.due.isoformat()}:{uuid4().hex[:8]}"
            fired = TimerFired(at=at, timer=row.timer)
            post(connection, row.run, fired, key=key, cause=f"timer:{row.timer}")
            told.append(row.run)
    return told
