"""The dispatcher: whatever stands in the way, what is behind it is found."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text

from runtime.driver.driven import NOON, Systems, action, database, errands, graph, start
from sopc_runtime.driver.dispatcher import Dispatcher
from sopc_runtime.driver.ready import RunWork
from sopc_runtime.store.tables import mail, runs

ONE = graph("one", action("first"))
ROW: dict[str, Any] = {
    "name": "one",
    "graph": "g",
    "organization": "o",
    "procedure": "one",
    "mode": "autonomous",
    "status": "running",
    "started": NOON,
    "state": "",
}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return database(tmp_path)


def a_dispatcher(engine: Engine, share: tuple[int, int] = (0, 1)) -> Dispatcher:
    by = errands(engine, Systems())
    # Nothing is started: what was found stays where it can be looked at.
    return Dispatcher(
        engine=engine,
        durable=None,  # type: ignore[arg-type]
        errands=by,
        ready=by.ready,
        patience=by.patience,
        now=lambda: NOON,
        draining=threading.Event(),
        limited=frozenset,
        threads=0,
        share=share,
    )


def waiting_runs(engine: Engine, count: int) -> None:
    with engine.begin() as connection:
        ids = [f"w{number}" for number in range(count)]
        connection.execute(insert(runs), [{**ROW, "id": each} for each in ids])
        told = [{"run": each, "key": "k", "event": "{}"} for each in ids]
        connection.execute(insert(mail), told)


def test_a_thousand_runs_that_cannot_go_on_keep_no_other_from_it(engine: Engine) -> None:
    waiting_runs(engine, 1_000)
    start(engine, ONE, "behind")
    dispatcher = a_dispatcher(engine)
    found = set()
    for _ in range(4):
        dispatcher.look()
        while (work := dispatcher.ready.take()) is not None:
            found.add(work)
            if work != RunWork("behind"):
                dispatcher.ready.put_off(work)
    assert RunWork("behind") in found
    assert len(found) == 1_001


def test_what_is_put_off_does_not_keep_the_dispatcher_busy(engine: Engine) -> None:
    waiting_runs(engine, 3)
    dispatcher = a_dispatcher(engine)
    assert dispatcher.look() == 3
    while (work := dispatcher.ready.take()) is not None:
        dispatcher.ready.put_off(work)
    assert dispatcher.look() == 0


def test_two_processes_look_after_a_share_each_and_after_all_of_it_together(
    engine: Engine,
) -> None:
    waiting_runs(engine, 40)
    shares = [a_dispatcher(engine, share=(place, 2)) for place in range(2)]
    assert sum(each.look() for each in shares) == 40
    assert all(len(each.ready) > 5 for each in shares)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT run FROM mail WHERE taken IS NULL AND seq > 0 ORDER BY seq LIMIT 500", "mail"),
        ("SELECT run FROM timers WHERE due <= 5 ORDER BY due LIMIT 500", "timers_due"),
        ("SELECT run FROM calls WHERE status = 'planned' AND owner IS NULL", "calls_open"),
    ],
)
def test_what_is_looked_for_again_and_again_is_found_by_an_index(
    engine: Engine, statement: str, index: str
) -> None:
    with engine.connect() as connection:
        plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all())
    assert f"INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan
