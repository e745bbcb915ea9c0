"""What the conditions of a procedure depend on: the unknowns of a formula."""

from dataclasses import dataclass
from enum import Enum

from sopc.graph import DataField
from sopc.graph.expression_tree import Node


class Kind(Enum):
    """How the values of a variable are counted. All but `REAL` are whole numbers inside.

    A truth is 0 or 1, a text the number of a word list, a day its distance from 1970-01-01, a
    moment or a span a count of microseconds.
    """

    TRUTH = "truth"
    WHOLE = "whole"
    REAL = "real"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    SPAN = "span"


@dataclass(frozen=True, eq=False)
class Variable:
    """An unknown: a field, a field of an object, or a term that this package cannot look into.

    Attributes:
        index: Its number; variables are met in the order of the expressions.
        kind: How its values are counted.
        path: The names that lead to it, for example `("order", "total")`; for an opaque term, the
            names in it.
        field: The field it stands for; none for an opaque term.
        opaque: The term it stands for, when that is no field. Nothing is known of its value but
            that equal terms have equal values.
        domain: All its values, if there are only a few.
    """

    index: int
    kind: Kind
    path: tuple[str, ...] = ()
    field: DataField | None = None
    opaque: Node | None = None
    domain: tuple[int, ...] | None = None

    @property
    def real(self) -> bool:
        """Whether there are values between any two values."""
        return self.kind is Kind.REAL

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that it is about."""
        return self.path if self.opaque is not None else (self.name,)

    @property
    def name(self) -> str:
        """The name as expressions have it."""
        return ".".join(self.path)
