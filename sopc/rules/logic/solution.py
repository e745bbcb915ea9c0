"""Solutions of a formula, reduced to what matters and widened as far as it holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations

from sopc.rules.logic.extent import Extent, Limit, OneOf, OtherThan, Range
from sopc.rules.logic.formula import (
    Formula,
    Linear,
    Number,
    comparisons,
    conjunction,
    negation,
    substitute,
)
from sopc.rules.logic.search import Search, Usual, Values, candidates
from sopc.rules.logic.variable import Kind, Variable


@dataclass(frozen=True)
class Solution:
    """Values for which a formula holds, whatever those are that it does not give.

    Attributes:
        values: One value for each variable that matters.
        extents: What else each of them may be, all at the same time; a variable without one may
            have other values too, but they hang on another variable's.
        equal: Two variables that only have to be equal, if that is all there is to them.
    """

    values: Mapping[Variable, Number]
    extents: Mapping[Variable, Extent]
    equal: tuple[Variable, Variable] | None = None


class Solver:
    """Solves formulas under the same bounds, which hold of themselves."""

    def __init__(self, bounds: Formula, usual: Usual) -> None:
        self._bounds = bounds
        self._search = Search(usual)

    def solve(self, formula: Formula) -> Solution | None:
        """Give the plainest solution, or `None` if there is none.

        Raises:
            TooInvolvedError: It cannot be decided.
        """
        found = self._search.satisfy(conjunction((formula, self._bounds)))
        if found is None:
            return None
        values = self._reduced(formula, found)
        equal = self._equal(formula, values)
        if equal is None:
            return Solution(values, self._extents(formula, values))
        one, other = equal
        rest = {each: value for each, value in values.items() if each not in equal}
        joined = substitute(formula, one, Linear.of(other))
        return Solution(values, self._extents(joined, rest), equal)

    def holds(self, formula: Formula) -> bool:
        """Tell whether a formula holds for all values."""
        if isinstance(formula, bool):
            return formula
        return self._search.satisfy(conjunction((negation(formula), self._bounds))) is None

    def _reduced(self, formula: Formula, values: Values) -> Values:
        """Leave out what does not matter, terms that nobody can look into first."""
        kept = dict(sorted(values.items(), key=lambda each: each[0].index))
        for variable in sorted(kept, key=lambda each: (each.opaque is None, each.index)):
            fewer = {each: value for each, value in kept.items() if each is not variable}
            if self.holds(_with(formula, fewer)):
                kept = fewer
        return kept

    def _equal(self, formula: Formula, values: Values) -> tuple[Variable, Variable] | None:
        """Find two variables whose values do not matter, as long as they are equal."""
        for one, other in combinations(values, 2):
            alike = one.kind is other.kind and one.domain is None and other.domain is None
            if not alike or values[one] != values[other]:
                continue
            others = {each: value for each, value in values.items() if each not in {one, other}}
            if self.holds(substitute(_with(formula, others), one, Linear.of(other))):
                return one, other
        return None

    def _extents(self, formula: Formula, values: Values) -> dict[Variable, Extent]:
        extents: dict[Variable, Extent] = {}
        for variable, value in values.items():
            others = {each: other for each, other in values.items() if each is not variable}
            extent = self._extent(_with(formula, others), variable, value)
            if extent is not None:
                extents[variable] = extent
        points = {each: value for each, value in values.items() if each not in extents}
        together = conjunction(extent.formula(each) for each, extent in extents.items())
        counter = conjunction((together, negation(_with(formula, points)), self._bounds))
        if len(extents) > 1 and self._search.satisfy(counter) is not None:
            return {each: extent for each, extent in extents.items() if _is_point(extent)}
        return extents

    def _extent(self, formula: Formula, variable: Variable, value: Number) -> Extent | None:
        """Find how far a value reaches when all others that matter are given."""
        if any(len(each.variables) > 1 for each in comparisons(formula, variable)):
            return None
        told_apart = variable.domain or (each.constant for each in candidates(formula, variable))
        places = {*told_apart, value}
        truths = {
            place: self.holds(substitute(formula, variable, Linear((), place)))
            for place in sorted(places)
        }
        if variable.kind in {Kind.TEXT, Kind.TRUTH}:
            return _choice(variable, formula, value, truths)
        changes = {
            -each.sum.constant * each.sum.factor(variable)
            for each in comparisons(formula, variable)
        }
        return _range(value, truths, changes if variable.real else places)


def _choice(
    variable: Variable, formula: Formula, value: Number, truths: Mapping[Number, bool]
) -> Extent | None:
    if variable.domain is not None:
        return OneOf(tuple(place for place in variable.domain if truths[place]))
    named = dict.fromkeys(
        -each.sum.constant * each.sum.factor(variable) for each in comparisons(formula, variable)
    )
    if value in named:
        return OneOf((value,))
    excluded = tuple(sorted(each for each in named if not truths[each]))
    return OtherThan(excluded) if excluded else None


def _range(value: Number, truths: Mapping[Number, bool], ends: Collection[Number]) -> Range:
    """Walk from a value in both directions, up to where the truth changes.

    The places stand on both sides of every change. A range ends at one of `ends`, or just before.
    """
    places = list(truths)
    first = last = places.index(value)
    while first > 0 and truths[places[first - 1]]:
        first -= 1
    while last < len(places) - 1 and truths[places[last + 1]]:
        last += 1
    low = high = None
    if first > 0:
        closed = places[first] in ends
        low = Limit(places[first if closed else first - 1], open=not closed)
    if last < len(places) - 1:
        closed = places[last] in ends
        high = Limit(places[last if closed else last + 1], open=not closed)
    return Range(low, high)


def _is_point(extent: Extent) -> bool:
    match extent:
        case Range(low=low, high=high):
            return low is not None and low == high
        case OneOf(values=values):
            return len(values) == 1
    return False


def _with(formula: Formula, values: Mapping[Variable, Number]) -> Formula:
    for variable, value in values.items():
        formula = substitute(formula, variable, Linear((), value))
    return formula
