"""Whom words of the prose address."""

import pytest

from sopc.rules.prose.addressee import is_noticed, is_progress, is_unaddressed


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Customers must be told", True),
        ("The invoice is then sent to the client", True),
        ("A copy should be kept in the archive", True),
        ("All parcels are quickly weighed by noon", True),
        ("The discount is approved by the sales lead", False),
        ("Notify the clients", False),
        ("Send the offer that was agreed", False),
        ("Weigh the parcel by hand", False),
        ("Be ready at nine", False),
    ],
)
def test_an_act_in_the_passive_voice_asks_nobody(title: str, expected: bool) -> None:  # noqa: FBT001
    """Unless it says by whom it is done."""
    assert is_unaddressed(title) is expected


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("when a new client is onboarded", False),
        ("As soon as an order comes in", False),
        ("upon receipt of the goods", False),
        ("each time stock runs out", False),
        ("if the courier does not come", True),
        ("in case of fire", True),
        ("when you need a day off", True),
        ("Once they have signed", True),
    ],
)
def test_a_case_is_noticed_by_those_who_work_on_it(clause: str, expected: bool) -> None:  # noqa: FBT001
    """An event is not: somebody or something has to watch for it."""
    assert is_noticed(clause) is expected


def test_what_follows_earlier_work_is_progress() -> None:
    """Whoever ends the one can start the other."""
    assert is_progress("Once the order has been checked")
    assert is_progress("after the parcel is weighed")
    assert not is_progress("when the parcel is weighed")
