"""Amounts of money in what comes in."""

import pytest

from sopc.graph import DataField, DataType
from sopc_runtime.triggers.reading import read_values

_FIELDS = (
    DataField(name="deposit", type=DataType.MONEY, currency="EUR"),
    DataField(name="fare", type=DataType.MONEY, currency="JPY", required=False),
)


@pytest.mark.parametrize("text", ["900", "900.00", " 900.0 EUR", "EUR 900"])
def test_words_are_amounts_as_people_write_them(text: str) -> None:
    """As in the inbox: `900` is not nine euros."""
    read, problems = read_values({"deposit": text, "fare": "120"}, _FIELDS, textual=True)
    assert (read, problems) == ({"deposit": 90000, "fare": 120}, [])


def test_numbers_are_minor_units() -> None:
    """Programs send them so, as graphs hold them."""
    assert read_values({"deposit": 90000}, _FIELDS) == ({"deposit": 90000}, [])


@pytest.mark.parametrize("text", ["lots", "9.005", "900 USD", "1,000"])
def test_what_is_no_amount_of_the_currency_is_refused(text: str) -> None:
    _, problems = read_values({"deposit": text}, _FIELDS, textual=True)
    assert problems == [f"`deposit` is no money: '{text}'"]
