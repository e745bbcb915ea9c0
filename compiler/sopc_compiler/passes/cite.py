"""Citations: from places in passages to places in the document that its writer sees."""

import re

from sopc.graph import Match, ProseCitation
from sopc_compiler.fact import Span
from sopc_compiler.read.document import Document

_SPACE = re.compile(r"\s+")


class Citer:
    """Makes citations of a document's passages."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def words(self, span: Span) -> str:
        """Give the words at a place, as a reader sees them."""
        return self._document.passages[span.passage].text[span.start : span.end].strip()

    def cite(self, span: Span) -> ProseCitation:
        """Cite a place: exact where the source holds the very words, else partial."""
        passage = self._document.passages[span.passage]
        start, end = passage.starts[span.start], passage.ends[span.end - 1]
        source = _SPACE.sub(" ", self._document.text[start:end]).strip()
        words = _SPACE.sub(" ", passage.text[span.start : span.end]).strip()
        position = self._document.position(start)
        return ProseCitation(
            line=position.line,
            column=position.column,
            length=end - start,
            match=Match.EXACT if source == words else Match.PARTIAL,
            quote=source or words,
        )
