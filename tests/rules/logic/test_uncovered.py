"""The value that falls through is found, and named in words of its type."""

import pytest

from sopc.graph import DataField, DataType
from sopc.rules.logic import Undecided, Witness, uncovered

FIELDS: dict[str, DataField | DataType] = {
    "amount": DataField(name="amount", type=DataType.MONEY, currency="USD"),
    "limit": DataField(name="limit", type=DataType.MONEY, currency="USD"),
    "price": DataField(name="price", type=DataType.MONEY, currency="JPY"),
    "count": DataType.INTEGER,
    "stock": DataType.INTEGER,
    "share": DataType.NUMBER,
    "rate": DataType.NUMBER,
    "country": DataField(name="country", type=DataType.ENUM, values=("DE", "FR", "US")),
    "name": DataType.STRING,
    "alias": DataType.STRING,
    "urgent": DataType.BOOLEAN,
    "vip": DataType.BOOLEAN,
    "due": DataType.DATE,
    "start": DataType.DATE,
    "seen": DataType.TIMESTAMP,
    "age": DataType.DURATION,
    "lines": DataField(name="lines", type=DataType.LIST, items=DataType.STRING),
    "anything": DataType.OBJECT,
    "order": DataField(
        name="order",
        type=DataType.OBJECT,
        fields=(
            DataField(name="total", type=DataType.MONEY, currency="EUR"),
            DataField(name="placed", type=DataType.DATE),
        ),
    ),
}


@pytest.mark.parametrize(
    ("branches", "words"),
    [
        (["amount > 50000", "amount < 50000"], "amount is exactly 500.00 USD"),
        (["amount <= 500", "amount >= 1000"], "amount is between 5.01 USD and 9.99 USD"),
        (["amount <= 50000"], "amount is at least 500.01 USD"),
        (["amount >= 0"], "amount is negative"),
        (["price > 500", "price < 500"], "price is exactly 500 JPY"),
        (["count > 500", "count < 500"], "count is exactly 500"),
        (["count > 500", "count < 499"], "count is between 499 and 500"),
        (["count > -5"], "count is at most -5"),
        (["count != 7"], "count is exactly 7"),
        (["count + 2 > 7", "count < 5"], "count is exactly 5"),
        (["3 * count > 7", "count < 2"], "count is exactly 2"),
        (["5 < count", "!(count >= 5)"], "count is exactly 5"),
        (["count in [1, 2]", "count < 1", "count > 3"], "count is exactly 3"),
        (["double(count) > 0.5", "count < 0"], "count is exactly 0"),
        (["share > 0.5", "share < 0.5"], "share is exactly 0.5"),
        (["share > 0.7", "share < 0.5"], "share is between 0.5 and 0.7"),
        (["share > 0.1", "share <= 0.0"], "share is above 0 and at most 0.1"),
        (["share <= 0.25"], "share is above 0.25"),
        (["share * 2.0 >= 1.0"], "share is below 0.5"),
        (["country == 'DE'"], "country is `FR` or `US`"),
        (["country in ['DE', 'US']"], "country is `FR`"),
        (["country == 'DE' && urgent", "!urgent"], "country is `FR` or `US` and urgent is true"),
        (["country == 'XX'"], ""),
        ([], ""),
        (["name == 'a'", "name == 'b'"], "name is neither `a` nor `b`"),
        (["name == 'a'"], "name is not `a`"),
        (["name != 'a'"], "name is `a`"),
        (["urgent"], "urgent is false"),
        (
            ["urgent && amount > 50000", "!urgent"],
            "urgent is true and amount is at most 500.00 USD",
        ),
        (["urgent == vip"], "urgent is false and vip is true"),
        (["urgent ? count > 5 : count > 6", "count < 6"], "count is exactly 6 and urgent is false"),
        (["(urgent ? 5 : 6) < count", "count < 6"], "count is exactly 6 and urgent is false"),
        (
            ["due > timestamp('2026-01-31T00:00:00Z')", "due < timestamp('2026-01-31T00:00:00Z')"],
            "due is 2026-01-31",
        ),
        (["due > timestamp('2026-01-31T12:00:00Z')"], "due is 2026-01-31 or earlier"),
        (["seen <= timestamp('2026-01-31T12:00:00Z')"], "seen is after 2026-01-31T12:00:00Z"),
        (["seen >= timestamp('2026-01-31T12:00:00Z')"], "seen is before 2026-01-31T12:00:00Z"),
        (["age > duration('48h')", "age < duration('48h')"], "age is exactly 2 days"),
        (["age <= duration('90m')"], "age is above 90 minutes"),
        (["count > stock", "count < stock"], "count equals stock"),
        (["amount > limit"], "amount equals limit"),
        (["name != alias"], "name equals alias"),
        (["share > rate", "share < rate"], "share equals rate"),
        (["count + stock > 10", "count + stock < 9"], "count is 8 and stock is 1"),
        (
            ["due - start > duration('240h')", "due <= start"],
            "due is 2026-01-02 and start is 2026-01-01",
        ),
        (["size(lines) > 3", "size(lines) < 3"], "size(lines) is exactly 3"),
        (["lines.size() > 0"], "size(lines) is exactly 0"),
        (["order.total > 500", "order.total < 500"], "order.total is exactly 5.00 EUR"),
        (
            ["timestamp(order.placed) > timestamp('2026-01-31T00:00:00Z')"],
            "order.placed is 2026-01-31 or earlier",
        ),
        (["count > 5 && stock > 5", "count <= 5"], "count is at least 6 and stock is at most 5"),
        (["name == '\\n`'", "name != '\\n`'", "false"], None),
        (["name != 'a\\nb'"], "name is `a\\nb`"),
    ],
)
def test_what_falls_through_is_named(branches: list[str], words: str | None) -> None:
    """Each type says its value in its own way."""
    found = uncovered(branches, FIELDS)
    if words is None:
        assert found is None
    else:
        assert isinstance(found, Witness)
        assert found.words == words
        assert found.sure


@pytest.mark.parametrize(
    "branches",
    [
        ["amount > 50000", "amount <= 50000"],
        ["amount > 500", "amount <= 499", "amount == 500"],
        ["count >= 50000", "count <= 49999"],
        ["2 * count > 7", "2 * count < 8"],
        ["double(count) > 5.5", "double(count) < 5.5"],
        ["share > 0.1", "share <= 0.1"],
        ["country == 'DE'", "country in ['US', 'FR']"],
        ["urgent", "!urgent && count > 5", "count <= 5"],
        ["name == 'a'", "name != 'a'"],
        ["count > stock", "stock > count", "stock == count"],
        ["due < timestamp('2026-01-31T00:00:00Z')", "due > timestamp('2026-01-30T00:00:00Z')"],
        ["size(lines) > 0", "size(lines) == 0"],
        ["name.startsWith('a')", "!name.startsWith('a')"],
        ["anything.x > 500", "500 >= anything.x"],
        ["anything.x == 'a'", "anything.x != 'a'"],
        ["lines.exists(l, l == 'a') || count > 2", "!lines.exists(l, l == 'a') || count <= 2"],
        ["unheard.of > 5", "unheard.of <= 5"],
        ["count % 2 == 0", "count % 2 != 0"],
    ],
)
def test_what_is_complete_has_no_witness(branches: list[str]) -> None:
    """Also where a term cannot be looked into, as long as it is the same term."""
    assert uncovered(branches, FIELDS) is None


@pytest.mark.parametrize(
    "branches",
    [
        ["name.startsWith('a')"],
        ["count % 2 == 0"],
        ["count * stock > 3"],
        ["anything.x > 500", "anything.x < 500"],
        ["unheard.of > 500 && count > 5"],
        ["size(name) > 3", "name == 'text'"],
    ],
)
def test_what_cannot_be_looked_into_is_not_sure(branches: list[str]) -> None:
    """A witness that hangs on such a term may not exist."""
    found = uncovered(branches, FIELDS)
    assert isinstance(found, Witness)
    assert not found.sure


def test_what_does_not_matter_leaves_a_witness_sure() -> None:
    """The opaque term is not asked for where the known one decides."""
    found = uncovered(["count > 5 && name.startsWith('a')"], FIELDS)
    assert isinstance(found, Witness)
    assert (found.words, found.sure, found.names) == ("count is at most 5", True, ("count",))


@pytest.mark.parametrize(
    ("branches", "reason"),
    [
        (["count >"], "`count >` cannot be evaluated"),
        (["count > 5.5"], "`count > 5.5` cannot be evaluated"),
        (["count"], "`count` cannot be evaluated"),
        (["2 * count > 3 * stock", "2 * count < 3 * stock"], "its sums are too involved"),
        (
            ["due != timestamp('9999-12-31T00:00:00Z') + duration('24h')"],
            "the values are out of range",
        ),
        (["count <= 9223372036854775807"], "the values are out of range"),
    ],
)
def test_what_cannot_be_decided_says_why(branches: list[str], reason: str) -> None:
    """There is no answer rather than a wrong one."""
    assert uncovered(branches, FIELDS) == Undecided(reason)


def test_what_is_given_holds() -> None:
    """A witness keeps to what is known to hold before."""
    given = ["amount >= 0", "amount <= 100"]
    found = uncovered(["amount > 0"], FIELDS, given)
    assert isinstance(found, Witness)
    assert found.words == "amount is exactly 0.00 USD"
    assert uncovered(["amount > -1"], FIELDS, given) is None


def test_a_witness_gives_data() -> None:
    """Data has usual values where any will do, and CEL has the expressions' own units."""
    found = uncovered(["amount > 50000 || urgent && count > 5"], FIELDS)
    assert isinstance(found, Witness)
    assert found.data == {"amount": 50000, "urgent": False, "count": 1}
    assert found.cel == "amount == 50000 && !urgent"


@pytest.mark.parametrize(
    ("branches", "cel"),
    [
        (["share > 0.5", "share < 0.5"], "share == 0.5"),
        (["name != 'a\"'"], 'name == "a\\""'),
        (["age != duration('90s')"], 'age == duration("90s")'),
        (
            ["due != timestamp('2026-01-31T00:00:00Z')"],
            'due == timestamp("2026-01-31T00:00:00Z")',
        ),
    ],
)
def test_values_are_written_as_cel(branches: list[str], cel: str) -> None:
    """What is said in CEL contradicts every branch."""
    found = uncovered(branches, FIELDS)
    assert isinstance(found, Witness)
    assert found.cel == cel
