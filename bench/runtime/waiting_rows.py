"""Runs that wait: two that the worker brought there, and as many copies of their rows as wanted.

The copies are made in the database, with the run's id replaced wherever it stands. So each is what
the worker writes, but for the hashes of its journal, which are as long and belong to other ids.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rate_procedure import ORGANIZATION, Nothing, organization
from sqlalchemy import Column, Connection, Engine, Table, Text, func, literal_column, select, text

from sopc_runtime.core.event import Started
from sopc_runtime.core.mode import Mode
from sopc_runtime.driver.worker import Worker
from sopc_runtime.store.database import prepare, sqlite_engine
from sopc_runtime.store.documents import keep
from sopc_runtime.store.run_start import Version, begin
from sopc_runtime.store.tables import calls, journal, mail, outbox, runs, tasks, timers

ROLES = """\
roles:
  - {id: clerk, name: clerk, holders: [{name: Lena Brandt, email: lena@tidewater.example}]}
"""
_HEAD = """\
format: 1
id: waits
title: Waits
inputs:
  - {name: customer, type: string}
  - {name: amount, type: money, currency: USD}
roles:
  - {id: clerk, name: clerk}
systems:
  - {id: ledger, name: Ledger}
procedures:
"""
_ACT = """\
      - id: {name}
        kind: action
        title: Enter it in the ledger
        tier: {{level: 1, reason: it does nothing}}
        system: ledger
        operation: write
        inputs: [{{name: customer, cel: customer}}, {{name: amount, cel: amount}}]
"""
_ASK = """\
      - id: approve
        kind: approval
        title: Approve it
        role: clerk
        deadlines: [{says: within 30 days, within: P30D}]
        escalation: [{says: after 20 days the clerk is asked again, after: P20D, to: clerk}]
"""
_WAIT = """\
      - id: wait
        kind: wait
        title: Wait for a month
        duration: P30D
"""
_TABLES: tuple[tuple[Table, str], ...] = (
    (runs, "id"),
    (mail, "run"),
    (timers, "run"),
    (calls, "run"),
    (tasks, "run"),
    (journal, "run"),
    (outbox, "key"),
)

WAITS_FOR_TIME = "time"
WAITS_FOR_PERSON = "person"


def graph_text() -> str:
    """Write the graph: a procedure that waits for a person, and one that waits for a month."""
    return _HEAD + "".join(
        f"  - id: {name}\n    title: Waits\n    steps:\n{_ACT.format(name='enter')}{waits}"
        f"{_ACT.format(name='close')}"
        for name, waits in ((WAITS_FOR_PERSON, _ASK), (WAITS_FOR_TIME, _WAIT))
    )


def organization_text() -> str:
    """Write the organization file."""
    return ORGANIZATION + ROLES


def versions() -> dict[str, Version]:
    """Give the two procedures, by what they wait for."""
    return {
        name: Version(
            name=f"waits/{name}",
            graph=_digest(graph_text()),
            organization=_digest(organization_text()),
            procedure=name,
            mode=Mode.AUTONOMOUS,
        )
        for name in (WAITS_FOR_PERSON, WAITS_FOR_TIME)
    }


def fill(path: Path, count: int) -> None:
    """Make a database in which so many runs wait."""
    engine = sqlite_engine(path)
    prepare(engine)
    known = organization()
    with engine.begin() as connection:
        for kind, written in (("graph", graph_text()), ("organization", organization_text())):
            keep(connection, kind=kind, text=written, digest=_digest(written))
    for name in versions():
        start(engine, name, _first(name))
    with Worker(engine, load=lambda: known, make=Nothing) as worker:
        if not worker.run_until_quiet(30):
            raise TimeoutError("the first two runs do not come to wait")
    for name in versions():
        _copy(engine, _first(name), count // 2)
    engine.dispose()


def start(engine: Engine, name: str, run: str) -> None:
    """Start a run."""
    at, under = datetime.now(UTC), versions()[name]
    values = {"customer": "Ada Whitfield", "amount": 12_500}
    started = Started(at=at, run=run, mode=Mode.AUTONOMOUS, values=values)
    with engine.begin() as connection:
        begin(connection, name=under.name, run=run, started=started, under=under)


def waiting(connection: Connection) -> int:
    """Count the runs that wait."""
    query = select(func.count()).select_from(runs).where(runs.c.status == "running")
    return int(connection.execute(query).scalar_one())


def _copy(engine: Engine, model: str, count: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY)"))
        connection.execute(
            text(
                "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :count) "
                "INSERT INTO numbers SELECT n FROM c"
            ),
            {"count": count - 1},
        )
        for table, key in _TABLES:
            copied = [each for each in table.columns if each.name not in {"seq", "number"}]
            if table is journal:
                copied = list(table.columns)
            made = [_renamed(each, model) for each in copied]
            own = table.c[key] == model if key != "key" else table.c.key.contains(f":{model}:")
            source = select(*made).select_from(table, text("numbers")).where(own)
            connection.execute(table.insert().from_select([each.name for each in copied], source))
        connection.execute(text("DROP TABLE numbers"))


def _renamed(column: Column[Any], model: str) -> Any:
    """Give a column with the first run's id replaced by the copy's, wherever it stands."""
    if not isinstance(column.type, Text):
        return column
    return func.replace(column, model, literal_column(f"'{model}-' || numbers.n"))


def _first(name: str) -> str:
    return f"first-{name}"


def _digest(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()
