"""Calls that are not made any more: their intent is committed, and nobody asks for them."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, insert

from runtime.driver.driven import (
    NOON,
    Systems,
    action,
    errands,
    graph,
    rows,
    start,
    status,
    tell,
    work,
)
from sopc_runtime.core.event import Cancelled, ModeChanged
from sopc_runtime.core.mode import Mode
from sopc_runtime.driver.ready import CallWork, RunWork, Work
from sopc_runtime.driver.replay import replay
from sopc_runtime.journal.verify import verify
from sopc_runtime.store.tables import calls, journal, pauses, runs

CHAIN = graph("chain", action("first"), action("second", "ledger", "write"))


@pytest.mark.parametrize("work_left", [RunWork("r"), CallWork("r", "c1")])
def test_a_pause_that_came_while_nobody_knew_of_a_commit_gives_the_call_back(
    engine: Engine, systems: Systems, monkeypatch: pytest.MonkeyPatch, work_left: Work
) -> None:
    start(engine, CHAIN, "r")
    by = errands(engine, systems)
    if isinstance(work_left, CallWork):
        by.transactions.advance("r", owner="here/one", begins=False)

    def twice(work: Callable[[bool], object]) -> object:
        work(False)
        if not rows(engine, pauses):
            with engine.begin() as connection:
                connection.execute(insert(pauses).values(name="*", by="Lena Brandt", at=NOON))
        return work(True)

    monkeypatch.setattr(by.patience, "persist", twice)
    by.ready.add(work_left)
    work(by)
    assert [(each.status, each.owner) for each in rows(engine, calls)] == [("planned", None)]
    assert systems["mailer"].asked == []


@pytest.mark.parametrize("asked", [0, 1])
def test_a_call_that_is_wanted_in_the_commit_that_cancels_the_run_is_not_made(
    engine: Engine, systems: Systems, asked: int
) -> None:
    def cancel() -> dict[str, str]:
        tell(engine, "r", Cancelled(at=NOON, by="Lena Brandt"))
        return {}

    start(engine, CHAIN, "r")
    if asked:
        systems["mailer"].acts = [cancel]
    else:
        cancel()
    work(errands(engine, systems), "r")
    assert status(engine, "r") == "cancelled"
    assert (len(systems["mailer"].asked), systems["ledger"].asked) == (asked, [])
    assert {each.status for each in rows(engine, calls)} == {"over"}
    assert verify(engine).breaks == []


@pytest.mark.parametrize("asked", [0, 1])
def test_a_run_that_is_demoted_to_shadow_begins_nothing_more(
    engine: Engine, systems: Systems, asked: int
) -> None:
    """Not before its start is taken, and not in the commit that takes the last outcome."""

    def demote() -> dict[str, str]:
        tell(engine, "r", ModeChanged(at=NOON, mode=Mode.SHADOW, by="Lena Brandt"))
        return {}

    start(engine, CHAIN, "r")
    if asked:
        systems["mailer"].acts = [demote]
    else:
        demote()
    by = errands(engine, systems)
    work(by, "r")
    assert (len(systems["mailer"].asked), systems["ledger"].asked) == (asked, [])
    [row] = rows(engine, runs)
    assert row.mode == "shadow"
    with engine.connect() as connection:
        assert replay(connection, "r").difference is None


def test_a_call_that_waited_in_a_queue_is_not_made_after_a_demotion_to_shadow(
    engine: Engine, systems: Systems
) -> None:
    start(engine, CHAIN, "r")
    by = errands(engine, systems, limited=frozenset({"mailer"}))
    work(by, "r")
    [planned] = rows(engine, calls)
    tell(engine, "r", ModeChanged(at=NOON, mode=Mode.SHADOW, by="Lena Brandt"))
    work(by, "r", errand="two")
    by.work_queued("three", "r", planned.call)
    assert systems["mailer"].asked == []
    assert [each.status for each in rows(engine, calls, call=planned.call)] == ["over"]
    [failed] = rows(engine, journal, kind="event:call-failed")
    assert "only shadows by now" in failed.data
    assert verify(engine).breaks == []
