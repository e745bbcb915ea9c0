"""The outline of a graph: its procedures, and the steps in each."""

from collections.abc import Iterator

from lsprotocol.types import DocumentSymbol, SymbolKind

from sopc.graph import Procedure, Step
from sopc.graph.file import LoadedGraph
from sopc.graph.span import Node
from sopc.language_server.position import Positions


def symbols(loaded: LoadedGraph, positions: Positions) -> Iterator[DocumentSymbol]:
    """Give the procedures of a graph, their steps inside."""
    nodes = _elements(loaded.spans.root, "procedures")
    for procedure, node in zip(loaded.graph.procedures, nodes, strict=True):
        inside = zip(procedure.steps, _elements(node, "steps"), strict=True)
        steps = [_symbol(step, positions, each, kind=SymbolKind.Event) for step, each in inside]
        yield _symbol(procedure, positions, node, kind=SymbolKind.Class, children=steps)


def _symbol(
    part: Procedure | Step,
    positions: Positions,
    node: Node,
    *,
    kind: SymbolKind,
    children: list[DocumentSymbol] | None = None,
) -> DocumentSymbol:
    named = (node.items or {})["title"].node
    return DocumentSymbol(
        name=part.title,
        kind=kind,
        range=positions.span(node.start, max(node.end, named.end)),
        selection_range=positions.span(named.start, named.end),
        detail=part.id,
        children=children or None,
    )


def _elements(node: Node, key: str) -> list[Node]:
    entry = (node.items or {}).get(key)
    return (entry.node.elements or []) if entry else []
