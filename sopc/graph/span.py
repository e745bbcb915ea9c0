"""Places in the graph file: where any key or value stands, told by its path."""

from bisect import bisect_right
from dataclasses import dataclass

from sopc.graph.scalar import Scalar

Path = tuple[str | int, ...]
"""Keys and list positions from the root, as `("procedures", 0, "steps", 2, "system")`."""


@dataclass(frozen=True)
class Span:
    """A stretch of one line: 1-based line and column, length in code points (at least 1)."""

    line: int
    column: int
    length: int


@dataclass(slots=True)
class Node:
    """A value of the file with its place: offsets into the text, `end` exclusive.

    `items` holds a mapping's entries in order, `elements` a list's; both None for a scalar.
    """

    start: int
    end: int
    value: Scalar = None
    items: "dict[str, Entry] | None" = None
    elements: "list[Node] | None" = None
    style: str | None = None


@dataclass(slots=True)
class Entry:
    """A key of a mapping with its place, and its value."""

    start: int
    end: int
    node: Node


class Lines:
    """Turns offsets of a text with LF line ends into lines and columns."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def span(self, start: int, end: int) -> Span:
        """Give the part of `start` to `end` that lies on the first line."""
        line = bisect_right(self._starts, start)
        line_start = self._starts[line - 1]
        line_end = self._text.find("\n", start)
        end = min(end, line_end) if line_end >= 0 else end
        return Span(line, start - line_start + 1, max(end - start, 1))


class SpanIndex:
    """Where the parts of one loaded graph file stand, by the tree of its values, `root`."""

    def __init__(self, text: str, root: Node) -> None:
        self._lines = Lines(text)
        self.root = root

    def find(self, path: Path, *, key: bool = False) -> Span:
        """Give the place of the value at `path`, or of its nearest parent in the file.

        A collection in block style is shown by its key, or its first line where it has none.
        `key` asks for the key instead of the value.
        """
        node: Node = self.root
        entry: Entry | None = None
        for step in path:
            if isinstance(step, str) and node.items is not None and step in node.items:
                entry = node.items[step]
                node = entry.node
            elif isinstance(step, int) and node.elements and -1 < step < len(node.elements):
                entry = None
                node = node.elements[step]
            else:
                break
        scalar = node.items is None and node.elements is None
        visible = (scalar or node.style == "flow") and node.end > node.start
        if entry is not None and (key or not visible):
            return self._lines.span(entry.start, entry.end)
        if not scalar and node.style != "flow" and node.items:
            first = next(iter(node.items.values()))
            return self._lines.span(first.start, first.node.end)
        return self._lines.span(node.start, node.end)
