"""Errands: what runs take, what they ask of systems, and what is left when something is wrong."""

import json
import logging
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, delete, insert
from sqlalchemy.exc import OperationalError

from runtime.driver.driven import (
    NOON,
    Clock,
    Systems,
    action,
    database,
    errands,
    graph,
    rows,
    start,
    status,
    step,
    tell,
    work,
)
from sopc.graph import Failure
from sopc.organization import Organization
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.core import interpreter as core
from sopc_runtime.core.event import Cancelled, Moved, TaskDecided
from sopc_runtime.core.mode import Mode
from sopc_runtime.driver import intent
from sopc_runtime.driver.pool import Pool
from sopc_runtime.driver.ready import CallWork
from sopc_runtime.driver.ticker import fire_due
from sopc_runtime.driver.transaction import Advanced
from sopc_runtime.journal.verify import verify
from sopc_runtime.store.documents import keep
from sopc_runtime.store.tables import calls, journal, mail, outbox, pauses, runs, tasks, timers

CHAIN = graph("chain", action("first"), action("second", "ledger", "write"), action("third"))
FORK = graph(
    "fork",
    step(
        "split", "kind: compute", "values: [{name: one, type: integer, cel: '1'}]", "next: [a, b]"
    ),
    action("a", "mailer", "send", "next: c"),
    action("b", "ledger", "write", "next: c"),
    action("c", "mailer", "send", "join: all"),
)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return database(tmp_path)


@pytest.fixture
def systems() -> Systems:
    return Systems()


def test_a_chain_of_acts_is_one_transaction_for_each_step(engine: Engine, systems: Systems) -> None:
    start(engine, CHAIN, "r")
    by = errands(engine, systems)
    work(by, "r")
    assert status(engine, "r") == "done"
    assert [each.key for each in systems["mailer"].asked] == ["r/first/c1", "r/third/c3"]
    assert {each.status for each in rows(engine, calls)} == {"over"}
    # The start and three outcomes: each a commit of its own, with the intent of the next call.
    assert len({each.at for each in rows(engine, journal, run="r")}) == 4
    assert verify(engine).breaks == []


@pytest.mark.parametrize("recovers", [False, True])
def test_a_call_waits_for_a_database_that_is_gone_while_its_system_is_looked_up(
    engine: Engine, systems: Systems, monkeypatch: pytest.MonkeyPatch, *, recovers: bool
) -> None:
    start(engine, CHAIN, "r")
    by = errands(engine, systems)
    if recovers:
        by.transactions.advance("r", owner="gone/one")
        by.ready.add(CallWork("r", "c1", "gone/one"))
        systems["mailer"].looked_up = [None]
    gone = iter([OperationalError("SELECT", {}, sqlite3.OperationalError("gone"))])

    def load() -> Organization:
        for error in gone:
            raise error
        return systems.organization

    monkeypatch.setattr(by.carrier, "pool", Pool(load, systems.make))
    work(by, "r")
    assert (status(engine, "r"), rows(engine, tasks)) == ("done", [])
    assert len(systems["mailer"].asked) == 2


def test_an_outcome_stands_under_its_call_in_the_journal(engine: Engine, systems: Systems) -> None:
    start(engine, CHAIN, "r")
    work(errands(engine, systems), "r")
    entries = {each.seq: each for each in rows(engine, journal, run="r")}
    outcomes = [each for each in entries.values() if each.kind == "event:call-succeeded"]
    for outcome in outcomes:
        cause = entries[outcome.cause]
        assert cause.kind == "decision:call"
        assert json.loads(cause.data)["id"] == json.loads(outcome.data)["call"]
    assert [each.actor for each in outcomes] == ["system:mailer", "system:ledger", "system:mailer"]


def test_further_calls_of_a_transaction_are_handed_on(engine: Engine, systems: Systems) -> None:
    start(engine, FORK, "r")
    by = errands(engine, systems)
    advanced = by.transactions.advance("r", owner="here/one")
    assert advanced.begun is not None
    assert advanced.begun.call.step == "a"
    assert [system for _, system in advanced.planned] == ["ledger"]
    assert [each.status for each in rows(engine, calls)] == ["started", "planned"]


def test_a_fork_meets_again_when_all_its_calls_are_over(engine: Engine, systems: Systems) -> None:
    start(engine, FORK, "r")
    work(errands(engine, systems), "r")
    assert status(engine, "r") == "done"
    assert len(systems["mailer"].asked) == 2


def test_a_call_of_a_system_with_limits_is_only_planned(engine: Engine, systems: Systems) -> None:
    start(engine, graph("pay", action("pay", "bank", "pay")), "r")
    work(errands(engine, systems, limited=frozenset({"bank"})), "r")
    assert [each.status for each in rows(engine, calls)] == ["planned"]
    assert systems["bank"].asked == []


def test_a_planned_call_is_begun_by_one_errand_only(engine: Engine, systems: Systems) -> None:
    start(engine, graph("pay", action("pay", "bank", "pay")), "r")
    by = errands(engine, systems, limited=frozenset({"bank"}))
    work(by, "r")
    with engine.begin() as connection:
        one = intent.begin(connection, "r", "c1", owner="here/one", at=NOON)
        two = intent.begin(connection, "r", "c1", owner="there/two", at=NOON)
    assert one is not None
    assert two is None


def test_the_outcome_that_an_errand_tells_too_late_is_dropped(
    engine: Engine, systems: Systems
) -> None:
    start(engine, graph("one", action("first")), "r")
    mine = errands(engine, systems)
    begun = mine.transactions.advance("r", owner="here/one").begun
    assert begun is not None
    theirs = errands(engine, systems, process="there")
    theirs.ready.add(CallWork("r", "c1", "here/one"))
    work(theirs, errand="two")
    assert [each.kind for each in rows(engine, tasks)] == ["doubt"]
    mine._follow("r", Advanced(begun=begun))  # noqa: SLF001
    assert status(engine, "r") == "running"
    kinds = [each.kind for each in rows(engine, journal, run="r")]
    assert "event:call-succeeded" not in kinds


def test_a_commit_of_which_nobody_heard_is_found_when_it_is_tried_again(
    engine: Engine, systems: Systems
) -> None:
    start(engine, CHAIN, "r")
    by = errands(engine, systems)
    first = by.transactions.advance("r", owner="here/one")
    again = by.transactions.advance("r", owner="here/one", again=True)
    assert again.begun == first.begun
    assert again.events == 0


@pytest.mark.parametrize("name", ["chain", "*"])
def test_while_a_procedure_is_paused_nothing_is_taken_and_nothing_is_lost(
    engine: Engine, systems: Systems, name: str
) -> None:
    start(engine, CHAIN, "r")
    with engine.begin() as connection:
        connection.execute(insert(pauses).values(name=name, by="Lena Brandt", at=NOON))
    by = errands(engine, systems)
    work(by, "r")
    assert systems["mailer"].asked == []
    assert [each.taken for each in rows(engine, mail)] == [None]
    with engine.begin() as connection:
        connection.execute(delete(pauses))
    work(by, "r")
    assert status(engine, "r") == "done"


def test_a_pause_in_the_middle_keeps_the_outcome_and_begins_no_further_call(
    engine: Engine, systems: Systems
) -> None:
    def pause() -> dict[str, str]:
        with engine.begin() as connection:
            connection.execute(insert(pauses).values(name="chain", by="Lena Brandt", at=NOON))
        return {}

    systems["mailer"].acts = [pause]
    start(engine, CHAIN, "r")
    by = errands(engine, systems)
    work(by, "r")
    assert [each.status for each in rows(engine, calls)] == ["over", "planned"]
    assert systems["ledger"].asked == []
    with engine.begin() as connection:
        connection.execute(delete(pauses))
    by.ready.add(CallWork("r", "c2"))
    work(by)
    assert status(engine, "r") == "done"


def test_a_pause_between_intent_and_call_gives_the_call_back(
    engine: Engine, systems: Systems
) -> None:
    start(engine, CHAIN, "r")
    by = errands(engine, systems)
    advanced = by.transactions.advance("r", owner="here/one")
    with engine.begin() as connection:
        connection.execute(insert(pauses).values(name="*", by="Lena Brandt", at=NOON))
    by._follow("r", replace(advanced, looked=0.0))  # noqa: SLF001
    assert [(each.status, each.owner) for each in rows(engine, calls)] == [("planned", None)]
    assert systems["mailer"].asked == []


def test_a_planned_call_of_a_run_that_is_over_is_not_made(engine: Engine, systems: Systems) -> None:
    start(engine, graph("pay", action("pay", "bank", "pay")), "r")
    by = errands(engine, systems, limited=frozenset({"bank"}))
    work(by, "r")
    tell(engine, "r", Cancelled(at=NOON, by="Lena Brandt"))
    work(by, "r")
    by.ready.add(CallWork("r", "c1"))
    work(by)
    assert status(engine, "r") == "cancelled"
    assert systems["bank"].asked == []
    assert [each.status for each in rows(engine, calls)] == ["over"]


def test_a_failure_that_is_certain_opens_a_trouble_task_and_tells_people(
    engine: Engine, systems: Systems
) -> None:
    systems["mailer"].acts = [ConnectorError(Failure.REFUSED, "the mailbox is full")]
    start(engine, CHAIN, "r")
    work(errands(engine, systems), "r")
    opened = rows(engine, tasks)
    assert [each.kind for each in opened] == ["trouble"]
    notes = [json.loads(each.content) for each in rows(engine, outbox, kind="task")]
    assert notes == [{"run": "r", "task": opened[0].task, "number": opened[0].number}]


def test_what_a_person_decided_is_taken_and_closes_the_task(
    engine: Engine, systems: Systems
) -> None:
    start(engine, graph("manual", step("do", "kind: human_task", "role: clerk")), "r")
    by = errands(engine, systems)
    work(by, "r")
    task = rows(engine, tasks)[0]
    tell(engine, "r", TaskDecided(at=NOON, task=task.task, choice="done", by="Lena Brandt"))
    work(by, "r")
    assert status(engine, "r") == "done"
    decided = rows(engine, tasks)[0]
    assert (decided.status, decided.choice, decided.decided_by) == (
        "decided",
        "done",
        "Lena Brandt",
    )


def test_a_timer_fires_once_and_never_takes_its_moment_back(
    engine: Engine, systems: Systems
) -> None:
    clock = Clock()
    start(engine, graph("late", step("w", "kind: wait", "duration: PT1H"), action("a")), "r")
    by = errands(engine, systems, now=clock)
    work(by, "r")
    due = rows(engine, timers)[0].due
    assert fire_due(engine, due - timedelta(seconds=1)) == []
    assert fire_due(engine, due + timedelta(seconds=5)) == ["r"]
    assert fire_due(engine, due + timedelta(seconds=5)) == []
    clock.at = NOON - timedelta(days=1)
    work(by, "r")
    assert status(engine, "r") == "done"
    instants = [each.at for each in rows(engine, journal, run="r")]
    assert instants == sorted(instants)
    assert instants[-1] >= due


def test_a_clock_that_jumps_back_never_takes_an_event_before_the_last_one(
    engine: Engine, systems: Systems
) -> None:
    clock = Clock()

    def back() -> dict[str, str]:
        clock.at = NOON - timedelta(days=400)
        return {}

    systems["mailer"].acts = [back]
    start(engine, CHAIN, "r")
    work(errands(engine, systems, now=clock), "r")
    assert status(engine, "r") == "done"
    instants = [each.at for each in rows(engine, journal, run="r")]
    assert instants == sorted(instants)


def test_a_called_procedure_runs_and_hands_back_its_end(engine: Engine, systems: Systems) -> None:
    text = graph(
        "outer",
        step("call", "kind: call", "procedure: inner"),
        action("after"),
        inner=[action("within", "ledger", "write")],
    )
    start(engine, text, "r")
    work(errands(engine, systems), "r")
    child = next(each for each in rows(engine, runs) if each.parent == "r")
    assert (child.status, child.name) == ("done", "outer/inner")
    assert child.graph == rows(engine, runs, id="r")[0].graph
    assert status(engine, "r") == "done"
    assert len(systems["ledger"].asked) == len(systems["mailer"].asked) == 1


def test_a_call_of_a_procedure_that_is_not_deployed_fails_in_the_caller(
    engine: Engine, systems: Systems
) -> None:
    start(engine, graph("outer", step("call", "kind: call", "file: other.sop.yaml")), "r")
    work(errands(engine, systems), "r")
    assert [each.kind for each in rows(engine, tasks)] == ["trouble"]


def test_a_run_in_the_shadow_calls_shadows_only(engine: Engine, systems: Systems) -> None:
    text = graph("outer", step("call", "kind: call", "procedure: inner"), inner=[action("within")])
    start(engine, text, "r", mode=Mode.SHADOW)
    work(errands(engine, systems), "r")
    assert {each.mode for each in rows(engine, runs)} == {"shadow"}
    assert systems["mailer"].asked == []


def test_a_run_that_moves_goes_on_under_the_other_graph(engine: Engine, systems: Systems) -> None:
    start(engine, graph("late", step("w", "kind: wait", "duration: PT1H"), action("a")), "r")
    by = errands(engine, systems)
    work(by, "r")
    other = graph("late", step("w", "kind: wait", "duration: PT1H"), action("b"))
    with engine.begin() as connection:
        keep(connection, kind="graph", text=other, digest="other")
    moved = Moved(at=NOON, graph="other", organization="organization", by="Lena Brandt")
    tell(engine, "r", moved)
    work(by, "r")
    assert rows(engine, runs, id="r")[0].graph == "other"
    fire_due(engine, NOON + timedelta(hours=2))
    work(by, "r")
    assert status(engine, "r") == "done"
    assert [each.key for each in systems["mailer"].asked] == ["r/b/c1"]


def test_an_event_that_breaks_the_interpreter_is_kept_and_tried_later(
    engine: Engine, systems: Systems, caplog: pytest.LogCaptureFixture
) -> None:
    broken = SimpleNamespace(start=core.start, advance=_broken)
    start(engine, CHAIN, "r")
    by = errands(engine, systems, interpreter=broken)
    with caplog.at_level(logging.ERROR):
        work(by, "r")
    assert "run `r` cannot go on" in caplog.text
    # What the system did is kept as mail, so that it is not asked again.
    assert [each.key for each in rows(engine, mail) if each.taken is None] == ["outcome:c1"]
    repaired = errands(engine, systems)
    work(repaired, "r")
    assert status(engine, "r") == "done"
    assert len(systems["mailer"].asked) == 2


def _broken(*_: object) -> None:
    raise RuntimeError("a mistake")


def test_a_worker_that_drains_begins_no_further_call(engine: Engine, systems: Systems) -> None:
    start(engine, CHAIN, "r")
    by = errands(engine, systems)

    def drain() -> dict[str, str]:
        by.draining.set()
        return {}

    systems["mailer"].acts = [drain]
    work(by, "r")
    assert [each.status for each in rows(engine, calls)] == ["over", "planned"]
    assert systems["ledger"].asked == []
