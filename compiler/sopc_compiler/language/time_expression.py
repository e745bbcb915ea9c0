"""Time expressions of a passage: where they stand and of which kind they are."""

from dataclasses import dataclass

from sopc_compiler.language.time_grammar import PATTERNS


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """An expression of time at `start` to `end` of the passage.

    `kind` is `deadline`, `delay`, `cadence`, `during`, `length` (a bare duration) or `vague`
    (what no clock can read).
    """

    kind: str
    start: int
    end: int


def time_expressions(text: str) -> list[TimeExpression]:
    """Find the time expressions of a text, none overlapping another, in order of place."""
    found = [
        (match.end() - match.start(), -rank, kind, match.start(), match.end())
        for rank, (kind, pattern) in enumerate(PATTERNS)
        for match in pattern.finditer(text)
        if match.group().strip()
    ]
    taken: list[TimeExpression] = []
    for _, _, kind, start, end in sorted(found, reverse=True):
        if all(end <= other.start or start >= other.end for other in taken):
            taken.append(TimeExpression(kind, start, end))
    return sorted(taken, key=lambda expression: expression.start)
