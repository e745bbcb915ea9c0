"""Answers with a reason: a witness that shows it, or why there is no answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Witness:
    """Values for which something holds.

    Attributes:
        words: The values that matter, for a message: `amount is exactly 500.00 USD`. A range or a
            list of values is true of each of them. Empty when any values will do, and when all
            that matters cannot be looked into.
        cel: One such value of each as CEL, in the expressions' own units: `amount == 50000`.
        names: The names that matter.
        data: One value for every field that is named, as `sopc.graph.expression.evaluate` takes
            them; empty when such data could not be made.
        sure: Whether the engine agreed for `data`, and nothing that this package cannot look into
            matters. What is not sure should be said with low confidence, or not at all.
    """

    words: str
    cel: str
    names: tuple[str, ...]
    data: Mapping[str, Any]
    sure: bool


@dataclass(frozen=True)
class Undecided:
    """No answer, and why: lower case, without a full stop."""

    reason: str


@dataclass(frozen=True)
class Overlap:
    """Two branches, by their places in the list, that can hold at the same time."""

    first: int
    second: int
    witness: Witness
