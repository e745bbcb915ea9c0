"""Carrying runs out in a command's own process, and finding out how they stand."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, or_, select

from sopc.errors import WorkError
from sopc.organization import Organization
from sopc_runtime.core.state import STATE
from sopc_runtime.deployment.running import is_carried_out
from sopc_runtime.driver.intent import OVER
from sopc_runtime.driver.lock import AlreadyWorkingError
from sopc_runtime.driver.pause import is_paused
from sopc_runtime.driver.worker import Worker
from sopc_runtime.people.authority import day_of
from sopc_runtime.people.current import current_organization, in_zone, time_zone
from sopc_runtime.people.task_row import TaskRow, found_tasks, read
from sopc_runtime.serve.ways import Ways
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import awaited, calls, mail, runs, tasks, timers
from sopc_runtime.store.tasks import OPEN

_LOOK = 0.03
SECONDS_AILING = 15.0
"""For how long a run that cannot go on is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a run stands.

    Attributes:
        status: `running`, `done`, `failed` or `cancelled`.
        quiet: Whether nothing is to be done for it now: it has ended, or waits.
        why: Why it ended so, if that is said.
        values: What it knows, where it has ended.
        problem: Why it, or one that it called, cannot go on now.
    """

    run: str
    status: str
    quiet: bool
    why: str | None = None
    values: dict[str, Any]
    problem: str | None = None


@contextmanager
def executing(engine: Engine, organization: Path | None = None) -> Iterator[Worker | None]:
    """Carry runs out here, unless another process does already; then it gives None."""
    if engine.dialect.name != "sqlite" and is_carried_out(engine):
        yield None
        return
    ways = Ways(engine, organization)
    worker = Worker(engine, load=ways.load, make=ways.make)
    try:
        worker.start()
    except AlreadyWorkingError:
        yield None
        return
    try:
        yield worker
    finally:
        worker.stop()
        ways.close()


def wait_until_quiet(engine: Engine, run: str, *, ended: bool) -> Standing:
    """Wait until a run has ended, or (unless `ended`) waits for a person or a time.

    Raises:
        WorkError: It cannot go on.
    """
    since = time.monotonic()
    while True:
        [standing] = standings(engine, [run])
        if standing.status != "running" or (standing.quiet and not ended):
            return standing
        if standing.problem is None:
            since = time.monotonic()
        elif time.monotonic() - since > SECONDS_AILING:
            raise WorkError(
                f"run `{run}` cannot go on now: {standing.problem}",
                hint=f"`sopc runs show {run}` says how far it came; it is tried again later",
            )
        time.sleep(_LOOK)


def standings(engine: Engine, ids: Collection[str]) -> list[Standing]:
    """Say how runs stand, in the order of their ids."""
    with reading(engine).connect() as connection:
        rows = connection.execute(
            select(runs.c.id, runs.c.name, runs.c.status, runs.c.state)
            .where(runs.c.id.in_(ids))
            .order_by(runs.c.id)
        ).all()
        return [_standing(connection, row) for row in rows]


def _standing(connection: Connection, row: Any) -> Standing:
    if row.status == "running":
        quiet = is_paused(connection, row.name) or not _busy(connection, row.id)
        problem = _problem(connection, row.id)
        return Standing(run=row.id, status=row.status, quiet=quiet, values={}, problem=problem)
    why, values = None, {}
    if row.state:
        state = STATE.validate_json(row.state)
        why, values = state.why, state.values
    return Standing(run=row.id, status=row.status, quiet=True, why=why, values=values)


def _problem(connection: Connection, run: str) -> str | None:
    own = or_(runs.c.id == run, runs.c.id.startswith(f"{run}.", autoescape=True))
    asked = select(runs.c.problem).where(own, runs.c.status == "running")
    found = connection.execute(asked.where(runs.c.problem.is_not(None)).limit(1))
    problem: str | None = found.scalar_one_or_none()
    return problem


def _busy(connection: Connection, run: str) -> bool:
    """Tell whether something is to be done now for a run, or for one that it called."""
    for table, condition in (
        (mail, mail.c.taken.is_(None)),
        (calls, calls.c.status != OVER),
        (timers, timers.c.due <= datetime.now(UTC)),
    ):
        own = or_(table.c.run == run, table.c.run.startswith(f"{run}.", autoescape=True))
        if connection.execute(select(table.c.run).where(own, condition).limit(1)).first():
            return True
    return False


def waits_for(engine: Engine, run: str) -> list[str]:
    """Say what a run waits for: people first, then events, then the next time."""
    told = []
    with reading(engine).connect() as connection:

        def own(table: Any) -> Any:
            return or_(table.c.run == run, table.c.run.startswith(f"{run}.", autoescape=True))

        name = connection.execute(select(runs.c.name).where(runs.c.id == run)).scalar_one()
        if is_paused(connection, name):
            told.append("until it is resumed; it is paused")
        organization = current_organization(connection, name)
        opened = found_tasks().where(own(tasks), tasks.c.status == OPEN)
        told += [
            _task(read(row), organization)
            for row in connection.execute(opened.order_by(tasks.c.number))
        ]
        told += [
            f"{row.event or 'an event'} in {row.system or 'some system'}"
            for row in connection.execute(select(awaited).where(own(awaited)))
        ]
        due = connection.execute(select(func.min(timers.c.due)).where(own(timers))).scalar_one()
        if due is not None:
            told.append(f"the time {in_zone(due, time_zone(connection, name), seconds=True)}")
    return told


def _task(found: TaskRow, organization: Organization | None) -> str:
    row = found.row
    day = day_of(organization, datetime.now(UTC))
    holders = [
        each.name for role in row.roles if organization for each in organization.holders(role, day)
    ]
    whom = row.assignee or ", ".join(dict.fromkeys(holders)) or ", ".join(row.roles) or "anybody"
    return f"task {row.number} ({row.kind}) of {whom}: {found.task.title}"
