"""Thresholds of conditions: figures that become CEL, and words that refuse to."""

import pytest

from sopc.graph import DataType
from sopc_compiler.language.threshold import threshold


@pytest.mark.parametrize(
    ("words", "cel", "currency"),
    [
        ("the refund amount is over $500", "refund_amount > 50000", "USD"),
        ("if the order is at least €1,000", "order >= 100000", "EUR"),
        ("for purchases under $10,000", "purchases < 1000000", "USD"),
        ("if the cost exceeds $2.5k", "amount > 250000", "USD"),
        ("more than £99.99", "amount > 9999", "GBP"),
        ("amounts greater than 20 CHF", "amounts > 2000", "CHF"),
        ("if the total is over 5000 dollars", "total > 500000", "USD"),
        ("up to ¥5000", "amount <= 5000", "JPY"),
        ("$500 or more", "amount >= 50000", "USD"),
        ("invoices of $500 or less", "invoices <= 50000", "USD"),
    ],
)
def test_money(words: str, cel: str, currency: str) -> None:
    """An amount of money is compared in minor units, under a name of the condition's own words."""
    found = threshold(words)
    assert found is not None
    assert found.cel == cel
    assert found.field.name == cel.partition(" ")[0]
    assert (found.field.type, found.field.currency) == (DataType.MONEY, currency)


@pytest.mark.parametrize(
    ("words", "cel"),
    [
        ("if more than 30 days overdue", "days_overdue > 30"),
        ("if it is at least 2 weeks late", "weeks_late >= 2"),
        ("over 1 month past due", "months_past_due > 1"),
    ],
)
def test_lateness(words: str, cel: str) -> None:
    """A number of days overdue is an integer without a currency."""
    found = threshold(words)
    assert found is not None
    assert found.cel == cel
    assert (found.field.type, found.field.currency) == (DataType.INTEGER, None)


@pytest.mark.parametrize(
    ("words", "cel"),
    [
        ("over $500 and up to $2,000", "amount > 50000 && amount <= 200000"),
        ("orders of at least $100 but under $900", "orders >= 10000 && orders < 90000"),
    ],
)
def test_ranges(words: str, cel: str) -> None:
    """Two bounds of one value join, under the first bound's name."""
    found = threshold(words)
    assert found is not None
    assert found.cel == cel


def test_unless() -> None:
    """A condition with "unless" is the comparison's opposite."""
    found = threshold("unless the amount is under $50")
    assert found is not None
    assert found.cel == "!(amount < 5000)"


def test_unless_with_a_range() -> None:
    """Of a range with "unless" the whole is negated."""
    found = threshold("unless the refund is over $500 and under $900")
    assert found is not None
    assert found.cel == "!(refund > 50000 && refund < 90000)"


@pytest.mark.parametrize(
    "words",
    [
        "if the client agrees",
        "if the order is over $500 and the client agrees",
        "if the client agrees and the order is over $500",
        "over $500 per month",
        "exactly $500",
        "between $500 and $1,000",
        "over $500 and under €2,000",
        "",
    ],
)
def test_refusals(words: str) -> None:
    """A condition that says more than its figures, or mixes currencies, is left in words."""
    assert threshold(words) is None
