"""Scores extracted facts against a reader's: precision, recall and F1 by type and over all.

Two facts of a type match when their lines differ by at most one and their quotes share enough
words: Jaccard 0.5 over lower-cased words, or one holds the other and is at most three times as
long. Each fact matches one other at the most, the best overlap first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TYPES = ("trigger", "action", "time", "condition", "escalation", "system", "role")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_SHARED = 0.5
_LONGER = 3


@dataclass
class Count:
    """How many facts a reader found, the program found, and both found."""

    gold: int = 0
    predicted: int = 0
    matched: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.gold + other.gold,
            self.predicted + other.predicted,
            self.matched + other.matched,
        )

    @property
    def precision(self) -> float:
        """The share of the program's facts that the reader has."""
        return self.matched / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the reader's facts that the program has."""
        return self.matched / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.gold + self.predicted
        return 2 * self.matched / total if total else 0.0


Fact = Mapping[str, Any]


def score(gold: Sequence[Fact], predicted: Sequence[Fact]) -> dict[str, Count]:
    """Count the facts of one document by type."""
    return {kind: _count(_of(gold, kind), _of(predicted, kind)) for kind in TYPES}


def overlap(one: str, other: str) -> float:
    """Give how much two quotes share, 0 where it is not enough to match."""
    first, second = ([word.lower() for word in _WORD.findall(text)] for text in (one, other))
    if not first or not second:
        return 0.0
    shared = len(set(first) & set(second)) / len(set(first) | set(second))
    if shared >= _SHARED:
        return shared
    short, long = sorted((" ".join(first), " ".join(second)), key=len)
    held = f" {short} " in f" {long} " and len(long) <= _LONGER * len(short)
    return _SHARED if held else 0.0


def _of(facts: Sequence[Fact], kind: str) -> list[Fact]:
    return [fact for fact in facts if fact["type"] == kind]


def _count(gold: Sequence[Fact], predicted: Sequence[Fact]) -> Count:
    pairs = sorted(
        (
            (shared, -abs(one["line"] - other["line"]), i, j)
            for i, one in enumerate(gold)
            for j, other in enumerate(predicted)
            if abs(one["line"] - other["line"]) <= 1
            and (shared := overlap(one["quote"], other["quote"])) > 0
        ),
        reverse=True,
    )
    taken_gold: set[int] = set()
    taken_predicted: set[int] = set()
    for _, _, i, j in pairs:
        if i not in taken_gold and j not in taken_predicted:
            taken_gold.add(i)
            taken_predicted.add(j)
    return Count(len(gold), len(predicted), len(taken_gold))
