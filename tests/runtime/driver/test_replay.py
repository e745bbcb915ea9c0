"""Replays: a run's events give its decisions again, or the first difference is named."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, delete, update

from runtime.driver.driven import (
    NOON,
    Systems,
    action,
    database,
    errands,
    graph,
    rows,
    start,
    step,
    tell,
    work,
)
from sopc.errors import UsageError
from sopc_runtime.core import interpreter as core
from sopc_runtime.core.decision import Remark
from sopc_runtime.core.event import Moved
from sopc_runtime.driver.replay import replay
from sopc_runtime.store.database import reading
from sopc_runtime.store.documents import keep
from sopc_runtime.store.tables import journal, vault

GREET = graph("greet", action("greet", "mailer", "send", "inputs: [{name: to, cel: who}]"))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = database(tmp_path)
    start(engine, GREET, "r", who="ana.pires@example.org")
    work(errands(engine, Systems()), "r")
    return engine


def replayed(engine: Engine, run: str = "r", **more: Any) -> Any:
    with reading(engine).connect() as connection:
        return replay(connection, run, **more)


def test_a_run_with_sensitive_values_is_decided_the_same_again(engine: Engine) -> None:
    result = replayed(engine)
    assert result.same
    assert (result.events, result.decisions) == (2, 4)


def test_a_run_that_nobody_knows_cannot_be_replayed(engine: Engine) -> None:
    with pytest.raises(UsageError, match="there is no run `x`"):
        replayed(engine, "x")


def test_an_interpreter_that_decides_otherwise_is_found_out_at_the_entry(engine: Engine) -> None:
    def advance(*given: Any) -> Any:
        state, decisions = core.advance(*given)
        return state, [Remark(step="greet", says="another"), *decisions]

    result = replayed(engine, interpreter=SimpleNamespace(start=core.start, advance=advance))
    outcome = next(
        each.seq for each in rows(engine, journal, run="r") if each.kind == "event:call-succeeded"
    )
    assert not result.same
    assert result.difference.seq == outcome + 1
    assert result.difference.expected.startswith("step-done")
    assert result.difference.found == 'remark {"says":"another","step":"greet"}'


def test_a_decision_that_is_missing_from_the_journal_is_named(engine: Engine) -> None:
    last = max(each.seq for each in rows(engine, journal, run="r"))
    with engine.begin() as connection:
        connection.execute(delete(journal).where(journal.c.run == "r", journal.c.seq == last))
    result = replayed(engine)
    assert (result.difference.seq, result.difference.expected) == (last, None)
    assert result.difference.found.startswith("finish")


def test_a_decision_that_was_changed_is_named_with_both_versions(engine: Engine) -> None:
    done = next(
        each for each in rows(engine, journal, run="r") if each.kind == "decision:step-done"
    )
    data = json.dumps(json.loads(done.data) | {"values": {"forged": 1}})
    with engine.begin() as connection:
        same = (journal.c.run == "r") & (journal.c.seq == done.seq)
        connection.execute(update(journal).where(same).values(data=data))
    difference = replayed(engine).difference
    assert difference.seq == done.seq
    assert "forged" in difference.expected
    assert "forged" not in difference.found


def test_erased_values_end_a_replay_where_they_are_needed_first(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(delete(vault).where(vault.c.ref != "salt"))
    result = replayed(engine)
    assert result.erased == 1
    assert not result.same


def test_a_run_that_moved_is_replayed_under_both_graphs(tmp_path: Path) -> None:
    engine, by_systems = database(tmp_path / "moved"), Systems()
    wait = step("w", "kind: wait", "duration: PT1H")
    start(engine, graph("late", wait, action("a")), "m")
    by = errands(engine, by_systems)
    work(by, "m")
    other = graph("late", step("w", "kind: wait", "duration: PT2H"), action("b"))
    with engine.begin() as connection:
        keep(connection, kind="graph", text=other, digest="late-two")
    moved = Moved(at=NOON, graph="late-two", organization="organization", by="Lena Brandt")
    tell(engine, "m", moved)
    work(by, "m")
    assert replayed(engine, "m").same
