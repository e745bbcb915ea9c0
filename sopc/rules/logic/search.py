"""The search for values that make a formula true; exact where it gives an answer.

One variable after the other is replaced by finitely many values, so chosen that if any value will
do, one of these does. For whole numbers with factor 1 or -1, a comparison changes its truth at one
place: the values beside the changes represent all others (Cooper, "Theorem proving in arithmetic
without multiplication", 1972). For reals it is the changes themselves, what lies between each two,
and what lies beyond them (Ferrante and Rackoff, "A decision procedure for the first order theory of
real addition with order", 1975). A value may be a sum of variables that are not replaced yet.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import combinations, pairwise

from sopc.rules.logic.formula import (
    And,
    Comparison,
    Formula,
    Linear,
    Number,
    comparisons,
    size,
    substitute,
    variables,
)
from sopc.rules.logic.variable import Variable

Values = dict[Variable, Number]
Usual = Callable[[Variable], Number]

_EFFORT = 300_000
"""How many comparisons may be rewritten for one answer: about two seconds."""

_MOST_VARIABLES = 200
"""No decision of people depends on more; each takes a level of Python's stack."""


class TooInvolvedError(Exception):
    """A formula that this search cannot decide, or not within its limit."""


class Search:
    """Looks for values, as often as asked, until its effort is spent."""

    def __init__(self, usual: Usual) -> None:
        """`usual` gives a value for variables of which any will do, but one is needed."""
        self._usual = usual
        self._hopeless = set[Formula]()
        self._effort = 0

    def satisfy(self, formula: Formula) -> Values | None:
        """Give values for which a formula holds, or `None` if there are none.

        Variables that do not matter are left out.

        Raises:
            TooInvolvedError: It cannot be decided within the limits.
        """
        if len(variables(formula)) > _MOST_VARIABLES:
            raise TooInvolvedError("it depends on too many values")
        return self._values(formula)

    def _values(self, formula: Formula) -> Values | None:
        if isinstance(formula, bool):
            return {} if formula else None
        if formula in self._hopeless:
            return None
        variable = _next(formula)
        tried = set[Formula]()
        for value in candidates(formula, variable):
            self._effort += size(formula)
            if self._effort > _EFFORT:
                raise TooInvolvedError("there are too many cases")
            left = substitute(formula, variable, value)
            if left in tried:
                continue
            tried.add(left)
            found = self._values(left)
            if found is not None:
                found[variable] = self._number(value, found)
                return found
        self._hopeless.add(formula)
        return None

    def _number(self, value: Linear, found: Values) -> Number:
        for variable in value.variables:
            found.setdefault(variable, self._usual(variable))
        return value.constant + sum(found[variable] * count for variable, count in value.terms)


def candidates(formula: Formula, variable: Variable) -> Iterable[Linear]:
    """Give values of a variable that represent all its values, plain and small ones first."""
    if variable.domain is not None:
        return [
            Linear((), value) for value in _domain_candidates(formula, variable.domain, variable)
        ]
    found = dict.fromkeys(
        _real_candidates(formula, variable)
        if variable.real
        else _whole_candidates(formula, variable)
    )
    return sorted(found, key=_plainness)


def _domain_candidates(
    formula: Formula, domain: tuple[int, ...], variable: Variable
) -> tuple[int, ...]:
    """Give the values that are named, and one for all that are not."""
    named = set[Number]()
    for comparison in comparisons(formula, variable):
        if len(comparison.variables) > 1:
            return domain
        named.add(-comparison.sum.constant * comparison.sum.factor(variable))
    unnamed = next((value for value in domain if value not in named), None)
    return tuple(value for value in domain if value in named or value == unnamed)


def _whole_candidates(formula: Formula, variable: Variable) -> Iterator[Linear]:
    for comparison in comparisons(formula, variable):
        factor = comparison.sum.factor(variable)
        change = comparison.sum.without(variable).times(-factor)
        yield change
        if comparison.relation != "<=" or factor > 0:
            yield change.plus(Linear((), 1))
        if comparison.relation != "<=" or factor < 0:
            yield change.plus(Linear((), -1))


def _real_candidates(formula: Formula, variable: Variable) -> Iterator[Linear]:
    changes = dict.fromkeys(
        comparison.sum.without(variable).times(Fraction(-1) / comparison.sum.factor(variable))
        for comparison in comparisons(formula, variable)
    )
    for change in changes:
        yield change
        yield change.plus(Linear((), 1))
        yield change.plus(Linear((), -1))
    if any(change.terms for change in changes):
        for one, other in combinations(changes, 2):
            yield one.plus(other).times(Fraction(1, 2))
        return
    for low, high in pairwise(sorted(change.constant for change in changes)):
        yield Linear((), between(low, high))


def between(low: Number, high: Number) -> Fraction:
    """Give the number between two others that is shortest to write; the middle one of these."""
    scale = 1
    while True:
        first, last = low * scale // 1 + 1, -(-high * scale // 1) - 1
        if first <= last:
            return Fraction((first + last) // 2, scale)
        scale *= 10


def _plainness(value: Linear) -> tuple[object, ...]:
    """Constants before sums, what is not negative before what is, small before great."""
    terms = tuple((variable.index, count) for variable, count in value.terms)
    return len(terms), value.constant < 0, abs(value.constant), terms


def _next(formula: Formula) -> Variable:
    """Choose the variable to replace: one of the part that says most about its variables."""
    parts: Iterable[Formula] = formula.parts if isinstance(formula, And) else (formula,)
    fewest = sorted(
        {variables(part) for part in parts},
        key=lambda each: (len(each), sorted(variable.index for variable in each)),
    )
    for group in fewest:
        for variable in sorted(group, key=lambda each: each.index):
            if _replaceable(variable, formula):
                return variable
    raise TooInvolvedError("its sums are too involved")


def _replaceable(variable: Variable, formula: Formula) -> bool:
    """Tell whether the candidates of a variable represent all its values."""
    if variable.domain is not None or variable.real:
        return True
    return all(_simple(each, variable) for each in comparisons(formula, variable))


def _simple(comparison: Comparison, variable: Variable) -> bool:
    return abs(comparison.sum.factor(variable)) == 1 and not any(
        each.real for each in comparison.sum.variables
    )
