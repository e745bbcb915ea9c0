"""Expressions as formulas.

Numbers are exact reals here, while CEL's doubles round; whole numbers do not overflow. What cannot
be looked into (string functions, patterns, comprehensions, products of two values, names and fields
of unknown type) becomes an opaque variable: two equal terms have one value, and no more is known.
"""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sopc.graph import DataType
from sopc.graph.expression import EvaluationError, evaluate
from sopc.graph.expression_tree import Call, Constant, ListOf, Node
from sopc.rules.logic.formula import (
    Formula,
    Linear,
    Relation,
    compare,
    conjunction,
    disjunction,
    negation,
    size,
)
from sopc.rules.logic.variable import Kind, Variable
from sopc.rules.logic.vocabulary import Vocabulary

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1) // MICROSECOND

_Term = tuple[Kind, Linear]
"""A sum with the way it is counted; days are counted as moments here."""

_RELATIONS: dict[str, tuple[Relation, int]] = {
    "_<=_": ("<=", 1),
    "_<_": ("<", 1),
    "_>=_": ("<=", -1),
    "_>_": ("<", -1),
    "_==_": ("==", 1),
    "_!=_": ("!=", 1),
}
_NUMBERS = frozenset({Kind.WHOLE, Kind.REAL})
_WHOLE_FUNCTIONS = frozenset({"size", "int", "getFullYear", "getMonth", "getDayOfWeek"})
_FINER = re.compile(r"\.\d{7,}|ns")
_MOST_COMPARISONS = 64


class Translation:
    """Expressions become formulas over one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.bounds: list[Formula] = []

    def formula(self, node: Node) -> Formula:  # noqa: PLR0911  # one for each operator
        """Give the formula of a condition; an opaque one if it cannot be looked into."""
        match node:
            case Constant(value=bool(value)):
                return value
            case Call(function="_&&_", arguments=arguments):
                return conjunction(map(self.formula, arguments))
            case Call(function="_||_", arguments=arguments):
                return disjunction(map(self.formula, arguments))
            case Call(function="!_", arguments=(argument,)):
                return negation(self.formula(argument))
            case Call(function="_?_:_", arguments=(condition, yes, no)):
                return self._choice(condition, self.formula(yes), self.formula(no))
            case Call(function="@in", arguments=(one, ListOf(items=items))):
                return disjunction(self._comparison("_==_", one, item) for item in items)
            case Call(function=operator, arguments=(left, right)) if operator in _RELATIONS:
                return self._comparison(operator, left, right)
        variable = self._vocabulary.field_variable(node)
        if variable is None or variable.kind is not Kind.TRUTH:
            variable = self._vocabulary.opaque(node, Kind.TRUTH)
        return _true(variable)

    def _choice(self, condition: Node, yes: Formula, no: Formula) -> Formula:
        holds = self.formula(condition)
        if size(holds) > _MOST_COMPARISONS:
            holds = _true(self._vocabulary.opaque(condition, Kind.TRUTH))
        return disjunction(
            (conjunction((holds, yes)), conjunction((negation(holds), no))),
        )

    def _comparison(self, operator: str, left: Node, right: Node) -> Formula:
        match left, right:
            case Call(function="_?_:_", arguments=(condition, yes, no)), _:
                taken = (self._comparison(operator, each, right) for each in (yes, no))
                return self._choice(condition, *taken)
            case _, Call(function="_?_:_", arguments=(condition, yes, no)):
                taken = (self._comparison(operator, left, each) for each in (yes, no))
                return self._choice(condition, *taken)
        relation, sign = _RELATIONS[operator]
        equality = relation in {"==", "!="}
        if equality and (self._is_truth(left) or self._is_truth(right)):
            same = self._same(left, right)
            return same if relation == "==" else negation(same)
        terms = self._comparable(left, right)
        if terms is None or (terms[0][0] is Kind.TEXT and not equality):
            return self._opaque(operator, left, right)
        (_, one), (_, other) = terms
        return compare(one.plus(other, -1).times(sign), relation)

    def _opaque(self, operator: str, left: Node, right: Node) -> Formula:
        """Give the same variable for `a < b`, `b > a`, and their contraries."""
        if operator in {"_>_", "_<=_"}:
            left, right = right, left
        asked = "_==_" if operator in {"_==_", "_!=_"} else "_<_"
        formula = _true(self._vocabulary.opaque(Call(asked, (left, right)), Kind.TRUTH))
        return negation(formula) if operator in {"_!=_", "_>=_", "_<=_"} else formula

    def _same(self, left: Node, right: Node) -> Formula:
        one, other = self.formula(left), self.formula(right)
        if size(one) * size(other) > _MOST_COMPARISONS:
            return _true(self._vocabulary.opaque(Call("_==_", (left, right)), Kind.TRUTH))
        both, neither = conjunction((one, other)), conjunction((negation(one), negation(other)))
        return disjunction((both, neither))

    def _is_truth(self, node: Node) -> bool:
        match node:
            case Constant(value=bool()):
                return True
            case Call(function=function):
                return function in {*_RELATIONS, "_&&_", "_||_", "!_", "@in"}
        variable = self._vocabulary.field_variable(node)
        return variable is not None and variable.kind is Kind.TRUTH

    def _comparable(self, left: Node, right: Node) -> tuple[_Term, _Term] | None:
        one, other = self._term(left), self._term(right)
        if one is None and other is not None:
            one = self._unknown(left, other[0])
        if other is None and one is not None:
            other = self._unknown(right, one[0])
        if one is None or other is None:
            return None
        fits = one[0] is other[0] or {one[0], other[0]} <= _NUMBERS
        return (one, other) if fits else None

    def _unknown(self, node: Node, kind: Kind) -> _Term:
        """Take for granted that a term without a type is compared with what it can be."""
        if kind is Kind.WHOLE and not (
            isinstance(node, Call) and node.function in _WHOLE_FUNCTIONS
        ):
            kind = Kind.REAL
        return kind, Linear.of(self._vocabulary.opaque(node, kind))

    def _term(self, node: Node) -> _Term | None:  # noqa: PLR0911  # one for each operator
        match node:
            case Constant():
                return self._constant(node)
            case Call(function="-_", arguments=(argument,)):
                term = self._term(argument)
                negative = term is not None and term[0] in {*_NUMBERS, Kind.SPAN}
                return (term[0], term[1].times(-1)) if term and negative else None
            case Call(function="size", arguments=(argument,)):
                length = Linear.of(self._vocabulary.opaque(Call("size", (argument,)), Kind.WHOLE))
                self.bounds.append(compare(length.times(-1), "<="))
                return Kind.WHOLE, length
            case Call(function="_+_" | "_-_" | "_*_" as operator, arguments=(left, right)):
                one, other = self._term(left), self._term(right)
                return None if one is None or other is None else _joined(operator, one, other)
            case Call(function="double" | "int" as function, arguments=(argument,)):
                return _converted(function, self._term(argument))
            case Call(function="timestamp" | "duration", arguments=(argument,)):
                return self._moment(node, argument)
        variable = self._vocabulary.field_variable(node)
        return None if variable is None else _term_of(variable)

    def _constant(self, constant: Constant) -> _Term | None:
        match constant.value:
            case bool() | None | bytes():
                return None
            case int(number):
                return None if constant.unsigned else (Kind.WHOLE, Linear((), number))
            case float(number):
                # The decimal that was written, not the double nearest to it.
                return Kind.REAL, Linear((), Fraction(repr(number)))
            case str(text):
                return Kind.TEXT, Linear((), self._vocabulary.number_of(text))

    def _moment(self, node: Call, argument: Node) -> _Term | None:
        if isinstance(argument, Constant) and isinstance(argument.value, str):
            value = _literal(node.function, argument.value)
            if isinstance(value, datetime):
                return Kind.MOMENT, Linear((), (value - EPOCH) // MICROSECOND)
            if isinstance(value, timedelta):
                return Kind.SPAN, Linear((), value // MICROSECOND)
            return None
        variable = self._vocabulary.field_variable(argument, in_object=True)
        term = None if variable is None else _term_of(variable)
        given = Kind.MOMENT if node.function == "timestamp" else Kind.SPAN
        return term if term and term[0] is given else None


def _true(variable: Variable) -> Formula:
    return compare(Linear.of(variable).plus(Linear((), -1)), "==")


def _term_of(variable: Variable) -> _Term | None:
    if variable.kind is Kind.TRUTH:
        return None
    if variable.kind is Kind.DAY:
        return Kind.MOMENT, Linear.of(variable).times(DAY)
    return variable.kind, Linear.of(variable)


def _joined(operator: str, one: _Term, other: _Term) -> _Term | None:
    kinds, (left, right) = (one[0], other[0]), (one[1], other[1])
    if operator == "_*_":
        if not set(kinds) <= _NUMBERS or (left.terms and right.terms):
            return None
        factor, rest = (right, left) if left.terms else (left, right)
        return _number(kinds), rest.times(factor.constant)
    sign = 1 if operator == "_+_" else -1
    if set(kinds) <= _NUMBERS:
        return _number(kinds), left.plus(right, sign)
    results = {
        (Kind.SPAN, Kind.SPAN): Kind.SPAN,
        (Kind.MOMENT, Kind.SPAN): Kind.MOMENT,
        **({(Kind.SPAN, Kind.MOMENT): Kind.MOMENT} if sign > 0 else {}),
        **({(Kind.MOMENT, Kind.MOMENT): Kind.SPAN} if sign < 0 else {}),
    }
    return (results[kinds], left.plus(right, sign)) if kinds in results else None


def _number(kinds: tuple[Kind, Kind]) -> Kind:
    return Kind.REAL if Kind.REAL in kinds else Kind.WHOLE


def _converted(function: str, term: _Term | None) -> _Term | None:
    if term is None or term[0] not in _NUMBERS:
        return None
    if function == "double":
        return Kind.REAL, term[1]
    return term if term[0] is Kind.WHOLE else None


@lru_cache(maxsize=1024)
def _literal(function: str, text: str) -> Any:
    """Read a moment or a span as the engine reads it; `None` for what it refuses."""
    if _FINER.search(text):
        return None
    try:
        return evaluate(f"{function}(text)", {"text": text}, {"text": DataType.STRING})
    except EvaluationError:
        return None
