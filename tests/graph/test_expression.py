"""CEL expressions are checked before anything runs, and evaluated without surprises."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sopc.graph import DataField, DataType
from sopc.graph.expression import EvaluationError, check_expression, evaluate

FIELDS: dict[str, DataField | DataType] = {
    "amount": DataField(name="amount", type=DataType.MONEY, currency="USD"),
    "customer": DataType.STRING,
    "plan": DataField(name="plan", type=DataType.ENUM, values=("free", "paid")),
    "count": DataType.INTEGER,
    "share": DataType.NUMBER,
    "urgent": DataType.BOOLEAN,
    "due": DataType.DATE,
    "seen": DataType.TIMESTAMP,
    "age": DataType.DURATION,
    "lines": DataField(name="lines", type=DataType.LIST, items=DataType.INTEGER),
    "order": DataField(
        name="order",
        type=DataType.OBJECT,
        fields=(DataField(name="placed", type=DataType.DATE),),
    ),
}


@pytest.mark.parametrize(
    "cel",
    [
        "amount > 50000",
        "customer.startsWith('A') && plan == 'paid'",
        "seen - due > duration('48h')",
        "age <= duration('1h') || urgent",
        "lines.exists(line, line > 3) && size(lines) < 10",
        "order.total > 5",
        "share * 2.0 < 1.5",
    ],
)
def test_right_expressions_have_no_problem(cel: str) -> None:
    """Every data type of the graph works in expressions."""
    assert check_expression(cel, FIELDS, gives=DataType.BOOLEAN) == []


@pytest.mark.parametrize(
    ("cel", "line", "column", "message", "hint"),
    [
        ("amout > 5", 1, 1, "`amout` is not known here", "did you mean `amount`"),
        ("urgent &&\n  ordr.total > 5", 2, 3, "`ordr` is not known here", "did you mean `order`"),
        ("'ü😀' == custmer", 1, 9, "`custmer` is not known here", "did you mean `customer`"),
        ("amount > customer", 1, 8, "`>` does not work on `int` and `string`", None),
        (
            "amount > 500.50",
            1,
            8,
            "`>` does not work on `int` and `double`",
            "write a whole number; money is counted in minor units, as cents",
        ),
        ("!amount", 1, 1, "`!` does not work on `int`", None),
        ("count in customer", 1, 7, "`in` does not work on `int` and `string`", None),
        ("lower(customer)", 1, 1, "there is no function `lower`", None),
        ("amount >", 1, 9, "the expression ends too early", None),
        ("", 1, 1, "the expression ends too early", None),
        ("plan == 'paid", 1, 9, "the quotes opened here are not closed", None),
        ("plan = 'paid'", 1, 6, "unexpected `=`", "write `==`"),
        ("urgent and urgent", 1, 8, "unexpected `and`", "write `&&`"),
        ("urgent\0", 1, 7, "unexpected character", None),
        ("(" * 60 + "1", 1, 1, "the expression is nested too deeply", None),
        ("99999999999999999999 > amount", 1, 1, "invalid int literal", None),
    ],
)
def test_a_wrong_expression_is_told_once_at_its_place(
    cel: str, line: int, column: int, message: str, hint: str | None
) -> None:
    """The problem stands at the name or sign to change, in words that a writer understands."""
    (problem,) = check_expression(cel, FIELDS)
    assert (problem.line, problem.column, problem.message, problem.hint) == (
        line, column, message, hint,
    )  # fmt: skip


def test_a_name_that_is_like_no_other_shows_the_names_there_are() -> None:
    """The hint lists what can be named."""
    (problem,) = check_expression("zzz > 1", {"b": DataType.INTEGER, "a": DataType.INTEGER})
    assert problem.hint == "known here: `a`, `b`"


def test_the_type_of_the_value_can_be_demanded() -> None:
    """A condition that gives a number is wrong; a value of unknown type is given credit."""
    (problem,) = check_expression("amount + 1", FIELDS, gives=DataType.BOOLEAN)
    assert problem.message == "expected a value of type `bool`, found `int`"
    assert check_expression("order.anything", FIELDS, gives=DataType.BOOLEAN) == []


@pytest.mark.parametrize(
    ("cel", "values", "expected"),
    [
        ("amount > 50000", {"amount": 50001}, True),
        ("due", {"due": "2026-01-31"}, datetime(2026, 1, 31, tzinfo=UTC)),
        ("seen", {"seen": "2026-01-31T09:00:00+01:00"}, datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("age", {"age": "PT90M"}, timedelta(minutes=90)),
        ("lines.map(n, n * 2)", {"lines": (1, 2)}, [2, 4]),
        ("timestamp(order.placed) < seen", {"order": {"placed": "2026-01-01"},
                                 "seen": datetime(2026, 1, 2, tzinfo=UTC)}, True),
        ("share", {"share": 3}, 3.0),
        ("customer", {"customer": "Zoë 😀"}, "Zoë 😀"),
        ("urgent || amount / 0 > 1", {"urgent": True, "amount": 1}, True),
    ],
)  # fmt: skip
def test_values_come_back_as_plain_python(cel: str, values: dict[str, Any], expected: Any) -> None:
    """Values go in as they stand in JSON and come back as Python's own."""
    assert evaluate(cel, values, FIELDS) == expected


@pytest.mark.parametrize(
    ("cel", "values", "message"),
    [
        ("amount / 0 > 1", {"amount": 1}, "`amount / 0 > 1` gives no value: divide by zero"),
        ("order.x > 1", {"order": {}}, '`order.x > 1` gives no value: key not found in map : "x"'),
        ("amount > 1", {"amount": True}, "`amount` is no money: True"),
        ("amount > 1", {"amount": "12"}, "`amount` is no money: '12'"),
        ("seen", {"seen": "2026-01-31T09:00"}, "`seen` is no timestamp: '2026-01-31T09:00'"),
        ("age", {"age": "5 business days"}, "`age` is no duration: '5 business days'"),
        ("count + 1", {"count": 2**63 - 1}, "`count + 1` gives no value: integer overflow"),
        ("1 +", {}, "`1 +` is no expression: the expression ends too early (line 1, column 4)"),
    ],
)  # fmt: skip
def test_an_evaluation_error_is_an_exception(
    cel: str, values: dict[str, Any], message: str
) -> None:
    """The library gives errors back as values; here none is mistaken for a result."""
    with pytest.raises(EvaluationError) as caught:
        evaluate(cel, values, FIELDS)
    assert str(caught.value) == message


def test_a_value_that_is_missing_is_named() -> None:
    """A caller can ask for the value by the name that the error carries."""
    for values in ({}, {"amount": None}):
        with pytest.raises(EvaluationError, match="needs `amount`, which has no value") as caught:
            evaluate("amount > 1", values, FIELDS)
        assert caught.value.missing == "amount"


def test_a_runaway_expression_is_stopped() -> None:
    """Nested loops over a list end in an error, not in a long wait."""
    cel = "lines.map(a, lines.map(b, lines.map(c, lines.map(d, lines.map(e, 1)))))"
    with pytest.raises(EvaluationError, match="budget exceeded"):
        evaluate(cel, {"lines": list(range(50))}, FIELDS)


_OPTIONAL = {
    "fee": DataField(name="fee", type=DataType.INTEGER, required=False),
    "paid": DataField(name="paid", type=DataType.BOOLEAN, required=False),
    "due": DataField(name="due", type=DataType.TIMESTAMP, required=False),
    "names": DataField(name="names", type=DataType.LIST, items=DataType.STRING, required=False),
    "base": DataField(name="base", type=DataType.INTEGER),
}


@pytest.mark.parametrize(
    ("cel", "without", "with_them"),
    [
        ("fee == null ? base : base + fee", 3, 8),
        ("fee == null ? -1 : fee", -1, 5),
        ("paid != null && paid", False, True),
        ('due == null || due > timestamp("2026-01-01T00:00:00Z")', True, True),
        ("names == null ? 0 : size(names)", 0, 2),
        ("math.greatest(fee == null ? 0 : fee, base)", 3, 5),
    ],
)
def test_a_value_that_is_not_required_is_null_where_there_is_none(
    cel: str, without: object, with_them: object
) -> None:
    """So an expression can say what holds then."""
    assert check_expression(cel, _OPTIONAL) == []
    assert evaluate(cel, {"base": 3}, _OPTIONAL) == without
    values = {
        "base": 3,
        "fee": 5,
        "paid": True,
        "due": "2026-02-01T00:00:00+00:00",
        "names": ["a", "b"],
    }
    assert evaluate(cel, values, _OPTIONAL) == with_them


def test_an_expression_that_does_not_mind_a_missing_value_names_it() -> None:
    """Its types are checked all the same."""
    with pytest.raises(EvaluationError, match="needs `fee`, which has no value") as raised:
        evaluate("fee > 3", {"base": 3}, _OPTIONAL)
    assert raised.value.missing == "fee"
    (problem,) = check_expression('fee == "three"', _OPTIONAL)
    assert problem.message == "`==` does not work on `int` and `string`"
