"""Runs that are moved to another version, in a database."""

from pathlib import Path

import pytest
from sqlalchemy import select

from runtime.modes.refund import GRAPH, Office, signed
from sopc.errors import UsageError
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.state import STATE, RunState
from sopc_runtime.deployment.moving import Move, move
from sopc_runtime.driver.replay import replay
from sopc_runtime.store.run_start import version
from sopc_runtime.store.tables import runs

LATER = GRAPH.replace("title: Tell the customer", "title: Write to the customer")


def moved(office: Office, run: str, *, dry: bool = False) -> Move:
    with office.engine.begin() as connection:
        to = version(connection, "refunds")
        return move(connection, run, to, by="Ana", now=office.now, dry=dry)


def test_a_moved_run_goes_on_under_the_new_version_and_can_be_replayed(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    office.start("a")
    [done] = office.deploy(signed(LATER)).procedures
    assert moved(office, "a", dry=True).possible
    assert not moved(office, "a", dry=True).already
    assert moved(office, "a").possible
    office.work()
    assert moved(office, "a").already
    office.decide("a", "approve")
    office.decide("a", "approve")
    with office.engine.begin() as connection:
        row = connection.execute(select(runs)).one()
        assert (row.graph, row.status) == (done.graph, "done")
        result = replay(connection, "a")
    assert result.same, result.difference
    assert len(office.acted) == 2


@pytest.mark.parametrize(
    ("later", "mode"),
    [(signed(LATER), Mode.ASSIST), (LATER, Mode.SHADOW)],
    ids=["signed", "unsigned"],
)
def test_a_moved_run_acts_no_further_than_its_new_version_may(
    tmp_path: Path, later: str, mode: Mode
) -> None:
    """What nobody has signed is not acted on alone, by whichever way a run came to it."""
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    office.start("a")
    office.deploy(later)
    assert bool(moved(office, "a", dry=True).remarks) is (mode is Mode.SHADOW)
    assert moved(office, "a").possible
    office.work()
    assert _state(office).mode is mode


def test_a_run_that_has_mail_is_not_moved(tmp_path: Path) -> None:
    """Nobody knows yet where it will stand."""
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    office.start("a")
    office.deploy(signed(LATER))
    moved(office, "a")
    [reason] = moved(office, "a").reasons
    assert str(reason).startswith("`mail`: an event waits to be taken")
    office.work()
    assert moved(office, "a").already


def test_a_run_that_cannot_be_moved_is_left_alone(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    office.start("a")
    before = _state(office)
    office.deploy(signed(GRAPH.replace("cel: amount}", "cel: amount + 1}")))
    assert [str(each) for each in moved(office, "a").reasons] == [
        "step `pay-back`, `inputs`: it changed, and the step is waiting for an approval"
    ]
    office.work()
    assert _state(office) == before


def test_an_ended_run_is_not_moved(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy()
    office.start("a")
    with pytest.raises(UsageError, match="has ended already: done"):
        moved(office, "a")
    with pytest.raises(UsageError, match="there is no run `aa`"):
        moved(office, "aa")


def _state(office: Office) -> RunState:
    with office.engine.begin() as connection:
        return STATE.validate_json(connection.execute(select(runs.c.state)).scalar_one())
