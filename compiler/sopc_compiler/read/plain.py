"""Reads plain text: blank lines part paragraphs, headings and lists are told by their form."""

import re
from dataclasses import dataclass

from sopc_compiler.read.nesting import Nesting
from sopc_compiler.read.ordinal import (
    Ordinal,
    Reading,
    begins_text,
    confirmed,
    dash,
    depth,
    ordinal,
)
from sopc_compiler.read.outline import Outline, is_title
from sopc_compiler.read.trace import Trace

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_RULE = re.compile(r"([=\-~*_#])\1{2,}")
_HYPHENATED = re.compile(r"(?<=[a-z]-)[ \t]*[\r\n]\s*(?=[a-z])")
_SECOND_LEVEL = 2
_NUMBERED_LEVEL = 3
_LABEL_WORDS = 4
_SMALL_WORD = 4  # letters; "and", "with" stay small in a title
_FEWEST_CAPITALS = 4


def segment_plain(source: Trace, outline: Outline) -> dict[str, str]:
    """Add the passages of a plain text to an outline; plain text has no metadata."""
    _Text(source, outline).run()
    return {}


@dataclass(frozen=True, slots=True)
class _Line:
    text: str  # without blanks at its ends
    start: int  # of that text in the source
    end: int
    indent: int


@dataclass(frozen=True, slots=True)
class _Mark:
    ordinal: Ordinal
    number: tuple[int, ...]
    style: Reading


class _Text:
    """One walk over the lines of a text, with the items that are open."""

    def __init__(self, source: Trace, outline: Outline) -> None:
        self.source = source
        self.outline = outline
        self.lines = [_line(match) for match in _LINE.finditer(source.text)]
        self.marks = self._marks()
        self.nesting = Nesting(outline)

    def run(self) -> None:
        """Take the lines one after another."""
        at, gap = 0, True
        while at < len(self.lines):
            line, end = self.lines[at], at + 1
            if not line.text or _RULE.fullmatch(line.text):
                gap = True
            elif level := self._heading_level(at, gap=gap):
                self.nesting.close_from(0)
                self.outline.heading(self._words(at, end), level)
                gap = True
            elif self._is_label(at):
                self.nesting.close_from(0)
                self.outline.paragraph(self._words(at, end), bold=True)
                gap = True
            else:
                end = self._end(at)
                if at in self.marks:
                    self._item(at, end, gap=gap)
                else:
                    self._paragraph(at, end, gap=gap)
                gap = False
            at = end
        self.nesting.close_from(0)

    def _marks(self) -> dict[int, _Mark]:
        """Find the lines that begin with a marker."""
        found = {
            at: mark
            for at, line in enumerate(self.lines)
            if (mark := dash(line.text) or ordinal(line.text))
        }
        readings = confirmed(
            [(mark, begins_text(self._text(at - 1) if at else "")) for at, mark in found.items()]
        )
        return {
            at: _Mark(mark, reading[1], depth(reading))
            for (at, mark), reading in zip(found.items(), readings, strict=True)
            if reading is not None
        }

    def _heading_level(self, at: int, *, gap: bool) -> int:
        """Tell the level of the heading that a line is, 0 if it is none."""
        line, after = self.lines[at].text, self._text(at + 1)
        if not gap or not is_title(line):
            return 0
        if _RULE.fullmatch(after):
            return 1 if after[0] == "=" else _SECOND_LEVEL
        if line.isupper() and sum(map(str.isalpha, line)) >= _FEWEST_CAPITALS:
            return _SECOND_LEVEL
        return 0 if after else self._numbered_level(at)

    def _numbered_level(self, at: int) -> int:
        """Tell the level of a "2. Scope and Purpose" that heads text; 0 for an item of a list."""
        mark, below = self.marks.get(at), self._below(at)
        if mark is None or mark.style[0] != "number" or not self._text(below):
            return 0
        after = self.marks.get(below)
        goes_on = after is not None and after.style == mark.style and after.number > mark.number
        if goes_on or self.nesting.holds(self.lines[at].indent, mark.style):
            return 0
        titled = _is_titled(self.lines[at].text[mark.ordinal.length :])
        return _NUMBERED_LEVEL - 1 + mark.style[1][0] if titled else 0

    def _is_label(self, at: int) -> bool:
        """Tell whether a line is a short "Approvals:" that stands before a list."""
        line = self.lines[at].text
        short = line.endswith(":") and len(line.split()) <= _LABEL_WORDS
        return short and at not in self.marks and self._below(at) in self.marks

    def _above(self, at: int) -> int:
        """Find the line with text before a line."""
        at -= 1
        while at >= 0 and not self.lines[at].text:
            at -= 1
        return at

    def _below(self, at: int) -> int:
        """Find the next line with text."""
        at += 1
        while at < len(self.lines) and not self.lines[at].text:
            at += 1
        return at

    def _text(self, at: int) -> str:
        return self.lines[at].text if at < len(self.lines) else ""

    def _end(self, at: int) -> int:
        """Find the line behind the paragraph or item that begins at a line."""
        end = at + 1
        while (
            (text := self._text(end))
            and end not in self.marks
            and not _RULE.fullmatch(text)
            and not self._is_label(end)
        ):
            end += 1
        return end

    def _words(self, at: int, end: int, drop: int = 0) -> Trace:
        """Trace lines; a word parted at a hyphen is joined again, the hyphen stays."""
        words = self.source.cut(self.lines[at].start + drop, self.lines[end - 1].end)
        parts, place = list[Trace](), 0
        for match in _HYPHENATED.finditer(words.text):
            parts.append(words.cut(place, match.start()))
            place = match.end()
        return Trace.join([*parts, words.cut(place)]) if parts else words

    def _item(self, at: int, end: int, *, gap: bool) -> None:
        mark, indent = self.marks[at], self.lines[at].indent
        clause = mark.style[0] == "number" and mark.style[1] > (1,)
        announced = self._text(self._above(at)).endswith(":")
        # "2.1" stands below "2." and a list below the item that announces it, also after a gap.
        apart = gap and not clause and not announced
        self.nesting.item(indent, mark.style, mark.ordinal.written, apart=apart)
        self.outline.paragraph(self._words(at, end, mark.ordinal.length))

    def _paragraph(self, at: int, end: int, *, gap: bool) -> None:
        """Add a paragraph; one that is indented deeper than an open item goes on with it."""
        if gap:
            self.nesting.close_from(self.lines[at].indent)
        self.outline.paragraph(self._words(at, end))


def _line(match: re.Match[str]) -> _Line:
    text = match[1].strip()
    indent = len(match[1]) - len(match[1].lstrip())
    start = match.start() + indent
    return _Line(text, start, start + len(text), len(match[1][:indent].expandtabs(4)))


def _is_titled(text: str) -> bool:
    """Tell whether the longer words of a text begin with capitals, as in a title."""
    return all(word[0].isupper() for word in text.split() if len(word) > _SMALL_WORD)
