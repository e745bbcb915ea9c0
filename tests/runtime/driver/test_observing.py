"""Telemetry and whoever else observes a worker learn of what was committed, and hold up nothing."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.driver.driven import Systems, action, database, graph, rows, start, status
from sopc_runtime.driver.worker import Worker
from sopc_runtime.journal.entry import Draft
from sopc_runtime.store.tables import journal

CHAIN = graph("chain", action("first"), action("second", "ledger", "write"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = database(tmp_path)
    yield engine
    engine.dispose()


def test_an_observer_is_told_what_was_committed_entry_by_entry(engine: Engine) -> None:
    systems, told = Systems(), []

    def observe(run: str, name: str, drafts: Sequence[Draft]) -> None:
        stands = len(rows(engine, journal, run=run))
        told.extend((run, name, each.kind) for each in drafts)
        assert len(told) == stands

    start(engine, CHAIN, "one")
    with Worker(engine, load=systems.load, make=systems.make, observe=observe) as worker:
        assert worker.run_until_quiet(60)
    written = [("one", "chain", each.kind) for each in rows(engine, journal, run="one")]
    assert told == written
    assert written[-1][2] == "decision:finish"


def test_a_run_goes_on_where_its_observer_breaks(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    systems = Systems()

    def observe(run: str, name: str, drafts: Sequence[Draft]) -> None:
        raise ZeroDivisionError(run, name, len(drafts))

    start(engine, CHAIN, "one")
    with Worker(engine, load=systems.load, make=systems.make, observe=observe) as worker:
        assert worker.run_until_quiet(60)
    assert status(engine, "one") == "done"
    assert "could not be observed" in caplog.text
