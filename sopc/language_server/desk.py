"""What lies under the cursor: a view of its file, and the offset in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lsprotocol.types import Position, Range

from sopc.language_server.diagnostic import Shown
from sopc.language_server.document import identity
from sopc.language_server.position import Positions
from sopc.language_server.session import Seen
from sopc.language_server.view import View


@dataclass(frozen=True)
class Desk:
    """One file that a view shows, ready to be asked about places in it.

    Attributes:
        seen: The view, and what the editor was told about it.
        path: The file: the graph, its prose, or settings.
    """

    seen: Seen
    path: Path

    @property
    def view(self) -> View:
        """The view."""
        return self.seen.view

    @property
    def is_graph(self) -> bool:
        """Whether the file is the one that was looked at."""
        return self._is(self.view.path)

    @property
    def is_prose(self) -> bool:
        """Whether the file is the prose behind the graph, unchanged since."""
        return self.view.prose_text is not None and self._is(self.view.prose)

    def positions(self, path: Path | None = None) -> Positions | None:
        """Give the positions of a file of the view, this one if left out."""
        wanted = identity(self.path if path is None else path)
        found = (each for known, each in self.seen.positions.items() if identity(known) == wanted)
        return next(found, None)

    def offset(self, position: Position) -> int:
        """Give the offset of a position in the file."""
        positions = self.positions()
        return positions.offset(position) if positions else 0

    def told(self, within: Range) -> Iterator[Shown]:
        """Give what the editor shows of the file in a range or touching it."""
        begin, end = _pair(within.start), _pair(within.end)
        mine = {path for path in {each.path for each in self.seen.shown} if self._is(path)}
        for each in self.seen.shown:
            own = each.diagnostic.range
            if each.path in mine and _pair(own.start) <= end and begin <= _pair(own.end):
                yield each

    def _is(self, path: Path | None) -> bool:
        return path is not None and identity(path) == identity(self.path)


def _pair(position: Position) -> tuple[int, int]:
    return position.line, position.character
