"""A procedure's mode changes: its row, the runs under way, the journal, and who is told."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from sopc_runtime.core.event import ModeChanged
from sopc_runtime.core.mode import Mode
from sopc_runtime.deployment.version import DeployedVersion
from sopc_runtime.journal.chain import INSTANCE, append
from sopc_runtime.journal.entry import Draft
from sopc_runtime.modes.agreement import Measured
from sopc_runtime.store.mailbox import insert_once, post
from sopc_runtime.store.tables import notes, outbox, procedures, runs

PROMOTED = "promoted"
DEMOTED = "demoted"

ORDER = (Mode.SHADOW, Mode.ASSIST, Mode.AUTONOMOUS)
"""The modes, the most careful first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change of mode did.

    Attributes:
        told: The runs under way that go on in the new mode.
    """

    name: str
    before: Mode
    after: Mode
    measured: Measured = field(default_factory=Measured)
    told: tuple[str, ...] = ()

    @property
    def up(self) -> bool:
        """Whether it is a promotion."""
        return ORDER.index(self.after) > ORDER.index(self.before)


def change_mode(
    connection: Connection,
    version: DeployedVersion,
    *,
    to: Mode,
    by: str,
    now: datetime,
    measured: Measured,
    reason: str | None = None,
    facts: dict[str, Any] | None = None,
) -> Change:
    """Change the mode, tell the runs under way, and write it into the journal.

    A promotion is of the version that was measured and signed: runs under another one stay as they
    are. A demotion is of all, and of the runs that they called.
    """
    before = version.mode
    up = ORDER.index(to) > ORDER.index(before)
    connection.execute(
        update(procedures)
        .where(procedures.c.name == version.name)
        .values(mode=to.value, mode_since=now)
    )
    told = _tell(connection, version, to=to, by=by, now=now, reason=reason, up=up)
    if not up:
        _count_from(connection, version.name, now)
    data = {
        "from": before.value,
        "to": to.value,
        "reason": reason,
        "agreement": measured.as_json(),
        "runs": list(told),
        **(facts or {}),
    }
    draft = Draft(
        at=now,
        kind=PROMOTED if up else DEMOTED,
        step=version.name,
        actor=by,
        graph=version.row.graph,
        data=data,
    )
    append(connection, INSTANCE, [draft])
    return Change(name=version.name, before=before, after=to, measured=measured, told=told)


def counted_from(connection: Connection, name: str) -> datetime | None:
    """Give from when on comparisons count for a promotion: the last demotion; None without one."""
    found = select(notes.c.value).where(notes.c.key == _note(name))
    value = connection.execute(found).scalar_one_or_none()
    return datetime.fromisoformat(value) if value else None


def _count_from(connection: Connection, name: str, now: datetime) -> None:
    row = {"key": _note(name), "value": now.isoformat()}
    if connection.execute(insert_once(connection, notes).values(row)).rowcount != 1:
        connection.execute(update(notes).where(notes.c.key == row["key"]).values(row))


def _note(name: str) -> str:
    return f"agreement-from:{name}"


def _tell(
    connection: Connection,
    version: DeployedVersion,
    *,
    to: Mode,
    by: str,
    now: datetime,
    reason: str | None,
    up: bool,
) -> tuple[str, ...]:
    own = select(runs.c.id).where(
        runs.c.name == version.name, runs.c.status == "running", runs.c.mode != to.value
    )
    if up:
        own = own.where(runs.c.graph == version.row.graph, runs.c.parent.is_(None))
    else:
        careful = [each.value for each in ORDER[: ORDER.index(to)]]
        own = own.where(runs.c.mode.not_in(careful))
    found = list(connection.execute(own.order_by(runs.c.started, runs.c.id)).scalars())
    if not up:
        found += _called_by(connection, found, to)
    event = ModeChanged(at=now, mode=to, by=by, reason=reason)
    for run in found:
        post(connection, run, event, key=f"mode:{now.isoformat()}", cause=f"mode:{version.name}")
    return tuple(found)


def _called_by(connection: Connection, callers: Iterable[str], to: Mode) -> list[str]:
    """Give the runs that runs called, and those called by them, that act further than `to`."""
    found: list[str] = []
    level = known = set(callers)
    careful = [each.value for each in ORDER[: ORDER.index(to) + 1]]
    while level:
        below = select(runs.c.id, runs.c.mode).where(
            runs.c.parent.in_(level), runs.c.status == "running"
        )
        rows = [row for row in connection.execute(below) if row.id not in known]
        level = {row.id for row in rows}
        known = known | level
        found += [row.id for row in rows if row.mode not in careful]
    return found


def tell_people(
    connection: Connection, version: DeployedVersion, change: Change, *, why: str, now: datetime
) -> None:
    """Put the news of a demotion into the outbox, for those who signed and for the owner."""
    content = {
        "name": change.name,
        "from": change.before.value,
        "to": change.after.value,
        "why": why,
        "graph": version.row.graph,
        "owner": version.program.graph.owner,
        "people": list(version.signers),
        "runs": list(change.told),
    }
    row = {
        "key": f"{DEMOTED}:{change.name}:{now.isoformat()}",
        "kind": DEMOTED,
        "content": json.dumps(content),
        "created": now,
    }
    connection.execute(insert(outbox).values(row))
