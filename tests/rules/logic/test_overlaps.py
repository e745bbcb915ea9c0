"""Branches that hold at the same time, conditions that imply each other, and idle conditions."""

import pytest

from sopc.graph import DataField, DataType
from sopc.rules.logic import (
    Undecided,
    Witness,
    always,
    exclusive,
    implies,
    overlaps,
    together,
)

FIELDS: dict[str, DataField | DataType] = {
    "amount": DataField(name="amount", type=DataType.MONEY, currency="USD"),
    "count": DataType.INTEGER,
    "stock": DataType.INTEGER,
    "share": DataType.NUMBER,
    "country": DataField(name="country", type=DataType.ENUM, values=("DE", "FR", "US")),
    "name": DataType.STRING,
    "urgent": DataType.BOOLEAN,
    "due": DataType.DATE,
}


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        (["amount >= 50000", "amount <= 50000"], [(0, 1, "amount is exactly 500.00 USD")]),
        (["amount > 50000", "amount <= 50000"], []),
        (["count > 5", "count > 9", "count < 2"], [(0, 1, "count is at least 10")]),
        (["share >= 0.5", "share <= 0.5"], [(0, 1, "share is exactly 0.5")]),
        (["share > 0.5", "share <= 0.5"], []),
        (
            ["country in ['DE', 'FR']", "country in ['FR', 'US']", "country == 'US'"],
            [(0, 1, "country is `FR`"), (1, 2, "country is `US`")],
        ),
        (["urgent", "count > 5"], [(0, 1, "urgent is true and count is at least 6")]),
        (["count >= stock", "count <= stock"], [(0, 1, "count equals stock")]),
        (["name == 'a'", "name == 'b'"], []),
        (["name == 'a'", "name != 'b'"], [(0, 1, "name is `a`")]),
        (["name.matches('a')", "!name.matches('a')"], []),
        (["count >", "true", "urgent"], [(1, 2, "urgent is true")]),
    ],
)
def test_overlapping_branches_are_found(
    branches: list[str], expected: list[tuple[int, int, str]]
) -> None:
    """Each pair comes with values for which both hold."""
    found = overlaps(branches, FIELDS)
    assert [(each.first, each.second, each.witness.words) for each in found] == expected
    assert exclusive(branches, FIELDS) is (expected == [])


def test_branches_overlap_only_where_what_is_given_holds() -> None:
    """Here both would hold above 9 alone."""
    assert overlaps(["count > 5", "count > 9"], FIELDS, ["count < 9"]) == []


@pytest.mark.parametrize(
    ("cel", "expected"),
    [
        ("count > 5 || count <= 5", True),
        ("count > 5 && count < 6", False),
        ("count > 5", None),
        ("share > 5.0 && share < 6.0", None),
        ("name == 'a' && name == 'b'", False),
        ("country != 'US' || country != 'FR'", True),
        ("country == 'XX'", False),
        ("true", True),
        ("1 > 2", False),
        ("count > stock || stock >= count", True),
        ("size(name) < 0", False),
        ("size(name) >= 0", True),
        ("count * stock > 3 || count * stock <= 3", True),
        ("count * stock > 3", None),
        ("due.getFullYear() > 2026", None),
        ("count >", None),
        ("'a'", None),
    ],
)
def test_idle_conditions_are_found(cel: str, expected: bool | None) -> None:  # noqa: FBT001
    """A condition that never changes anything is no condition."""
    assert always(cel, FIELDS) is expected


def test_idle_conditions_may_hang_on_what_is_given() -> None:
    """What can never be given makes nothing idle."""
    assert always("count > 5", FIELDS, ["count > 9"]) is True
    assert always("count > 5", FIELDS, ["count < 3"]) is False
    assert always("count > 5", FIELDS, ["count < 3", "count > 3"]) is None


@pytest.mark.parametrize(
    ("conditions", "conclusion", "expected"),
    [
        (["count > 9"], "count > 5", True),
        (["count > 5"], "count > 9", False),
        (["count > stock", "stock > 3"], "count > 4", True),
        (["count > stock", "stock > 3"], "count > 5", False),
        (["country != 'DE'", "country != 'FR'"], "country == 'US'", True),
        (["name.matches('a') && urgent"], "name.matches('a')", True),
        (["name.matches('ab')"], "name.matches('a')", False),
        (["count >"], "urgent", False),
    ],
)
def test_implied_conditions_are_proven(
    conditions: list[str],
    conclusion: str,
    expected: bool,  # noqa: FBT001
) -> None:
    """What cannot be proven is not implied."""
    assert implies(conditions, conclusion, FIELDS) is expected


def test_conditions_hold_together() -> None:
    """Values for all of them, none when they exclude each other."""
    found = together(["count > 5", "count < 7"], FIELDS)
    assert isinstance(found, Witness)
    assert found.words == "count is exactly 6"
    assert together(["count > 5", "count < 6"], FIELDS) is None
    assert together([], FIELDS) == Witness("", "", (), {}, sure=True)
    assert isinstance(together(["count >"], FIELDS), Undecided)
