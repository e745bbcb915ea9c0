"""Where things stand: from a part of the graph to its words, from words to the steps of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from lsprotocol.types import Location, Position

from sopc.diagnostics import Place
from sopc.graph import ProseCitation
from sopc.language_server.citing import citation_at, citing_steps, path_at
from sopc.language_server.desk import Desk


def definitions(desk: Desk, position: Position, uri: Callable[[Path], str]) -> Iterator[Location]:
    """Give the places that a place leads to; `uri` gives what the editor calls a file."""
    loaded = desk.view.loaded
    if loaded is None:
        return
    offset = desk.offset(position)
    prose = desk.view.prose
    if desk.is_graph and prose is not None and desk.view.prose_text is not None:
        citation = citation_at(loaded, path_at(loaded.spans.root, offset))
        positions = desk.positions(prose)
        if isinstance(citation, ProseCitation) and positions is not None:
            place = Place(prose.as_posix(), citation.line, citation.column, citation.length)
            yield Location(uri(prose), positions.range(place))
    elif desk.is_prose:
        there, here = desk.positions(desk.view.path), desk.positions()
        if there is None or here is None:
            return
        graph = desk.view.path
        for path, _ in citing_steps(loaded, here, offset):
            span = loaded.spans.find((*path, "title"))
            place = Place(graph.as_posix(), span.line, span.column, span.length)
            yield Location(uri(graph), there.range(place))
