"""Whatever stands in a condition, there is an answer, and soon."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopc.graph import DataField, DataType
from sopc.rules.logic import Undecided, Witness, always, overlaps, uncovered

FIELDS: dict[str, DataField | DataType] = {
    **{f"n{number}": DataType.INTEGER for number in range(40)},
    **{f"r{number}": DataType.NUMBER for number in range(10)},
    **{f"b{number}": DataType.BOOLEAN for number in range(300)},
    "t": DataType.STRING,
    "day": DataType.DATE,
    "age": DataType.DURATION,
    "list": DataField(name="list", type=DataType.LIST, items=DataType.INTEGER),
}


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "\ud800",
        "n0 > 0 \0",
        "(" * 3000 + "b0" + ")" * 3000,
        "!" * 3999 + "b0",
        " || ".join(f"b{number}" for number in range(300)),
        " == ".join(f"b{number}" for number in range(30)),
        " && ".join(f"n{number} < n{number + 1}" for number in range(39)),
        " || ".join(f"r{number} < r{number + 1}" for number in range(9)) + " || r9 < r0",
        "n0 > 99999999999999999999999999",
        "n0 * 9223372036854775807 * 9223372036854775807 > n1",
        "r0 > 1e308 * 1e308",
        "r0 * 1e308 > 5e-324",
        "day > timestamp('0001-01-01T00:00:00Z') - duration('87600000h')",
        "age > duration('315576000000s') + duration('315576000000s')",
        "day > timestamp('hello')",
        "age > duration('1ns')",
        "size(t) > 9223372036854775807",
        "size(list) > 20000",
        "list[0] / 0 > n1 % 0",
        "t == '\U0001f600\u202e\\u0000'",
        "t in ['a', t, t + t]",
        "-(-n0) in [n1, -n2]",
        "T{a: 1} == T{a: 1}",
        "has(t.a) || type(t) == int",
        "dyn(n0) == dyn(t)",
        "(b0 ? n0 : n1) < (b1 ? n2 : n3) == (b2 ? b3 : b4)",
        "n0 == n0",
        "null == null",
    ],
)
def test_strange_conditions_have_an_answer(condition: str) -> None:
    """Not one of them raises, alone or beside its contrary."""
    assert isinstance(uncovered([condition], FIELDS), Witness | Undecided | None)
    assert uncovered([condition, f"!({condition})"], FIELDS) in {
        None,
        Undecided(f"`{condition}` cannot be evaluated"),
        Undecided("there are too many cases"),
        Undecided("it depends on too many values"),
        Undecided(f"`!({condition})` cannot be evaluated"),
    }
    assert always(condition, FIELDS) in {True, False, None}


def test_many_branches_have_an_answer() -> None:
    """A table with a hundred rows is complete, and loses a row."""
    rows = [f"n0 >= {10 * row} && n0 < {10 * row + 10}" for row in range(100)]
    rows += ["n0 < 0", "n0 >= 1000"]
    assert uncovered(rows, FIELDS) is None
    assert overlaps(rows, FIELDS) == []
    found = uncovered(rows[:50] + rows[51:], FIELDS)
    assert isinstance(found, Witness)
    assert found.words == "n0 is between 500 and 509"


_words = st.sampled_from(
    "n0 n1 r0 b0 t day age list 1 2.5 'x' ( ) [ ] , && || ! == != < > <= >= + - * / ? : in "  # noqa: SIM905  # words read best as words
    "size( true timestamp( duration( '1h' int( double( .f has( null 5u".split()
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_words, max_size=12).map(" ".join))
def test_no_words_raise(condition: str) -> None:
    """Whatever parses is decided or not, and never raises."""
    assert isinstance(uncovered([condition], FIELDS), Witness | Undecided | None)
    assert always(condition, FIELDS) in {True, False, None}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=3))
def test_no_text_raises(conditions: list[str]) -> None:
    """Neither does any text."""
    assert isinstance(uncovered(conditions, FIELDS), Witness | Undecided | None)
    assert isinstance(overlaps(conditions, FIELDS), list)
