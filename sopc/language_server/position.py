"""Places in the words of an editor: lines and characters from 0, counted in its own units."""

import re
from bisect import bisect_right

from lsprotocol.types import Position, PositionEncodingKind, Range

from sopc.diagnostics import Place
from sopc.diagnostics.window import SourceLines

_LINE_END = re.compile(r"\r\n|\r|\n")
_BYTES = {PositionEncodingKind.Utf16: ("utf-16-le", 2), PositionEncodingKind.Utf8: ("utf-8", 1)}


class Positions:
    """Turns places of one text into positions of an editor, and back.

    Args:
        text: The text; line ends may be of any kind.
        encoding: What the editor counts in, as agreed on with it.
    """

    def __init__(self, text: str, encoding: PositionEncodingKind | str) -> None:
        self._text = text
        self._encoding = PositionEncodingKind(encoding)
        self._lines = SourceLines(text)
        breaks = list(_LINE_END.finditer(text))
        self._starts = [0, *(each.end() for each in breaks)]
        self._ends = [*(each.start() for each in breaks), len(text)]

    def at(self, offset: int) -> Position:
        """Give the position of an offset; within a line end, that of the line's end."""
        line = bisect_right(self._starts, offset) - 1
        stop = min(offset, self._ends[line])
        return Position(line, self._units(self._text[self._starts[line] : stop]))

    def offset(self, position: Position) -> int:
        """Give the offset of a position; behind a line's end, that of the line's end.

        Within a character, the offset in front of it.
        """
        if position.line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[position.line], self._ends[position.line]
        units = 0
        for offset in range(start, end):
            units += self._units(self._text[offset])
            if units > position.character:
                return offset
        return end

    def span(self, start: int, end: int) -> Range:
        """Give the range between two offsets."""
        return Range(self.at(start), self.at(end))

    def range(self, place: Place) -> Range:
        """Give the range of a place; the nearest point of the text if it is not in it."""
        start = self._clamped(place.line, place.column)
        end = self._clamped(*self._lines.end(place))
        return self.span(start, max(start, end))

    def stretch(self, line: int, column: int, length: int) -> tuple[int, int]:
        """Give the offsets of a stretch that is told by line and column, 1-based."""
        start = self._clamped(line, column)
        return start, min(start + length, len(self._text))

    def _clamped(self, line: int, column: int) -> int:
        if line > len(self._starts):
            return len(self._text)
        index = max(line, 1) - 1
        return min(self._starts[index] + max(column, 1) - 1, self._ends[index])

    def _units(self, text: str) -> int:
        if text.isascii() or self._encoding not in _BYTES:
            return len(text)
        codec, size = _BYTES[self._encoding]
        return len(text.encode(codec, "surrogatepass")) // size
