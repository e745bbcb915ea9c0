"""The source lines of a Markdown text, in which a block's content is found again."""

import re
from collections.abc import Sequence

from sopc_compiler.read.trace import Trace

_LINE_END = re.compile(r"\r\n|\r|\n")
_CELL_END = re.compile(r"(?<!\\)\|")
_CONTAINER_MARKS = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t>]+)*")


class SourceLines:
    """Lines without their ends, numbered from 0, and where each begins."""

    def __init__(self, text: str) -> None:
        ends = list(_LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        stops = [*(end.start() for end in ends), len(text)]
        self._lines = [text[a:b] for a, b in zip(self._starts, stops, strict=True)]

    def align(self, content: str, first: int, last: int) -> Trace:
        """Trace a block's content, from whose lines the parser dropped marks and indentation.

        Args:
            content: The parser's text of the block, lines parted by line feeds.
            first: The line where the block begins.
            last: The line behind its end.
        """
        parts, number, end = list[Trace](), first, 0
        for line in content.split("\n"):
            core = line.lstrip(" \t")
            place = self._find(core, number)
            while place < 0 and number + 1 < last:
                number += 1
                place = self._find(core, number)
            start = self._start(number) + max(place, 0)
            indent = _indentation(self._start(number), start, line[: len(line) - len(core)])
            if parts:
                begin = indent.starts[0] if indent else start
                parts.append(Trace("\n", [end], [max(begin, end)]))
            parts += [indent, Trace.verbatim(core, start)]
            number, end = number + 1, start + len(core)
        return Trace.join(parts)

    def cells(self, contents: Sequence[str], number: int) -> list[Trace]:
        """Trace the cells of a table row from the parser's text of them."""
        line, at, raw = self._line(number), 0, list[Trace]()
        row = Trace.verbatim(line, self._start(number))
        for end in _CELL_END.finditer(line):
            raw.append(row.cut(at, end.start()))
            at = end.end()
        raw.append(row.cut(at))
        if len(raw) > 1 and _CONTAINER_MARKS.fullmatch(raw[0].text):
            raw = raw[1:]
        raw += [row.cut(len(line))] * (len(contents) - len(raw))
        return [_cell(text, cell) for text, cell in zip(contents, raw, strict=False)]

    def _start(self, number: int) -> int:
        return self._starts[min(number, len(self._starts) - 1)]

    def _line(self, number: int) -> str:
        return self._lines[min(number, len(self._lines) - 1)]

    def _find(self, core: str, number: int) -> int:
        return self._line(number).rfind(core)


def _indentation(line: int, start: int, blanks: str) -> Trace:
    """Trace the blanks before a line's text, where a tab may have become several spaces."""
    places = [max(start - len(blanks) + i, line) for i in range(len(blanks))]
    return Trace(blanks, places, [min(place + 1, start) for place in places])


def _cell(text: str, raw: Trace) -> Trace:
    """Find a cell's text in its source, where a pipe inside a cell is written with a backslash."""
    parts, at = list[Trace](), 0
    for pipe in re.finditer(r"\\\|", raw.text):
        parts += [raw.cut(at, pipe.start()), raw.replace(pipe.start(), pipe.end(), "|")]
        at = pipe.end()
    cell = Trace.join([*parts, raw.cut(at)])
    place = max(cell.text.rfind(text), 0)
    return cell.cut(place, place + len(text))
