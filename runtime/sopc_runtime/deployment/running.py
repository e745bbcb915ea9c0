"""Runs as people look at them: what they wait for, and what may be told them from outside."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from sopc.errors import UsageError
from sopc_runtime.core.event import Cancelled
from sopc_runtime.core.state import STATE, RunState
from sopc_runtime.store.database import reading
from sopc_runtime.store.mailbox import post
from sopc_runtime.store.tables import awaited, calls, mail, pauses, runs, tasks, timers, workers

STATUSES = ("running", "done", "failed", "cancelled")

OVER = "over"
"""The status of a call that has ended."""

_KNOWN = 10_000
_AT_ONCE = 500
_ALIVE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One run in a list.

    Attributes:
        waits: What it waits for, and for whom, in words; empty once it is over.
        due: When the next of its timers is due.
        problem: Why it cannot go on until somebody mends that; it is tried again by itself.
    """

    id: str
    name: str
    status: str
    mode: str
    started: datetime
    ended: datetime | None
    waits: tuple[str, ...] = ()
    due: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True)
class RunView:
    """All of one run.

    Attributes:
        row: Its row.
        state: The interpreter's state; None before its first event is taken.
        tasks: Its open tasks.
        timers: What is due when, the next first.
        line: What the list says of it.
    """

    row: Row[Any]
    state: RunState | None
    tasks: Sequence[Row[Any]]
    timers: Sequence[Row[Any]]
    line: RunLine


def list_runs(
    connection: Connection,
    *,
    name: str | None = None,
    status: str | None = None,
    limit: int | None = None,
) -> list[RunLine]:
    """List runs, the latest first."""
    asked = select(runs).order_by(runs.c.started.desc(), runs.c.id)
    if name is not None:
        asked = asked.where(runs.c.name == name)
    if status is not None:
        asked = asked.where(runs.c.status == status)
    rows = connection.execute(asked.limit(limit) if limit is not None else asked).all()
    return _lines(connection, rows)


def run_row(connection: Connection, run: str, *, lock: bool = False) -> Row[Any]:
    """Give the row of a run.

    Raises:
        UsageError: There is no such run; the hint names the nearest.
    """
    asked = select(runs).where(runs.c.id == run)
    row = connection.execute(asked.with_for_update() if lock else asked).one_or_none()
    if row is not None:
        return row
    latest = select(runs.c.id).order_by(runs.c.started.desc()).limit(_KNOWN)
    near = get_close_matches(run, list(connection.execute(latest).scalars()), n=1)
    hint = f"did you mean `{near[0]}`" if near else "`sopc runs` lists them"
    raise UsageError(f"there is no run `{run}`", hint=hint)


def view(connection: Connection, run: str) -> RunView:
    """Give all of one run.

    Raises:
        UsageError: There is no such run.
    """
    row = run_row(connection, run)
    open_ = select(tasks).where(tasks.c.run == run, tasks.c.status == "open")
    due = select(timers).where(timers.c.run == run).order_by(timers.c.due)
    return RunView(
        row,
        STATE.validate_json(row.state) if row.state else None,
        connection.execute(open_.order_by(tasks.c.number)).all(),
        connection.execute(due).all(),
        _lines(connection, [row])[0],
    )


def cancel(connection: Connection, run: str, *, by: str, reason: str, now: datetime) -> bool:
    """Tell a run to end before its time; a worker ends it, and the runs that it called.

    Returns:
        Whether it was not told already.

    Raises:
        UsageError: There is no such run, or it has ended.
    """
    row = run_row(connection, run)
    if row.status != "running":
        raise UsageError(f"run `{run}` has ended already: {row.status}")
    return post(connection, run, Cancelled(at=now, by=by, reason=reason), key="cancel", cause=by)


def _lines(connection: Connection, rows: Sequence[Row[Any]]) -> list[RunLine]:
    open_ = [row.id for row in rows if row.status == "running"]
    waits: dict[str, list[str]] = defaultdict(list)
    _pauses(connection, rows, waits)
    for start in range(0, len(open_), _AT_ONCE):
        some = open_[start : start + _AT_ONCE]
        _tasks(connection, some, waits)
        _others(connection, some, waits)
    due: dict[str, datetime] = {}
    for start in range(0, len(open_), _AT_ONCE):
        asked = (
            select(timers.c.run, func.min(timers.c.due).label("due"))
            .where(timers.c.run.in_(open_[start : start + _AT_ONCE]))
            .group_by(timers.c.run)
        )
        due |= {row.run: row.due for row in connection.execute(asked)}
    return [
        RunLine(
            id=row.id,
            name=row.name,
            status=row.status,
            mode=row.mode,
            started=row.started,
            ended=row.ended,
            waits=tuple(waits.get(row.id, ())) or _default(row, due.get(row.id)),
            due=due.get(row.id),
            problem=row.problem,
        )
        for row in rows
    ]


def _default(row: Row[Any], due: datetime | None) -> tuple[str, ...]:
    if row.status != "running":
        return ()
    if not row.state:
        return ("a worker, to begin",)
    return ("a time",) if due is not None else ()


def _pauses(connection: Connection, rows: Sequence[Row[Any]], waits: dict[str, list[str]]) -> None:
    paused = {row.name: row for row in connection.execute(select(pauses))}
    for row in rows:
        found = paused.get(row.name) or paused.get("*")
        if found is not None and row.status == "running":
            waits[row.id].append(f"it to be resumed (paused by {found.by})")


def _tasks(connection: Connection, some: list[str], waits: dict[str, list[str]]) -> None:
    asked = (
        select(tasks.c.run, tasks.c.number, tasks.c.kind, tasks.c.step, tasks.c.roles)
        .add_columns(tasks.c.assignee)
        .where(tasks.c.run.in_(some), tasks.c.status == "open")
        .order_by(tasks.c.number)
    )
    for row in connection.execute(asked):
        whom = row.assignee or ", ".join(row.roles) or "anybody"
        waits[row.run].append(f"{row.kind} {row.number} of `{row.step}`: {whom}")


def _others(connection: Connection, some: list[str], waits: dict[str, list[str]]) -> None:
    for row in connection.execute(
        select(awaited).where(awaited.c.run.in_(some)).order_by(awaited.c.step)
    ):
        waits[row.run].append(f"an event of {row.system or 'any system'}: {row.event or 'any'}")
    under_way = select(calls.c.run, calls.c.system).where(
        calls.c.run.in_(some), calls.c.status != OVER
    )
    for row in connection.execute(under_way):
        waits[row.run].append(f"system {row.system}")
    children = select(runs.c.id, runs.c.parent).where(
        runs.c.parent.in_(some), runs.c.status == "running"
    )
    for row in connection.execute(children.order_by(runs.c.id)):
        waits[row.parent].append(f"run {row.id}")


def is_carried_out(engine: Engine) -> bool:
    """Tell whether some process carries runs out, or did until some seconds ago."""
    since = datetime.now(UTC) - _ALIVE
    asked = select(func.count()).select_from(workers).where(workers.c.seen >= since)
    with reading(engine).connect() as connection:
        return bool(connection.execute(asked).scalar_one())


def waiting_mail(connection: Connection, run: str) -> int:
    """Count the events that a run has not taken yet."""
    found = select(func.count()).where(mail.c.run == run, mail.c.taken.is_(None))
    return int(connection.execute(found).scalar_one())


def open_calls(connection: Connection, run: str) -> list[str]:
    """Give the steps whose calls are planned or under way."""
    found = select(calls.c.request).where(calls.c.run == run, calls.c.status != OVER)
    return [str(json.loads(each)["step"]) for each in connection.execute(found).scalars()]
