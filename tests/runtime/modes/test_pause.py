"""The kill switch: at once, and nothing lost."""

from pathlib import Path

import pytest
from sqlalchemy import select

from runtime.modes.refund import GRAPH, Office, signed
from sopc.errors import UsageError
from sopc_runtime.core.mode import Mode
from sopc_runtime.driver.pause import is_paused
from sopc_runtime.modes.pause import ALL, pause, paused_ones, resume
from sopc_runtime.store.tables import journal


def paused(office: Office, name: str) -> bool:
    with office.engine.begin() as connection:
        return pause(connection, name, by="Grace Okafor", reason="odd figures", now=office.now)


def resumed(office: Office, name: str) -> None:
    with office.engine.begin() as connection:
        resume(connection, name, by="Grace Okafor", now=office.now)


def held(office: Office) -> bool:
    """Tell whether workers hold the procedure's runs."""
    with office.engine.begin() as connection:
        return is_paused(connection, "refunds")


@pytest.mark.parametrize("name", ["refunds", ALL])
def test_workers_hold_what_is_paused_until_it_is_resumed(tmp_path: Path, name: str) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    assert paused(office, name)
    assert held(office)
    assert not paused(office, name)
    resumed(office, name)
    assert not held(office)
    with office.engine.begin() as connection:
        kinds = select(journal.c.kind, journal.c.step, journal.c.actor).where(
            journal.c.kind.in_(["paused", "resumed"])
        )
        told = [tuple(row) for row in connection.execute(kinds.order_by(journal.c.seq))]
    assert told == [(kind, name, "Grace Okafor") for kind in ("paused", "paused", "resumed")]


def test_a_pause_of_all_and_one_by_name_end_each_by_itself(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy()
    paused(office, ALL)
    with pytest.raises(UsageError, match="`refunds` is not paused") as refused:
        resumed(office, "refunds")
    assert "--all" in str(refused.value.hint)
    paused(office, "refunds")
    resumed(office, ALL)
    assert held(office)
    with office.engine.begin() as connection:
        [left] = paused_ones(connection)
    assert (left.name, left.by, left.reason) == ("refunds", "Grace Okafor", "odd figures")


def test_what_nobody_knows_cannot_be_paused(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy()
    with pytest.raises(UsageError, match="no procedure `refund` is deployed") as refused:
        paused(office, "refund")
    assert refused.value.hint == "did you mean `refunds`"
