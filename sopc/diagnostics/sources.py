"""The texts that findings point into, each cut into lines when it is first needed."""

from collections.abc import Mapping

from sopc.diagnostics.finding import Place
from sopc.diagnostics.window import SourceLines, WindowLine


class Sources:
    """Answers what stands at a place, as far as its text is known."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, SourceLines] = {}

    def lines(self, path: str) -> SourceLines | None:
        """Give a file's lines; None if its text is not known."""
        if path not in self._lines and path in self._texts:
            self._lines[path] = SourceLines(self._texts[path])
        return self._lines.get(path)

    def window(self, place: Place) -> list[WindowLine]:
        """Show a place; nothing if there is nothing to show."""
        lines = self.lines(place.path)
        return lines.window(place) if lines else []

    def words(self, place: Place) -> str:
        """Give what stands at a place, "" if that is not known."""
        lines = self.lines(place.path)
        return lines.words(place) if lines else ""

    def end(self, place: Place) -> tuple[int, int]:
        """Give the line and column behind a place, on its own line if its text is not known."""
        lines = self.lines(place.path)
        return lines.end(place) if lines else (place.line, place.column + place.length)
