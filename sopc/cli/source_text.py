"""The prose behind a graph, as citations and passages point into it."""

import re
from pathlib import Path

from sopc.errors import UsageError
from sopc.graph import ProseCitation, SourcePassage, StepGraph

_LINE_END = re.compile(r"\r\n|\r|\n")
_SENTENCE_END = re.compile(r"""[.!?][*_"'\u2019\u201d)]*\s+(?=[*_"'\u2018\u201c(]*[A-Z0-9])""")


class SourceText:
    """A graph's prose, if it is there and unchanged; otherwise the graph's own quotes."""

    def __init__(self, graph: StepGraph, text: str | None) -> None:
        self._text = text
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text or ""))]
        self._passages = graph.passages

    def numbered(self) -> str:
        """Give the lines with their numbers, safe for a terminal."""
        from sopc.diagnostics.printable import printable

        lines = [printable(line.expandtabs(4)) for line in _LINE_END.split(self._text or "")]
        width = len(str(len(lines)))
        return "\n".join(f"{number:{width}} | {line}" for number, line in enumerate(lines, start=1))

    def sentence(self, cite: ProseCitation) -> str:
        """Give the sentence around a citation, as one line."""
        at = self._place(cite.line, cite.column)
        for passage in self._passages:
            start = self._place(passage.line, passage.column)
            if self._text is not None and start <= at < start + passage.length:
                return self._sentence(start, start + passage.length, at)
        return cite.quote

    def words(self, passage_hash: str) -> str | None:
        """Give the words of a passage by its hash; None if the prose is away or newer."""
        found = next((one for one in self._passages if one.hash == passage_hash), None)
        return self._words(found) if found and self._text is not None else None

    def _sentence(self, start: int, end: int, at: int) -> str:
        text = self._text or ""
        ends = [start, *(one.end() for one in _SENTENCE_END.finditer(text, start, end)), end]
        first = max(place for place in ends if place <= at)
        last = min((place for place in ends if place > at), default=end)
        return _plain(text[first:last])

    def _words(self, passage: SourcePassage) -> str:
        start = self._place(passage.line, passage.column)
        return _plain((self._text or "")[start : start + passage.length])

    def _place(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column - 1 if line <= len(self._starts) else 0


def source_text(graph: StepGraph, path: Path) -> SourceText:
    """Read the prose of the graph file at `path`.

    Raises:
        UsageError: it is away, newer than the graph, or there is no reader for it.
    """
    from sopc.checking.prose_text import prose_text
    from sopc.diagnostics import read_prose

    source = graph.source
    if source is None:
        raise UsageError(f"`{path}` names no prose", hint="only compiled graphs have a source")
    prose = read_prose(source, path.parent, lambda one: prose_text(path.parent / one.path, one))
    if prose.text is None:
        raise UsageError(
            f"the prose `{prose.path}` {prose.problem or f'has changed since `{path}` was made'}",
            hint=f"`sopc compile {prose.path}` compiles it again" if prose.sha256 else None,
        )
    return SourceText(graph, prose.text)


def source_or_quotes(graph: StepGraph, path: Path) -> SourceText:
    """Read the prose of a graph, or make do with its quotes."""
    try:
        return source_text(graph, path)
    except UsageError:
        return SourceText(graph, None)


def _plain(source: str) -> str:
    """Give a stretch of source as one line, without Markdown's marks of strong emphasis."""
    return " ".join(source.replace("**", "").split())
