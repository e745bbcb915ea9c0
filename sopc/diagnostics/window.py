"""A few lines of a file with carets under what matters."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rich.cells import cell_len

from sopc.diagnostics.finding import Place
from sopc.diagnostics.printable import printable

_LINE_END = re.compile(r"\r\n|\r|\n")
_TAB = "    "
_WIDEST = 120
_SURELY_WIDE = 4 * _WIDEST  # measuring a whole document on one line would take long
_BEFORE = 30
_MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class WindowLine:
    """A line as it is shown, and what stands under it.

    Attributes:
        number: Its line number in the file.
        text: Its characters, tabs as four spaces, cut where it is too long to show.
        indent: How many terminal cells stand before the carets.
        carets: The carets, at least one.
    """

    number: int
    text: str
    indent: int
    carets: str


class SourceLines:
    """A text, cut into lines once, to show places of it."""

    def __init__(self, text: str) -> None:
        self._text = text
        breaks = list(_LINE_END.finditer(text))
        self._starts = [0, *(each.end() for each in breaks)]
        self._ends = [*(each.start() for each in breaks), len(text)]

    def window(self, place: Place) -> list[WindowLine]:
        """Show a place: its first lines, and carets as wide as a terminal shows what they mark.

        Returns:
            At most three lines; none if the text has no such place.
        """
        return [_shown(*marks) for marks in islice(self._marked(place), _MOST_LINES)]

    def position(self, offset: int) -> tuple[int, int]:
        """Give the line and column, 1-based, of the code point at an offset."""
        index = bisect_right(self._starts, offset) - 1
        return index + 1, offset - self._starts[index] + 1

    def end(self, place: Place) -> tuple[int, int]:
        """Give the line and column behind a place, line ends at its end left aside."""
        words = self.words(place).rstrip("\r\n")
        if not words:
            return place.line, place.column
        return self.position(self._starts[place.line - 1] + place.column - 1 + len(words))

    def words(self, place: Place) -> str:
        """Give what stands at a place, "" if the text has no such place."""
        if not 0 < place.line <= len(self._starts):
            return ""
        offset = self._starts[place.line - 1] + place.column - 1
        return self._text[offset : offset + place.length]

    def _marked(self, place: Place) -> Iterator[tuple[int, str, int, int]]:
        """Give each line of a place with the columns, 0-based, where its marks begin and end."""
        index = place.line - 1
        if not 0 <= index < len(self._starts):
            return
        offset = self._starts[index] + place.column - 1
        stop = offset + place.length
        if offset > self._ends[index]:
            return
        while index < len(self._starts) and self._starts[index] < max(stop, offset + 1):
            begin, end = self._starts[index], self._ends[index]
            line = self._text[begin:end]
            first = max(offset - begin, len(line) - len(line.lstrip()) if begin > offset else 0)
            last = len(line[: min(stop, end) - begin].rstrip())
            if last > first or begin <= offset:
                yield index + 1, line, first, max(first, last)
            index += 1


def _shown(number: int, line: str, start: int, end: int) -> WindowLine:
    left = right = ""
    if len(line) > _SURELY_WIDE or cell_len(line) > _WIDEST:
        cut = max(0, start - _BEFORE)
        left = "…" if cut else ""
        right = "…" if len(line) > cut + _WIDEST else ""
        line = line[cut : cut + _WIDEST]
        start, end = start - cut, min(end - cut, len(line))
    before = left + _printable(line[:start])
    marked = _printable(line[start:end])
    after = _printable(line[end:]) + right
    carets = "^" * max(1, cell_len(marked))
    return WindowLine(number, (before + marked + after).rstrip(), cell_len(before), carets)


def _printable(text: str) -> str:
    return printable(text.replace("\t", _TAB))
