"""The source lines of a Markdown text, in which a block's content is found again."""

import re
from collections.abc import Sequence

from sopc_compiler.read.trace import Trace

_LINE_END = re.compile(r"\r\n|\r|\n")
_CELL_END = re.compile(r"(?<!\\)\|")
_CONTAINER_MARKS = re.compile(r"[\s>]*(?:(?:[-+*]|\d{1,9}[.)])[\s>]+)*")


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
            if place < 0:  # not as written: the whole line stands for it
                found = _loose(core, start, start + len(self._line(number)))
            else:
                found = Trace.verbatim(core, start)
            parts += [indent, found]
            number, end = number + 1, found.ends[-1] if found else start
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
        return [
            _cell(text, cell) or _cell(text, row) or _loose(text, row.starts[0], row.ends[-1])
            for text, cell in zip(contents, raw, strict=False)
        ]

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


def _cell(text: str, raw: Trace) -> Trace | None:
    """Find a cell's text in its source, where a pipe inside a cell is written with a backslash."""
    parts, at = list[Trace](), 0
    for pipe in re.finditer(r"\\\|", raw.text):
        parts += [raw.cut(at, pipe.start()), raw.replace(pipe.start(), pipe.end(), "|")]
        at = pipe.end()
    cell = Trace.join([*parts, raw.cut(at)])
    place = cell.text.rfind(text)
    return cell.cut(place, place + len(text)) if place >= 0 else None


def _loose(text: str, start: int, end: int) -> Trace:
    """Trace a text only to the stretch of source in which it stands somewhere."""
    return Trace(text, [start] * len(text), [end] * len(text))
