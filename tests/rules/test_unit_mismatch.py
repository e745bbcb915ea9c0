"""Amounts and times that are not in the same unit: edges of SOP805."""

from textwrap import indent

import pytest

from rules.data_graphs import HEAD, an_act, found_in, given, mended_by, told


@pytest.mark.parametrize(
    ("cel", "says", "message"),
    [
        ("amount > 500", "over $500", "is 5.00 USD, but the words say `$500`"),
        ("amount > 5000", "over $5k", "is 50.00 USD, but the words say `$5k`"),
        ("amount > 50000", "over €500", "the words say `€500`, but `amount` is in USD"),
        ("amount > 60000", "over 500 dollars", "is 600.00 USD, but the words say `500 dollars`"),
        ("days_late > 2", "more than 2 weeks late", "is 2 days, but the words say `2 weeks`"),
        ("amount > 500", "if it is over 500", "is 5.00 USD, but the words say `500`"),
        ("amount > 1500", "over 1,500, or so", "is 15.00 USD, but the words say `1,500`"),
        ("amount > order.total", "so", "compares `amount` in USD and `order.total` in EUR"),
        ("amount > days_late", "so", "compares `amount` in USD and `days_late` in days"),
    ],
)
def test_units_that_differ_are_told(cel: str, says: str, message: str) -> None:
    """Minor and major units, currencies, times, and what the words say."""
    (found,) = found_in(an_act("a", given(cel, says)), "unit-mismatch")
    assert message in found.message


@pytest.mark.parametrize(
    ("cel", "says"),
    [
        ("amount > 50000", "over $500"),
        ("amount >= 50001", "over 500 USD"),
        ("amount > 50000 && amount <= 500000", "over $500, and up to US$ 5,000.00"),
        ("amount > 0 && amount <= 50000", "up to $500"),
        ("order.total >= 100000", "from €1.000"),
        ("days_late > 14", "more than two weeks late"),
        ("days_late > 5", "more than 5 business days late"),
        ("amount * 2 > 50000", "over the limit"),
        ("amount > 500", "over the limit"),
        ("urgent", "over $500"),
        ("amount > 50000", "over 500"),
        ("amount > 50", "over 50 cents"),
        ("amount > 5", "more than 5 items"),
        ("amount > 12", "by rule #12"),
        ("amount > 0", "above 0"),
        ("amount > 25000", "over half of $500"),
        ("amount > 5000", "over 10% of $500"),
        ("days_late > 60", "more than twice the 30 days"),
    ],
)
def test_units_that_agree_are_fine(cel: str, says: str) -> None:
    """Where the words say the same, or nothing that could be compared."""
    assert told(an_act("a", given(cel, says)), "unit-mismatch") == []


def test_no_part_of_a_unit_is_written() -> None:
    """36 hours are neither one day nor two."""
    cel, says = "days_late > 36", "after more than 36 hours"
    (found,) = found_in(an_act("a", given(cel, says)), "unit-mismatch")
    assert found.message == "36 in `days_late > 36` is 36 days, but the words say `36 hours`"
    assert found.help == (
        "count in a smaller unit: `days_late` counts days, and `36 hours` is no whole number",
    )
    assert found.fix is None


def test_two_values_that_do_not_fit_are_told_once() -> None:
    """However often an expression brings them together."""
    cel = "amount > order.total || order.total + amount > 5"
    assert told(an_act("a", given(cel)), "unit-mismatch") == [
        f"expression `{cel}` compares `amount` in USD and `order.total` in EUR"
    ]


def test_the_fix_writes_what_the_words_say() -> None:
    """The number becomes minor units."""
    steps = an_act("a", given("amount > 500", "over $500"))
    assert "amount > 50000" in mended_by(HEAD + indent(steps, "      "), "unit-mismatch")


def test_a_computed_amount_has_the_currency_of_what_it_comes_from() -> None:
    """Euros do not become dollars by a new name."""
    compute = (
        "- {id: c, kind: compute, title: c,"
        " values: [{name: x, type: money, currency: USD, cel: order.total}]}\n"
    )
    assert told(compute, "unit-mismatch") == ["`x` is in USD, but `order.total` gives EUR"]
