"""A process that was frozen does nothing that others took over meanwhile."""

import math
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.driver.driven import (
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
from sopc_runtime.core.decision import Call
from sopc_runtime.driver.carrying import Carrier, LateError
from sopc_runtime.driver.ready import CallWork
from sopc_runtime.store.tables import calls, tasks

ONE = graph("one", action("first"))
ACT = Call(id="c1", step="s", system="mailer", operation="send", key="r/s/c1")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return database(tmp_path)


@pytest.fixture
def systems() -> Systems:
    return Systems()


def test_a_system_is_not_asked_when_it_is_too_late(systems: Systems) -> None:
    carrier = Carrier(systems.pool)
    with pytest.raises(LateError):
        carrier.perform(ACT, until=time.monotonic())
    assert systems["mailer"].asked == []
    carrier.perform(ACT, until=time.monotonic() + 60)
    assert len(systems["mailer"].asked) == 1


def test_what_a_system_says_did_not_happen_is_not_done_when_it_is_too_late(
    systems: Systems,
) -> None:
    systems["mailer"].looked_up = [None]
    with pytest.raises(LateError):
        Carrier(systems.pool).recover(ACT, until=time.monotonic())
    assert systems["mailer"].asked == []


def test_a_call_that_was_taken_over_while_its_process_was_frozen_is_left_alone(
    engine: Engine, systems: Systems
) -> None:
    frozen: list[float] = []

    def sure_until() -> float:
        if not frozen:
            # The process stops here, right before it asks, and others take over.
            frozen.append(0.0)
            theirs = errands(engine, systems, process="there")
            theirs.ready.add(CallWork("r", "c1", "here/errand"))
            work(theirs, errand="two")
            return time.monotonic() + 0.02
        return math.inf

    start(engine, ONE, "r")
    mine = errands(engine, systems, sure_until=sure_until)
    asked = systems.make(systems.organization.systems[0], systems.organization)
    mine.carrier.pool._make = _slowly(asked)
    work(mine, "r")
    assert systems["mailer"].asked == []
    assert [each.kind for each in rows(engine, tasks)] == ["doubt"]
    assert [each.status for each in rows(engine, calls)] == ["over"]


def test_a_call_that_nobody_took_over_meanwhile_is_carried_out_once(
    engine: Engine, systems: Systems
) -> None:
    told = iter([time.monotonic(), time.monotonic(), math.inf])
    start(engine, ONE, "r")
    work(errands(engine, systems, sure_until=lambda: next(told, math.inf)), "r")
    assert status(engine, "r") == "done"
    assert len(systems["mailer"].asked) == 1


def _slowly(connector: object) -> object:
    def make(*_: object) -> object:
        time.sleep(0.05)
        return connector

    return make
