"""The prose as citations count in it."""

import re

from sopc.diagnostics import Prose
from sopc.graph import Match, ProseCitation

_LINE_END = re.compile(r"\r\n|\r|\n")


class ProseLines:
    """A text, cut into lines once, to look up places of it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(each.end() for each in _LINE_END.finditer(text)), len(text) + 1]

    def slice(self, line: int, column: int, length: int) -> str | None:
        """Give the characters of a place, 1-based; None if there is no such place."""
        if not 1 <= line < len(self._starts):
            return None
        start = self._starts[line - 1] + column - 1
        if start >= self._starts[line] or start + length > len(self._text):
            return None
        return self._text[start : start + length]


def prose_lines(prose: Prose | None) -> ProseLines | None:
    """Give the lines of the prose; None where there is none, or it is not what was compiled."""
    return ProseLines(prose.text) if prose is not None and prose.text is not None else None


def is_said(citation: ProseCitation, lines: ProseLines | None) -> bool:
    """Tell whether a quote is where it is cited, as far as can be seen, line breaks aside."""
    if citation.match is Match.NONE:
        return False
    if lines is None:
        return True
    found = lines.slice(citation.line, citation.column, citation.length)
    return found is not None and found.split() == citation.quote.split()


def shortened(quote: str, longest: int = 60) -> str:
    """Give a quote as it is shown within a message."""
    return quote if len(quote) <= longest else quote[: longest - 1].rstrip() + "…"
