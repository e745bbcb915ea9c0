"""Amounts and spans of time as people write them."""

import pytest

from sopc.graph import DataType
from sopc.rules.logic import Witness, uncovered
from sopc.rules.logic.money import in_words


@pytest.mark.parametrize(
    ("units", "currency", "words"),
    [
        (50000, "USD", "500.00 USD"),
        (-5, "EUR", "-0.05 EUR"),
        (500, "JPY", "500 JPY"),
        (1, "KWD", "0.001 KWD"),
        (12345, "CLF", "1.2345 CLF"),
    ],
)
def test_minor_units_are_said_as_major_ones(units: int, currency: str, words: str) -> None:
    """Currencies have two decimals, or as many as ISO 4217 says."""
    assert in_words(units, currency) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ("24h", "1 day"),
        ("36h", "36 hours"),
        ("1h", "1 hour"),
        ("90m", "90 minutes"),
        ("90s", "90 seconds"),
        ("1500ms", "1.5 seconds"),
        ("-48h", "-2 days"),
        ("0s", "0 days"),
    ],
)
def test_spans_are_said_in_their_greatest_unit(span: str, words: str) -> None:
    """Whole days before whole hours, and so on."""
    found = uncovered([f"age != duration('{span}')"], {"age": DataType.DURATION})
    assert isinstance(found, Witness)
    assert found.words == f"age is exactly {words}"
    assert found.sure


def test_long_texts_are_cut() -> None:
    """A message stays readable, whatever a text holds."""
    found = uncovered([f"name != '{'a' * 100}'"], {"name": DataType.STRING})
    assert isinstance(found, Witness)
    assert found.words == f"name is `{'a' * 39}…`"
