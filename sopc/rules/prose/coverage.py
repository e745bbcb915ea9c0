"""How much of the prose that instructs is covered by what a graph cites."""

from bisect import bisect_right

from sopc.diagnostics import Coverage
from sopc.graph import SourcePassage
from sopc.rules.context import CheckContext


def uncovered(context: CheckContext) -> list[tuple[int, SourcePassage]]:
    """Give the instructing passages, with their index, that no procedure's parts cite.

    What a person took out of the graph was read, and is not among them. A citation belongs to the
    last passage that begins at or before it: passages do not overlap, and this can be told without
    reading the prose again.
    """
    passages = sorted(enumerate(context.graph.passages), key=lambda each: _start(each[1]))
    starts = [_start(passage) for _, passage in passages]
    cited = {
        bisect_right(starts, (place.citation.line, place.citation.column)) - 1
        for place in context.cited
        if place.of_procedure
    }
    return [
        (index, passage)
        for order, (index, passage) in enumerate(passages)
        if passage.instructs and passage.left_out is None and order not in cited
    ]


def coverage(context: CheckContext) -> Coverage:
    """Count the instructing passages, and those of them that are cited or left out by a person."""
    instructing = sum(passage.instructs for passage in context.graph.passages)
    return Coverage(instructing - len(uncovered(context)), instructing)


def _start(passage: SourcePassage) -> tuple[int, int]:
    return (passage.line, passage.column)
