"""The kill switch: a procedure, or all of them, takes no further step until it is resumed.

Nothing is lost: events wait in the mailbox, timers stay set, and a call that is under way is
allowed to end, because nobody could tell otherwise what came of it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from sopc.errors import UsageError
from sopc_runtime.journal.chain import INSTANCE, append
from sopc_runtime.journal.entry import Draft
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.run_start import version
from sopc_runtime.store.tables import pauses, runs

ALL = "*"
"""Stands for every procedure, those deployed later among them."""

PAUSED = "paused"
RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Pause:
    """A procedure that is paused: since when, by whom and why; `name` is `*` for all."""

    name: str
    by: str
    at: datetime
    reason: str | None


def pause(connection: Connection, name: str, *, by: str, reason: str, now: datetime) -> bool:
    """Pause a procedure, or all with `*`; from the next moment on no worker takes a step for it.

    Returns:
        Whether it was not paused yet; otherwise the newer reason is kept.

    Raises:
        UsageError: Nothing is deployed under this name, and it has no runs.
    """
    _refuse_unknown(connection, name)
    row = {"name": name, "by": by, "at": now, "reason": reason}
    new = connection.execute(insert_once(connection, pauses).values(row)).rowcount == 1
    if not new:
        connection.execute(update(pauses).where(pauses.c.name == name).values(row))
    draft = Draft(at=now, kind=PAUSED, step=name, actor=by, data={"reason": reason})
    append(connection, INSTANCE, [draft])
    return new


def resume(
    connection: Connection, name: str, *, by: str, now: datetime, reason: str | None = None
) -> None:
    """Let a procedure go on, or with `*` whatever was paused by `*`.

    Raises:
        UsageError: It is not paused by itself.
    """
    gone = connection.execute(delete(pauses).where(pauses.c.name == name)).rowcount
    if not gone:
        paused = [each.name for each in paused_ones(connection)]
        told = "everything is" if paused == [ALL] else f"paused: {', '.join(paused)}"
        hint = f"{told}; `sopc resume --all` ends that" if ALL in paused else None
        if hint is None and paused:
            hint = told
        what = "nothing is paused as a whole" if name == ALL else f"`{name}` is not paused"
        raise UsageError(what, hint=hint)
    draft = Draft(at=now, kind=RESUMED, step=name, actor=by, data={"reason": reason})
    append(connection, INSTANCE, [draft])


def paused_ones(connection: Connection) -> list[Pause]:
    """Give what is paused, by name; `*`, which is all, comes first."""
    found = connection.execute(select(pauses).order_by(pauses.c.name))
    return [Pause(row.name, row.by, row.at, row.reason) for row in found]


def _refuse_unknown(connection: Connection, name: str) -> None:
    if name == ALL:
        return
    known = connection.execute(select(runs.c.id).where(runs.c.name == name).limit(1)).first()
    if known is None:
        version(connection, name)
