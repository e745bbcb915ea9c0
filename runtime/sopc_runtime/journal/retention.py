"""Retention: the content of runs that have ended is erased, and their chains stay verifiable."""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

from sqlalchemy import Connection, Engine, Row, delete, func, select, update

from sopc.errors import UsageError, WorkError
from sopc_runtime.journal.chain import ERASED, INSTANCE, append
from sopc_runtime.journal.entry import Draft
from sopc_runtime.journal.export import exported
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import (
    agreements,
    calls,
    deliveries,
    journal,
    mail,
    outbox,
    runs,
    tasks,
    vault,
)

DELIVERIES_ERASED = "deliveries-erased"
"""The kind of the entry, in the chain `*`, about deliveries that no run came of."""

# Enough for a worker to see that the run has ended, should something still reach it.
_STATE = ("run", "procedure", "mode", "started", "occurred", "status", "ended", "parent")
_ASKED = ("kind", "id", "step", "system", "operation", "key", "dry", "reads", "repeatable")


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased: how many runs, of how many entries the data, and deliveries without runs."""

    runs: int
    entries: int
    deliveries: int = 0


def erase(
    engine: Engine,
    *,
    by: str,
    now: Callable[[], datetime],
    run: str | None = None,
    before: datetime | None = None,
    export: TextIO | None = None,
) -> Erasure:
    """Erase the content of one run, or of those that ended before an instant.

    Before an instant, that is also what deliveries held that came before and belong to no run:
    those that were refused or left out. That they came stays, so that none is taken twice.

    What goes is the data and salts of entries, sealed values, the state, and what mail, calls,
    tasks, notifications and deliveries held. What stays is when what happened at which step by
    whom, which system was asked for what, and every hash. Each run is erased in a transaction of
    its own, after its entries were written to `export` and are on the disk; the chain `*` tells
    that it was, and by whom.

    Raises:
        UsageError: The run is not known, or has not ended.
        WorkError: The export cannot be written; what comes after it is not erased.
    """
    with reading(engine).connect() as connection:
        chosen = [_ended(connection, run)] if run is not None else _old(connection, before)
        came_by = _deliveries(connection, frozenset(chosen))
        told = _notifications(connection, frozenset(chosen))
    entries = 0
    for each in chosen:
        with _overwriting(engine) as connection:
            row = connection.execute(select(runs).where(runs.c.id == each).with_for_update()).one()
            if export is not None:
                _write(connection, each, export)
            entries += _erase(connection, row, by, now(), exported_too=export is not None)
            for number in came_by[each]:
                _forget_delivery(connection, number)
            for number in told[each]:
                _quiet(connection, number)
    belonging = 0 if before is None else _erase_deliveries(engine, before, by, now())
    _settle(engine)
    return Erasure(len(chosen), entries, belonging)


@contextmanager
def _overwriting(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction after which SQLite's file holds nothing of what it deletes."""
    with engine.connect() as connection:
        is_file = connection.dialect.name == "sqlite"
        if is_file:
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        yield connection
        connection.commit()
        if is_file:
            connection.exec_driver_sql("PRAGMA secure_delete=OFF")
            connection.commit()


def _settle(engine: Engine) -> None:
    """Move what SQLite's log holds into its file, so that the log keeps nothing either."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            # Not within a transaction, which SQLAlchemy would begin.
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.close()


def _ended(connection: Connection, run: str) -> str:
    row = connection.execute(select(runs).where(runs.c.id == run)).one_or_none()
    if row is None:
        raise UsageError(f"there is no run `{run}`", hint="`sopc runs` lists them")
    if row.ended is None:
        raise UsageError(f"run `{run}` has not ended", hint="wait for its end, or cancel it before")
    return run


def _old(connection: Connection, before: datetime | None) -> list[str]:
    if before is None:
        raise UsageError(
            "it is not said what to erase", hint="name a run with `--run`, or a day with `--before`"
        )
    has_data = (
        select(journal.c.seq)
        .where(journal.c.run == runs.c.id, journal.c.data.is_not(None))
        .exists()
    )
    query = select(runs.c.id).where(runs.c.ended < before, has_data).order_by(runs.c.ended)
    return list(connection.execute(query).scalars())


def _deliveries(connection: Connection, chosen: frozenset[str]) -> dict[str, list[int]]:
    """Give the numbers of the deliveries that runs came by."""
    found: dict[str, list[int]] = defaultdict(list)
    query = select(deliveries.c.number, deliveries.c.runs).where(deliveries.c.payload != "")
    for number, started in connection.execute(query):
        for run in chosen.intersection(started):
            found[run].append(number)
    return found


def _erase_deliveries(engine: Engine, before: datetime, by: str, at: datetime) -> int:
    """Erase what old deliveries held that no run came of, and tell the chain `*` of it."""
    with _overwriting(engine) as connection:
        query = select(deliveries.c.number, deliveries.c.runs).where(
            deliveries.c.received < before, deliveries.c.payload != ""
        )
        numbers = [number for number, started in connection.execute(query) if not started]
        for number in numbers:
            _forget_delivery(connection, number)
        if numbers:
            told = {"deliveries": len(numbers), "before": before.isoformat()}
            draft = Draft(at=at, kind=DELIVERIES_ERASED, actor=by, data=told)
            append(connection, INSTANCE, [draft])
    return len(numbers)


def _forget_delivery(connection: Connection, number: int) -> None:
    """Leave of a delivery that it came, and what became of it; problems quote what it held."""
    same = deliveries.c.number == number
    connection.execute(update(deliveries).where(same).values(payload=""))
    quotes = update(deliveries).where(same, deliveries.c.problem.is_not(None))
    connection.execute(quotes.values(problem="its content was erased"))


def _notifications(connection: Connection, chosen: frozenset[str]) -> dict[str, list[int]]:
    """Give the numbers of the notifications that were sent, or wait to be, about runs."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, content in connection.execute(select(outbox.c.number, outbox.c.content)):
        about = json.loads(content)
        if about.get("run") in chosen:
            found[about["run"]].append(number)
    return found


def _quiet(connection: Connection, number: int) -> None:
    """Leave of a notification what it is about, and none of its words."""
    same = outbox.c.number == number
    content = connection.execute(select(outbox.c.content).where(same)).scalar_one_or_none()
    if content is not None:
        about = json.loads(content)
        about |= {key: "" for key in ("says", "why") if key in about}
        slim = {"content": json.dumps(about), "problem": None}
        connection.execute(update(outbox).where(same).values(slim))


def _forget_requests(connection: Connection, run: str) -> None:
    """Leave of calls what was asked of which system, because modes are judged by it."""
    mine = calls.c.run == run
    for call, request in connection.execute(select(calls.c.call, calls.c.request).where(mine)):
        same = update(calls).where(mine, calls.c.call == call)
        connection.execute(same.values(request=_slim(request, _ASKED)))


def _slim(text: str, keys: tuple[str, ...]) -> str:
    """Leave some keys of an object in JSON."""
    whole = json.loads(text)
    return json.dumps({key: whole[key] for key in keys if key in whole})


def _write(connection: Connection, run: str, export: TextIO) -> None:
    try:
        export.writelines(exported(connection, run=run))
        export.flush()
        os.fsync(export.fileno())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WorkError(
            f"cannot write the export of run `{run}`: {reason}",
            hint="neither it nor the runs after it were erased",
        ) from None


def _erase(
    connection: Connection, row: Row[Any], by: str, at: datetime, *, exported_too: bool
) -> int:
    run = row.id
    held = journal.c.run == run, journal.c.data.is_not(None)
    count = connection.execute(select(func.count()).select_from(journal).where(*held)).scalar_one()
    connection.execute(update(journal).where(*held).values(data=None, salt=None))
    connection.execute(delete(vault).where(vault.c.run == run))
    state = _slim(row.state, _STATE) if row.state else ""
    connection.execute(update(runs).where(runs.c.id == run).values(state=state))
    # What waits for a run that has ended would change nothing; its key still tells repeats.
    mine = update(mail).where(mail.c.run == run)
    connection.execute(mine.where(mail.c.taken.is_(None)).values(taken=at))
    connection.execute(mine.values(event="", cause=None))
    _forget_requests(connection, run)
    connection.execute(
        update(tasks)
        .where(tasks.c.run == run)
        .values(content="", assignee=None, decided_by=None, reason=None)
    )
    connection.execute(update(agreements).where(agreements.c.run == run).values(by=None, note=None))
    told = {
        "entries": count,
        "exported": exported_too,
        "seq": row.journal_seq,
        "hash": row.journal_hash,
    }
    append(
        connection,
        INSTANCE,
        [Draft(at=at, kind=ERASED, step=run, actor=by, graph=row.graph, data=told)],
    )
    return int(count)
