"""Values as people type them, and as they are shown."""

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopc.graph import DataField, DataType
from sopc_runtime.core.value import problems_with
from sopc_runtime.people.refusal import UnfitDecisionError
from sopc_runtime.people.value_text import example, parsed, written


def field(kind: str, **more: Any) -> DataField:
    return DataField.model_validate({"name": "x", "type": kind, **more})


USD = field("money", currency="USD")
COLOR = field("enum", values=["Red", "green"])
NAMES = field("list", items="string")
ALL = [field(each) for each in DataType if each not in {"money", "enum", "list"}] + [
    USD,
    COLOR,
    NAMES,
]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (USD, "12.50", 1250),
        (USD, "USD 12.5", 1250),
        (USD, " 12 USD ", 1200),
        (USD, "-0.01", -1),
        (field("money", currency="JPY"), "1200", 1200),
        (field("money", currency="KWD"), "1.234 KWD", 1234),
        (COLOR, "red", "Red"),
        (field("boolean"), "Yes", True),
        (field("boolean"), "n", False),
        (field("integer"), "-7", -7),
        (field("number"), "1e3", 1000.0),
        (field("number"), "7", 7),
        (field("date"), "2026-11-30", "2026-11-30"),
        (field("timestamp"), "2026-11-30 09:00", "2026-11-30T09:00:00-06:00"),
        (field("timestamp"), "2026-11-30T09:00Z", "2026-11-30T09:00:00+00:00"),
        (field("duration"), "90 minutes", "PT1H30M"),
        (field("duration"), "P2D", "P2D"),
        (field("string"), " as it is ", " as it is "),
        (NAMES, '["a", "b"]', ["a", "b"]),
    ],
)
def test_a_text_is_read_as_the_type_has_it(kind: DataField, text: str, value: Any) -> None:
    """Times without an offset are those of the zone."""
    read = parsed(kind, text, zone=ZoneInfo("America/Chicago"))
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (USD, "12.505"),
        (USD, "12,50"),
        (USD, "12.50 EUR"),
        (USD, "1" * 19),
        (USD, ""),
        (COLOR, "blue"),
        (field("boolean"), "perhaps"),
        (field("integer"), "1.0"),
        (field("integer"), "9223372036854775808"),
        (field("integer"), "٣"),
        (field("number"), "nan"),
        (field("number"), "inf"),
        (field("date"), "30.11.2026"),
        (field("timestamp"), "soon"),
        (field("duration"), "a while"),
        (field("duration"), "P1Y"),
        (NAMES, "a, b"),
        (NAMES, "[1]"),
        (field("object"), "[" * 100_000),
        (field("object"), '{"a": NaN}'),
    ],
)
def test_what_is_no_value_is_refused_with_an_example(kind: DataField, text: str) -> None:
    """The help shows what would be one."""
    with pytest.raises(UnfitDecisionError) as refused:
        parsed(kind, text)
    assert refused.value.hint


@pytest.mark.parametrize("kind", ALL, ids=lambda each: str(each.type))
def test_the_example_of_a_type_is_a_value_of_it(kind: DataField) -> None:
    """As it stands in the commands that are shown."""
    assert problems_with({"x": parsed(kind, example(kind))}, [kind]) == []


@given(st.integers(-(10**14), 10**14), st.sampled_from(["USD", "JPY", "KWD", "CLF"]))
def test_an_amount_that_is_shown_is_read_back(amount: int, currency: str) -> None:
    """With its currency, in all decimals that it has."""
    kind = field("money", currency=currency)
    assert parsed(kind, written(kind, amount)) == amount


@given(
    st.one_of(
        st.tuples(st.just(field("integer")), st.integers(-(2**63), 2**63 - 1)),
        st.tuples(st.just(field("number")), st.floats(allow_nan=False, allow_infinity=False)),
        st.tuples(st.just(field("boolean")), st.booleans()),
        st.tuples(st.just(field("string")), st.text()),
        st.tuples(st.just(field("date")), st.dates().map(lambda each: each.isoformat())),
        st.tuples(
            st.just(field("timestamp")),
            st.datetimes(timezones=st.just(UTC)).map(lambda each: each.isoformat()),
        ),
        st.tuples(st.just(NAMES), st.lists(st.text(st.characters(exclude_categories=["Cs"])))),
    )
)
def test_whatever_is_shown_is_read_back(case: tuple[DataField, Any]) -> None:
    """Of every type, with its exact value."""
    kind, value = case
    assert parsed(kind, written(kind, value)) == value


@given(st.sampled_from(ALL), st.text())
def test_any_text_is_a_fitting_value_or_refused(kind: DataField, text: str) -> None:
    """Nothing else is raised, and what is taken fits the type."""
    try:
        value = parsed(kind, text)
    except UnfitDecisionError:
        return
    assert problems_with({"x": value}, [kind]) == []
