"""Formulas: linear comparisons with zero, joined by and and or, always in simplest form.

A formula is `True`, `False`, a `Comparison`, an `And` or an `Or`. Negation is pushed down to the
comparisons. Formulas that are built alike are equal, so that a search knows what it has seen.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain
from math import gcd, lcm
from typing import Literal

from sopc.rules.logic.variable import Variable

Number = int | Fraction
Relation = Literal["<=", "<", "==", "!="]

_NEGATED: dict[Relation, Relation] = {"==": "!=", "!=": "=="}


@dataclass(frozen=True)
class Linear:
    """A sum of variables, each with a factor, and a constant."""

    terms: tuple[tuple[Variable, Number], ...] = ()
    constant: Number = 0

    @staticmethod
    def of(variable: Variable) -> "Linear":
        """Give the sum that is one variable."""
        return Linear(((variable, 1),))

    def plus(self, other: "Linear", factor: Number = 1) -> "Linear":
        """Give this sum and `factor` times the other."""
        factors: dict[Variable, Number] = dict(self.terms)
        for variable, count in other.terms:
            factors[variable] = factors.get(variable, 0) + factor * count
        terms = sorted(
            ((variable, count) for variable, count in factors.items() if count),
            key=lambda each: each[0].index,
        )
        return Linear(tuple(terms), self.constant + factor * other.constant)

    def times(self, factor: Number) -> "Linear":
        """Give this sum, multiplied."""
        return Linear().plus(self, factor)

    def factor(self, variable: Variable) -> Number:
        """Give a variable's factor, 0 if it is not there."""
        return next((count for each, count in self.terms if each is variable), 0)

    def without(self, variable: Variable) -> "Linear":
        """Give the rest of the sum."""
        return Linear(tuple(each for each in self.terms if each[0] is not variable), self.constant)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables of the sum."""
        return tuple(variable for variable, _ in self.terms)


@dataclass(frozen=True)
class Comparison:
    """`sum relation 0`. Sums of whole numbers have whole factors without a common divisor."""

    sum: Linear
    relation: Relation

    @cached_property
    def variables(self) -> frozenset[Variable]:
        """The variables that it is about."""
        return frozenset(self.sum.variables)

    @cached_property
    def _hash(self) -> int:
        return hash((self.sum.terms, self.sum.constant, self.relation))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True)
class _Several:
    parts: frozenset["Formula"]

    @cached_property
    def variables(self) -> frozenset[Variable]:
        """The variables that any part is about."""
        return frozenset(chain.from_iterable(map(variables, self.parts)))

    @cached_property
    def size(self) -> int:
        """How many comparisons it has."""
        return sum(map(size, self.parts))

    @cached_property
    def _hash(self) -> int:
        return hash((type(self).__name__, self.parts))


@dataclass(frozen=True)
class And(_Several):
    """All parts hold; there are at least two."""

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True)
class Or(_Several):
    """At least one part holds; there are at least two."""

    def __hash__(self) -> int:
        return self._hash


Formula = bool | Comparison | And | Or


def variables(formula: Formula) -> frozenset[Variable]:
    """Give the variables that a formula is about."""
    return frozenset() if isinstance(formula, bool) else formula.variables


def size(formula: Formula) -> int:
    """Give how many comparisons a formula has."""
    return formula.size if isinstance(formula, _Several) else 1


def compare(total: Linear, relation: Relation) -> Formula:
    """Give `total relation 0` in simplest form."""
    if not total.terms:
        return _holds(total.constant, relation)
    if any(variable.real for variable in total.variables):
        return Comparison(_scaled_real(total, relation), relation)
    scale = lcm(*(Fraction(count).denominator for _, count in total.terms))
    counts = [int(count * scale) for _, count in total.terms]
    divisor = gcd(*counts)
    constant = Fraction(total.constant) * scale / divisor
    if relation in _NEGATED:
        if constant.denominator != 1:
            return relation == "!="
        divisor = -divisor if counts[0] < 0 else divisor
        constant = constant if divisor > 0 else -constant
    elif relation == "<":
        constant = Fraction(constant.numerator // constant.denominator + 1)
        relation = "<="
    terms = tuple(
        (variable, count // divisor)
        for variable, count in zip(total.variables, counts, strict=True)
    )
    return Comparison(Linear(terms, -(-constant.numerator // constant.denominator)), relation)


def conjunction(formulas: Iterable[Formula]) -> Formula:
    """Give a formula that holds when all of these do."""
    parts = set[Formula]()
    for formula in formulas:
        if formula is False:
            return False
        if formula is not True:
            parts |= formula.parts if isinstance(formula, And) else {formula}
    return And(frozenset(parts)) if len(parts) > 1 else parts.pop() if parts else True


def disjunction(formulas: Iterable[Formula]) -> Formula:
    """Give a formula that holds when any of these does."""
    parts = set[Formula]()
    for formula in formulas:
        if formula is True:
            return True
        if formula is not False:
            parts |= formula.parts if isinstance(formula, Or) else {formula}
    return Or(frozenset(parts)) if len(parts) > 1 else parts.pop() if parts else False


def negation(formula: Formula) -> Formula:
    """Give a formula that holds when this one does not."""
    match formula:
        case bool():
            return not formula
        case And(parts=parts):
            return disjunction(map(negation, parts))
        case Or(parts=parts):
            return conjunction(map(negation, parts))
        case Comparison(sum=total, relation=relation):
            if relation in _NEGATED:
                return compare(total, _NEGATED[relation])
            return compare(total.times(-1), "<" if relation == "<=" else "<=")


def substitute(formula: Formula, variable: Variable, value: Linear) -> Formula:
    """Give the formula with a value in a variable's place."""
    if isinstance(formula, bool) or variable not in formula.variables:
        return formula
    if isinstance(formula, Comparison):
        factor = formula.sum.factor(variable)
        return compare(formula.sum.without(variable).plus(value, factor), formula.relation)
    join = conjunction if isinstance(formula, And) else disjunction
    return join(substitute(part, variable, value) for part in formula.parts)


def comparisons(formula: Formula, variable: Variable) -> Iterator[Comparison]:
    """Give the comparisons that are about a variable, in no particular order."""
    if isinstance(formula, bool) or variable not in formula.variables:
        return
    if isinstance(formula, Comparison):
        yield formula
        return
    for part in formula.parts:
        yield from comparisons(part, variable)


def _scaled_real(total: Linear, relation: Relation) -> Linear:
    """Make the first factor 1, or -1 where the direction matters."""
    first = Fraction(total.terms[0][1])
    return total.times(1 / (first if relation in _NEGATED else abs(first)))


def _holds(value: Number, relation: Relation) -> bool:
    match relation:
        case "<=":
            return value <= 0
        case "<":
            return value < 0
        case "==":
            return value == 0
        case "!=":
            return value != 0
