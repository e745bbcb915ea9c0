"""Runs that cannot go on: people see them, and are told."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, delete

from runtime.driver.driven import (
    NOON,
    Systems,
    action,
    database,
    errands,
    graph,
    rows,
    start,
    status,
    work,
)
from sopc_runtime.deployment.running import list_runs
from sopc_runtime.driver.ready import RunWork
from sopc_runtime.people.notification import notification
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import documents, outbox, runs

CHAIN = graph("chain", action("first"), action("second", "ledger", "write"))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return database(tmp_path)


@pytest.fixture
def systems() -> Systems:
    return Systems()


def _broken(*_: object) -> None:
    raise RuntimeError("a mistake")


def test_a_run_that_cannot_go_on_is_marked_until_it_does_and_people_are_told_once(
    engine: Engine, systems: Systems
) -> None:
    broken = SimpleNamespace(start=_broken, advance=_broken)
    start(engine, CHAIN, "r")
    by = errands(engine, systems, interpreter=broken)
    told = []
    for _ in range(4):
        work(by, "r")
        told.append(len(rows(engine, outbox, kind="stuck")))
        by.ready._ailing[RunWork("r")].until = 0.0  # noqa: SLF001
    assert told == [0, 0, 1, 1]
    with reading(engine).connect() as connection:
        line = list_runs(connection)[0]
        message = notification(connection, rows(engine, outbox, kind="stuck")[0], NOON)
    assert line.problem == "internal error: RuntimeError; the log of the process tells more"
    assert message is not None
    assert (message.type, message.name) == ("stuck", "chain")
    assert line.problem in message.text
    work(errands(engine, systems), "r")
    with reading(engine).connect() as connection:
        assert list_runs(connection)[0].problem is None
        assert notification(connection, rows(engine, outbox, kind="stuck")[0], NOON) is None
    assert status(engine, "r") == "done"


def test_a_run_whose_graph_cannot_be_read_any_more_is_marked(
    engine: Engine, systems: Systems
) -> None:
    # A graph that no other test uses, since those that were read are kept in memory.
    start(engine, graph("unread", action("first")), "r")
    with engine.begin() as connection:
        connection.execute(delete(documents).where(documents.c.kind == "graph"))
    work(errands(engine, systems), "r")
    problem = rows(engine, runs, id="r")[0].problem
    assert problem.startswith("the database does not hold document")
