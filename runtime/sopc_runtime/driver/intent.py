"""Intents: what a run wants of a system, committed before it is asked for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from sopc_runtime.core.decision import DECISION, Call
from sopc_runtime.core.mode import Mode
from sopc_runtime.driver.pause import is_paused, not_paused
from sopc_runtime.store.prepared import Prepared, Sent
from sopc_runtime.store.tables import calls, runs

PLANNED, STARTED, OVER = "planned", "started", "over"

ADD = Prepared(insert(calls))
_END = Prepared(
    update(calls)
    .where(calls.c.run == bindparam("of_run"), calls.c.call == bindparam("of_call"))
    .where(calls.c.status == STARTED, calls.c.owner == bindparam("of_owner"))
    .values(status=OVER)
)
_UNHANDED = (
    select(calls.c.run, calls.c.call, calls.c.system)
    .join(runs, runs.c.id == calls.c.run)
    .where(calls.c.status == PLANNED, calls.c.owner.is_(None), not_paused())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A call whose intent is committed.

    Attributes:
        run: The run that wants it.
        name: The run's procedure.
        call: What is wanted.
        entry: The number of the decision's entry in the run's journal.
        owner: `PROCESS/ERRAND` of the errand that carries it out.
    """

    run: str
    name: str
    call: Call
    entry: int | None
    owner: str


def row_of(run: str, call: Call, *, entry: int, owner: str | None, at: datetime) -> dict[str, Any]:
    """Give the row that commits to a call: started by the owner, or planned if there is none."""
    # Whatever reads a decision passes over the further key.
    request = {**DECISION.dump_python(call, mode="json"), "entry": entry}
    return {
        "run": run,
        "call": call.id,
        "system": call.system,
        "request": json.dumps(request),
        "status": STARTED if owner else PLANNED,
        "owner": owner,
        "started": at if owner else None,
        "ended": None,
    }


def end(connection: Connection, intent: Intent, *, at: datetime) -> Sent:
    """Note that a call is over: no row, if another errand has it by now or its outcome is known."""
    one = {
        "of_run": intent.run,
        "of_call": intent.call.id,
        "of_owner": intent.owner,
        "ended": at,
    }
    return _END.send(connection, one)


def begin(
    connection: Connection, run: str, call: str, *, owner: str, at: datetime
) -> Intent | None:
    """Take over a planned call; None where it is not to be begun: taken, paused, or in vain."""
    name, status = connection.execute(
        select(runs.c.name, runs.c.status).where(runs.c.id == run)
    ).one()
    if status != "running":
        vain = update(calls).where(_is(run, call), calls.c.status == PLANNED)
        connection.execute(vain.values(status=OVER, ended=at))
        return None
    if is_paused(connection, name):
        # Whoever finds it after the pause hands it on anew.
        given_back = update(calls).where(_is(run, call), calls.c.status == PLANNED)
        connection.execute(given_back.values(owner=None))
        return None
    taken = (
        update(calls)
        .where(_is(run, call), calls.c.status == PLANNED)
        .values(status=STARTED, owner=owner, started=at)
    )
    if connection.execute(taken).rowcount != 1:
        return None
    return _one(connection, run, call)


def is_stale(connection: Connection, intent: Intent) -> bool:
    """Tell whether a call would act for a run that only shadows by now."""
    if intent.call.dry or intent.call.reads:
        return False
    mode = connection.execute(select(runs.c.mode).where(runs.c.id == intent.run)).scalar_one()
    return bool(mode == Mode.SHADOW.value)


def give_back(connection: Connection, intent: Intent) -> None:
    """Make a call planned again that was certainly not begun."""
    connection.execute(
        update(calls)
        .where(_is(intent.run, intent.call.id))
        .where(calls.c.status == STARTED, calls.c.owner == intent.owner)
        .values(status=PLANNED, owner=None, started=None)
    )


def adopt(connection: Connection, run: str, call: str, *, before: str, owner: str) -> Intent | None:
    """Take over a call that another errand began; None if somebody else did first."""
    taken = (
        update(calls)
        .where(_is(run, call), calls.c.status == STARTED, calls.c.owner == before)
        .values(owner=owner)
    )
    if connection.execute(taken).rowcount != 1:
        return None
    return _one(connection, run, call)


def begun_by(connection: Connection, owner: str) -> Intent | None:
    """Give the call that an owner began and that is not over."""
    row = connection.execute(
        _OPEN.where(calls.c.status == STARTED, calls.c.owner == owner).limit(1)
    ).one_or_none()
    return None if row is None else _intent(row)


def still_owns(connection: Connection, intent: Intent) -> bool:
    """Tell whether a call is still its owner's to carry out, and its procedure not paused."""
    found = select(calls.c.call).where(_is(intent.run, intent.call.id))
    mine = found.where(calls.c.status == STARTED, calls.c.owner == intent.owner)
    return connection.execute(mine).first() is not None


def begun(connection: Connection) -> Sequence[tuple[str, str, str]]:
    """Give all calls of procedures that are not paused that were begun: run, call, owner."""
    found = (
        select(calls.c.run, calls.c.call, calls.c.owner)
        .join(runs, runs.c.id == calls.c.run)
        .where(calls.c.status == STARTED, not_paused())
    )
    return [(row.run, row.call, row.owner) for row in connection.execute(found)]


def unhanded(connection: Connection, *, limit: int) -> Sequence[tuple[str, str, str]]:
    """Give planned calls that nobody has taken up yet: run, call, system."""
    found = connection.execute(_UNHANDED, {"most": limit})
    return [(row.run, row.call, row.system) for row in found]


def hand_to_queue(connection: Connection, run: str, call: str, errand: str) -> bool:
    """Note which queued errand is to begin a planned call; false if another is already."""
    handed = (
        update(calls)
        .where(_is(run, call), calls.c.status == PLANNED, calls.c.owner.is_(None))
        .values(owner=errand)
    )
    return connection.execute(handed).rowcount == 1


def handed_to_queue(connection: Connection) -> Sequence[str]:
    """Give the queued errands that are to begin planned calls."""
    found = select(calls.c.owner).where(calls.c.status == PLANNED, calls.c.owner.is_not(None))
    return list(connection.execute(found).scalars())


def take_from_queue(connection: Connection, errand: str) -> None:
    """Note that a queued errand will not begin its call, so that it is handed on anew."""
    connection.execute(
        update(calls).where(calls.c.status == PLANNED, calls.c.owner == errand).values(owner=None)
    )


def _is(run: str, call: str) -> Any:
    return (calls.c.run == run) & (calls.c.call == call)


_OPEN = select(calls, runs.c.name).join(runs, runs.c.id == calls.c.run)


def _one(connection: Connection, run: str, call: str) -> Intent:
    return _intent(connection.execute(_OPEN.where(_is(run, call))).one())


def _intent(row: Row[Any]) -> Intent:
    request = json.loads(row.request)
    entry = request.pop("entry", None)
    call: Call = DECISION.validate_python(request)  # type: ignore[assignment]
    return Intent(run=row.run, name=row.name, call=call, entry=entry, owner=row.owner)
