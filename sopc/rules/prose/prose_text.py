"""The prose as citations count in it."""

import re

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


def shortened(quote: str, longest: int = 60) -> str:
    """Give a quote as it is shown within a message."""
    return quote if len(quote) <= longest else quote[: longest - 1].rstrip() + "…"
