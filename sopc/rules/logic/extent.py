"""Extents: how far the values of one variable reach for which an answer holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from sopc.rules.logic.formula import Formula, Linear, Number, compare, conjunction, disjunction
from sopc.rules.logic.variable import Variable


@dataclass(frozen=True)
class Limit:
    """The end of a range; an open one does not belong to it."""

    value: Number
    open: bool = False


@dataclass(frozen=True)
class Range:
    """All values between two limits; `None` is no limit."""

    low: Limit | None
    high: Limit | None

    def formula(self, variable: Variable) -> Formula:
        """Tell by a formula that a variable is in the range."""
        return conjunction(self._ends(Linear.of(variable)))

    def _ends(self, value: Linear) -> Iterator[Formula]:
        if self.low is not None:
            below = Linear((), self.low.value).plus(value, -1)
            yield compare(below, "<" if self.low.open else "<=")
        if self.high is not None:
            above = value.plus(Linear((), -self.high.value))
            yield compare(above, "<" if self.high.open else "<=")


@dataclass(frozen=True)
class OneOf:
    """Each of some values."""

    values: tuple[Number, ...]

    def formula(self, variable: Variable) -> Formula:
        """Tell by a formula that a variable is one of them."""
        return disjunction(
            compare(Linear.of(variable).plus(Linear((), -value)), "==") for value in self.values
        )


@dataclass(frozen=True)
class OtherThan:
    """Every text but some."""

    values: tuple[Number, ...]

    def formula(self, variable: Variable) -> Formula:
        """Tell by a formula that a variable is none of them."""
        return conjunction(
            compare(Linear.of(variable).plus(Linear((), -value)), "!=") for value in self.values
        )


Extent = Range | OneOf | OtherThan
