"""What cites what: from a place in the graph to its words in the prose, and back."""

from collections.abc import Iterator
from typing import Any

from sopc.graph import AnswerCitation, Citation, ProseCitation, Step
from sopc.graph.file import LoadedGraph
from sopc.graph.span import Node, Path
from sopc.language_server.position import Positions
from sopc.rules.part import step_of
from sopc.rules.prose.cited import cited_places

_STEP_DEPTH = 4


def path_at(root: Node, offset: int) -> Path:
    """Give the way to the smallest part of a graph file that holds an offset, keys included."""
    path: Path = ()
    node: Node | None = root
    while node is not None:
        node, step = _into(node, offset)
        path += step
    return path


def citation_at(loaded: LoadedGraph, path: Path) -> Citation | None:
    """Give what a part of the graph cites, or what it belongs to does; None if that cites nothing.

    A field's own citation comes first, then that of the record around it.
    """
    records: list[Any] = [loaded.graph]
    for step in path:
        records.append(_part(records[-1], step))
    for depth in range(len(path), -1, -1):
        record, field = records[depth], path[depth] if depth < len(path) else None
        if record is None:
            continue
        if isinstance(record, (ProseCitation, AnswerCitation)):
            return record
        found = _own(record, field)
        if found is not None:
            return found
    return None


def citing_steps(
    loaded: LoadedGraph, positions: Positions, offset: int
) -> Iterator[tuple[Path, Step]]:
    """Give the steps that cite the words at an offset of the prose, in the order of the graph."""
    seen: set[Path] = set()
    for place in cited_places(loaded.graph):
        step = step_of(loaded.graph, place.path)
        path = place.path[:_STEP_DEPTH]
        if step is None or path in seen:
            continue
        cite = place.citation
        start, end = positions.stretch(cite.line, cite.column, cite.length)
        if start <= offset < end:
            seen.add(path)
            yield path, step


def _into(node: Node, offset: int) -> tuple[Node | None, Path]:
    if node.items is not None:
        held = [(key, each) for key, each in node.items.items() if each.start <= offset]
        # What follows a key up to the next one belongs to it: a block has no end of its own.
        return (held[-1][1].node, (held[-1][0],)) if held else (None, ())
    if node.elements is not None:
        before = [number for number, each in enumerate(node.elements) if each.start <= offset]
        return (node.elements[before[-1]], (before[-1],)) if before else (None, ())
    return None, ()


def _part(record: Any, step: str | int) -> Any:
    if isinstance(record, dict):
        return record.get(step)
    if isinstance(step, int):
        held = isinstance(record, tuple) and -1 < step < len(record)
        return record[step] if held else None
    return (
        getattr(record, step, None) if step in getattr(type(record), "model_fields", {}) else None
    )


def _own(record: Any, field: str | int | None) -> Citation | None:
    """Give what a record says of one of its fields, or else of itself."""
    citations = getattr(record, "citations", None) or {}
    found: Citation | None = (
        citations.get(field)
        or getattr(record, f"{field}_cite", None)
        or getattr(record, "cite", None)
        or citations.get("title")
    )
    return found
