"""Whatever is answered, trying all values with the expression engine gives the same answer."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sopc.graph import DataField, DataType
from sopc.graph.expression import evaluate
from sopc.graph.expression_tree import expression_tree
from sopc.rules.logic import Overlap, Undecided, Witness, always, implies, overlaps, uncovered
from sopc.rules.logic.extent import OneOf
from sopc.rules.logic.formula import Linear, conjunction, negation, substitute
from sopc.rules.logic.solution import Solution, Solver
from sopc.rules.logic.translation import Translation
from sopc.rules.logic.values import usual_number
from sopc.rules.logic.vocabulary import Vocabulary

FIELDS: dict[str, DataField | DataType] = {
    "a": DataType.INTEGER,
    "b": DataField(name="b", type=DataType.MONEY, currency="USD"),
    "kind": DataField(name="kind", type=DataType.ENUM, values=("x", "y", "z")),
    "name": DataType.STRING,
    "yes": DataType.BOOLEAN,
}
VALUES: dict[str, Sequence[Any]] = {
    "a": range(4),
    "b": range(4),
    "kind": ("x", "y", "z"),
    "name": ("x", "y", "z", "q", "another"),
    "yes": (False, True),
}
GIVEN = ("a >= 0 && a <= 3", "b >= 0 && b <= 3")

REAL_FIELDS: dict[str, DataField | DataType] = {"r": DataType.NUMBER, "s": DataType.NUMBER}
REAL_VALUES: dict[str, Sequence[Any]] = {
    name: [number / 4 for number in range(13)] for name in REAL_FIELDS
}
REAL_GIVEN = ("r >= 0.0 && r <= 3.0", "s >= 0.0 && s <= 3.0")

_relations = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
_equalities = st.sampled_from(["==", "!="])
_small = st.integers(-1, 5)


def _joined(*parts: Any) -> st.SearchStrategy[str]:
    strategies = (st.just(part) if isinstance(part, str) else part for part in parts)
    return st.tuples(*strategies).map(lambda each: f"({' '.join(map(str, each))})")


_whole = st.sampled_from(["a", "b", "a + b", "a - b", "2 * a", "1 - b", "size(name) - a"])
_whole_comparisons = st.one_of(
    _joined(_whole, _relations, _small),
    _joined("a", _relations, "b"),
    _joined(_small, _relations, "b"),
    _joined("a in [", _small, ",", _small, ", b]"),
    _joined("kind", _equalities, st.sampled_from(["'x'", "'y'", "'w'", "name"])),
    _joined("name", _equalities, st.sampled_from(["'x'", "'q'"])),
    _joined("kind in ['y',", st.sampled_from(["'x'", "'z'"]), "]"),
    st.sampled_from(["yes", "true", "false", "yes == (a > b)"]),
    _joined("(yes ? a : b)", _relations, _small),
)
_real_comparisons = st.one_of(
    _joined(st.sampled_from(["r", "s"]), _relations, st.sampled_from(["0.0", "1.0", "1.5", "3.0"])),
    _joined("r", _relations, "s"),
    _joined("r + s", _relations, st.sampled_from(["1.0", "3.0", "4.5"])),
    _joined("2.0 * r", _relations, "s"),
)


def _conditions(comparisons: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        comparisons,
        lambda inside: st.one_of(
            _joined(inside, st.sampled_from(["&&", "||", "=="]), inside),
            _joined("!", inside),
            _joined(inside, "?", inside, ":", inside),
        ),
        max_leaves=5,
    )


_branches = st.lists(_conditions(_whole_comparisons), min_size=1, max_size=4)
_real_branches = st.lists(_conditions(_real_comparisons), min_size=1, max_size=4)


class _Table:
    """What each branch gives for each combination of values."""

    def __init__(self, branches: Sequence[str], *, real: bool = False) -> None:
        self._fields = REAL_FIELDS if real else FIELDS
        values = REAL_VALUES if real else VALUES
        self.points = [dict(zip(values, each, strict=True)) for each in product(*values.values())]
        self.rows = [[self.holds(branch, each) for branch in branches] for each in self.points]

    def holds(self, branch: str, data: dict[str, Any]) -> bool:
        value = evaluate(branch, data, self._fields)
        assert isinstance(value, bool)
        return value


def _full(witness: Witness) -> dict[str, Any]:
    return {"a": 0, "b": 0, "kind": "x", "name": "x", "yes": False, "r": 0, "s": 0, **witness.data}


_sized = "size(name)"
"""Sizes and texts are told apart here, while not every size has a text among few values; and a
choice between terms may be taken for a term that nothing is known of, which is no answer."""


@settings(max_examples=80, deadline=None)
@given(_branches)
def test_what_falls_through_is_what_trying_finds(branches: list[str]) -> None:
    """A witness is real, and none is missed."""
    found = uncovered(branches, FIELDS, GIVEN)
    table = _Table(branches)
    missed = any(not any(row) for row in table.rows)
    if found is None:
        assert not missed
    elif isinstance(found, Undecided) or not found.sure:
        assert any(_sized in each or "?" in each for each in branches)
    else:
        assert not any(table.holds(each, _full(found)) for each in branches)
        assert missed or any(_sized in each for each in branches)


@settings(max_examples=60, deadline=None)
@given(_branches)
def test_overlaps_are_what_trying_finds(branches: list[str]) -> None:
    """Each pair that can hold at once is there, and holds for its witness."""
    branches = [each for each in branches if _sized not in each]
    found = {(each.first, each.second): each for each in overlaps(branches, FIELDS, GIVEN)}
    table = _Table(branches)
    pairs = combinations(range(len(branches)), 2)
    assert set(found) == {
        (one, other) for one, other in pairs if any(row[one] and row[other] for row in table.rows)
    }
    for each in found.values():
        assert all(_hold(each, branches, table))


def _hold(overlap: Overlap, branches: list[str], table: _Table) -> Iterator[bool]:
    assert overlap.witness.sure
    for place in (overlap.first, overlap.second):
        yield table.holds(branches[place], _full(overlap.witness))


@settings(max_examples=60, deadline=None)
@given(_conditions(_whole_comparisons), _conditions(_whole_comparisons))
def test_idle_and_implied_conditions_are_what_trying_finds(one: str, other: str) -> None:
    """A condition is idle when it gives the same for all values."""
    if _sized in one + other:
        return
    rows = _Table([one, other]).rows
    truths = {row[0] for row in rows}
    assert always(one, FIELDS, GIVEN) is (truths.pop() if len(truths) == 1 else None)
    assert implies([one, *GIVEN], other, FIELDS) == all(row[1] for row in rows if row[0])


@settings(max_examples=80, deadline=None)
@given(_real_branches)
def test_reals_fall_through_as_trying_finds(branches: list[str]) -> None:
    """A witness is real, and none that stands at a quarter is missed."""
    found = uncovered(branches, REAL_FIELDS, REAL_GIVEN)
    table = _Table(branches, real=True)
    missed = any(not any(row) for row in table.rows)
    if found is None:
        assert not missed
    elif not isinstance(found, Undecided):  # a third is no double
        assert found.sure
        assert not any(table.holds(each, _full(found)) for each in branches)


@settings(max_examples=80, deadline=None)
@given(st.one_of(_branches, _real_branches.map(lambda each: [*each, "r < 9.0"])))
def test_what_is_said_is_true_of_all_values_that_are_said(branches: list[str]) -> None:
    """Every value of a range or a list falls through, whatever the other values are."""
    real = branches[-1] == "r < 9.0"
    branches = [each for each in branches if each != "r < 9.0"]
    if not branches or any(_sized in each for each in branches):
        return
    vocabulary = Vocabulary(REAL_FIELDS if real else FIELDS)
    translation = Translation(vocabulary)
    trees = [expression_tree(each) for each in branches]
    formulas = [negation(translation.formula(each)) for each in trees if each is not None]
    solution = Solver(conjunction(translation.bounds), usual_number).solve(conjunction(formulas))
    if solution is None:
        return
    table = _Table(branches, real=real)
    for point, row in zip(table.points, table.rows, strict=True):
        if _is_said(solution, point, vocabulary):
            assert not any(row)


def _is_said(solution: Solution, point: dict[str, Any], vocabulary: Vocabulary) -> bool:
    equal = solution.equal or ()
    if len({point[each.name] for each in equal}) > 1:
        return False
    for variable, number in solution.values.items():
        extent = solution.extents.get(variable, OneOf((number,)))
        value = point[variable.name]
        value = vocabulary.number_of(value) if isinstance(value, str) else Fraction(value)
        formula = extent.formula(variable)
        if variable not in equal and not substitute(formula, variable, Linear((), value)):
            return False
    return True
