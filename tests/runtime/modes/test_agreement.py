"""What decisions say of the program, counted."""

from pathlib import Path

import pytest
from sqlalchemy import select

from runtime.modes.refund import GRAPH, Office, changed, signed
from sopc_runtime.core.mode import Mode
from sopc_runtime.deployment.version import deployed_version
from sopc_runtime.modes.agreement import Count, Measured, measure
from sopc_runtime.store.tables import agreements


def measured(office: Office) -> Measured:
    with office.engine.begin() as connection:
        version = deployed_version(connection, "refunds")
        return measure(connection, name="refunds", program=version.program)


def sources(office: Office) -> list[tuple[str, str, bool]]:
    with office.engine.begin() as connection:
        rows = connection.execute(select(agreements).order_by(agreements.c.number))
        return [(row.step, row.source, row.agreed) for row in rows]


def test_in_shadow_people_say_whether_they_did_the_same(tmp_path: Path) -> None:
    """Nothing is done; what is compared after the end of the run counts as well."""
    office = Office.at(tmp_path)
    office.deploy()
    office.start("a")
    office.decide("a", "same", "pay-back")
    office.decide("a", "different", "tell-customer")
    assert office.acted == []
    assert sources(office) == [("pay-back", "shadow", True), ("tell-customer", "shadow", False)]
    assert measured(office).steps == {"pay-back": Count(1, 1), "tell-customer": Count(1, 0)}
    assert measured(office).acting == ("pay-back", "tell-customer")


@pytest.mark.parametrize(
    ("choice", "values", "agreed"),
    [
        ("approve", {}, True),
        ("approve", {"amount": 500}, True),
        ("approve", {"amount": 400}, False),
        ("reject", {}, False),
        ("by-hand", {}, False),
    ],
)
def test_in_assist_only_an_act_approved_as_it_is_agrees(
    tmp_path: Path, *, choice: str, values: dict[str, int], agreed: bool
) -> None:
    """Changed, rejected or done by hand, it is none that the program would have done alone."""
    office = Office.at(tmp_path)
    office.deploy(signed(GRAPH), mode=Mode.ASSIST)
    office.start("a")
    office.decide("a", choice, **values)
    assert sources(office)[0] == ("pay-back", "assist", agreed)


def test_a_decision_told_twice_counts_once(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy()
    office.start("a")
    office.decide("a", "same", "pay-back")
    with pytest.raises(AssertionError, match="no open task"):
        office.decide("a", "same", "pay-back")
    assert measured(office).all == Count(1, 1)


def test_another_version_counts_only_if_it_does_the_same(tmp_path: Path) -> None:
    """A new title of the document keeps what was measured; another operation does not."""
    office = Office.at(tmp_path)
    office.deploy()
    office.start("a")
    office.decide("a", "same", "pay-back")
    office.deploy(changed(GRAPH, lambda _: {"title": "Paying back"}))
    assert measured(office).all == Count(1, 1)
    office.deploy(GRAPH.replace("operation: refund", "operation: message"))
    assert measured(office).all == Count(0, 0)


def test_a_step_that_only_reads_is_never_compared(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.deploy()
    office.start("a")
    assert "look-up" not in measured(office).steps
