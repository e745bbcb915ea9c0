"""Samples: of the right type, the same for the same seed, and near the limits of a graph."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sopc.errors import UsageError
from sopc.graph import DataField, DataType
from sopc_runtime.core.value import problems_with
from sopc_runtime.simulation.library import Library
from sopc_runtime.simulation.passing import passing
from sopc_runtime.simulation.rows import read_rows
from sopc_runtime.simulation.sample import Sampler, limits_of

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
FIELDS = [
    DataField(
        name=f"a_{kind}",
        type=kind,
        currency="USD" if kind is DataType.MONEY else None,
        values=("x", "y") if kind is DataType.ENUM else (),
        items=DataType.MONEY if kind is DataType.LIST else None,
        fields=(DataField(name="inner", type=DataType.DATE),) if kind is DataType.OBJECT else (),
    )
    for kind in DataType
]


@pytest.mark.parametrize("seed", [None, *range(30)])
def test_samples_have_the_type_of_their_field(seed: int | None) -> None:
    """What a run would refuse is never drawn."""
    drawn = random.Random(seed) if seed is not None else None  # noqa: S311 # repeatable
    limits = {each.name: (True, 0, 1.5, "x", "y") for each in FIELDS if each.values}
    assert problems_with(Sampler(NOW, drawn=drawn, limits=limits).values(FIELDS), FIELDS) == []


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ('stage == "Won" && kind in ["New", "Old"]', {"stage": "Won", "kind": "New", "amount": 7}),
        ("amount >= 5000", {"stage": "some stage", "kind": "some kind", "amount": 5000}),
        ("amount == 7", {"stage": "some stage", "kind": "some kind", "amount": 7}),
        ("amount > 9 && amount < 8", {"stage": "some stage", "kind": "some kind", "amount": 7}),
        (None, {"stage": "some stage", "kind": "some kind", "amount": 7}),
    ],
    ids=["words", "a limit", "it passes as it is", "nothing passes", "no filter"],
)
def test_samples_are_changed_until_the_filter_of_a_trigger_lets_them_pass(
    only: str | None, expected: dict[str, object]
) -> None:
    """Only what the filter compares with is changed."""
    fields = [
        DataField(name="stage", type=DataType.STRING),
        DataField(name="kind", type=DataType.STRING),
        DataField(name="amount", type=DataType.MONEY, currency="USD"),
    ]
    sample = {"stage": "some stage", "kind": "some kind", "amount": 7}
    assert passing(sample, fields, only) == expected


def test_values_at_the_limits_of_expressions_are_drawn() -> None:
    """Both sides of a limit, and the limit itself, come up in few draws."""
    graph = Library(Path(__file__).parent / "graphs" / "flow.sop.yaml").graph
    limits = limits_of(graph)
    assert limits["amount"] == (49999, 50000, 50001, 9, 10, 11)
    money = DataField(name="amount", type=DataType.MONEY, currency="USD")
    drawn = random.Random(1)  # noqa: S311 # repeatable
    sampler = Sampler(NOW, drawn=drawn, limits=limits)
    assert {49999, 50000, 50001} <= {sampler.value(money) for _ in range(60)}


def test_cells_become_what_their_field_says(tmp_path: Path) -> None:
    """Words of a CSV file are read as numbers, truths and lists where they are meant so."""
    path = tmp_path / "rows.csv"
    path.write_text('who,amount,good,tags\nann,500,yes,"[""a""]"\nbob,7,false,\n')
    fields = [
        DataField(name="amount", type=DataType.MONEY, currency="USD"),
        DataField(name="good", type=DataType.BOOLEAN),
        DataField(name="tags", type=DataType.LIST, items=DataType.STRING),
    ]
    assert read_rows(path, fields) == [
        {"who": "ann", "amount": 500, "good": True, "tags": ["a"]},
        {"who": "bob", "amount": 7, "good": False},
    ]
    path.write_text("amount\nmuch\n")
    with pytest.raises(UsageError, match="row 1: `amount` is no money: `much`"):
        read_rows(path, fields)


def test_rows_end_only_where_lines_of_the_file_do(tmp_path: Path) -> None:
    """A text in JSON may hold characters that other programs end a line at."""
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": "x\u2028y"}\r\n{"a": "z"}\n', encoding="utf-8")
    assert read_rows(path, []) == [{"a": "x\u2028y"}, {"a": "z"}]


def test_a_cell_that_is_too_long_is_wrong_usage(tmp_path: Path) -> None:
    """The limit is the reader's own."""
    path = tmp_path / "rows.csv"
    path.write_text(f"a\n{'x' * 200_000}\n")
    with pytest.raises(UsageError, match="is no CSV: field larger"):
        read_rows(path, [])
