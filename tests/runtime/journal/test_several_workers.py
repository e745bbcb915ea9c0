"""Chains stay whole where several workers write at once, on both databases, however long."""

import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.journal.journaled_runs import (
    NOON,
    a_database,
    a_run,
    an_ended_run,
    entries,
    written,
)
from sopc_runtime.journal.chain import INSTANCE
from sopc_runtime.journal.entry import Draft
from sopc_runtime.journal.export import exported
from sopc_runtime.journal.retention import erase
from sopc_runtime.journal.verify import verify
from sopc_runtime.store.database import postgres_engine, prepare

RUNS = ["b", "B", "ä", "a-1", "a_1", "a1", "Z", "a 1"]
"""Ids that locales sort in other ways than Python does."""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = a_database(tmp_path)
    else:
        made = postgres_engine(request.getfixturevalue("server").database("journal"))
        prepare(made)
    yield made
    made.dispose()


def test_workers_that_write_at_once_leave_whole_chains(engine: Engine) -> None:
    """The chain `*`, which all of them write to, has every start and end once."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda run: an_ended_run(engine, run), RUNS))
    found = verify(engine)
    assert (found.breaks, found.runs, found.entries) == ([], 8, 8 * 9 + 16)
    told = [(each.seq, each.kind, each.step) for each in entries(engine, INSTANCE)]
    assert [seq for seq, _, _ in told] == list(range(1, 17))
    assert {(kind, run) for _, kind, run in told} == {
        (kind, run) for kind in ("run-started", "run-ended") for run in RUNS
    }
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE journal SET actor = 'Eve' WHERE run = 'B' AND seq = 4")
        connection.exec_driver_sql("DELETE FROM journal WHERE run = 'a 1' AND seq > 4")
    assert [each.run for each in verify(engine).breaks] == ["B", "a 1"]
    done = erase(engine, by="Rui", now=lambda: NOON, before=NOON + timedelta(days=1))
    assert done.runs == 8
    found = verify(engine)
    assert ([each.run for each in found.breaks], found.erased) == (["B", "a 1"], 8 * 9 - 5)
    with engine.connect() as connection:
        assert len(list(exported(connection))) == 8 * 9 - 5 + 16 + 8


def test_a_long_journal_is_read_in_little_memory(tmp_path: Path) -> None:
    """Twelve times the entries of a chunk take a fraction of their size."""
    engine = a_database(tmp_path)
    a_run(engine, "r1")
    drafts = [Draft(at=NOON, kind="event:noted", data={"text": "x" * 2000})] * 500
    for _ in range(12):
        written(engine, "r1", *drafts)
    tracemalloc.start()
    try:
        assert verify(engine).entries == 6001
        with engine.connect() as connection:
            assert sum(map(len, exported(connection))) > 12_000_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6_000_000
