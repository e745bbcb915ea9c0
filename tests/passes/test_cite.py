"""Citations point at what the writer of the document sees."""

import pytest

from passes.scripted_gateway import document_of
from sopc.graph import Match
from sopc_compiler.fact import Span
from sopc_compiler.passes.cite import Citer


def places(prose: str, words: str) -> tuple[Span, Citer]:
    """The place of words in the last passage of some prose."""
    document = document_of(prose)
    passage = document.passages[-1]
    start = passage.text.index(words)
    return Span(passage.index, start, start + len(words)), Citer(document)


@pytest.mark.parametrize(
    ("prose", "words", "match", "quote"),
    [
        ("# A\n\nSend the form now.", "the form", Match.EXACT, "the form"),
        ("# A\n\nSend the\nform now.", "the form", Match.EXACT, "the form"),
        ("# A\r\n\r\n- Send 😀 the\r\n  form now.", "the form", Match.EXACT, "the form"),
        ("# A\n\nSend **the** form now.", "the form", Match.PARTIAL, "the** form"),
        ("# A\n\nSend R&amp;D the form.", "R&D", Match.PARTIAL, "R&amp;D"),
        ("# A\n\nSend the [tax form](tax.md) now.", "the tax form", Match.PARTIAL, "the [tax form"),
    ],
)
def test_a_citation_maps_back_to_the_source(
    prose: str, words: str, match: Match, quote: str
) -> None:
    """Line, column and length find the source's words; marks among them make it partial."""
    span, citer = places(prose, words)
    cite = citer.cite(span)
    document = document_of(prose)
    start = document.offset(cite.line, cite.column)
    source = document.text[start : start + cite.length]
    assert " ".join(source.split()) == cite.quote == quote
    assert cite.match is match


def test_words_are_given_as_a_reader_sees_them() -> None:
    """Marks do not show in the words of a place, nor do blanks at its ends."""
    span, citer = places("# A\n\nSend **the** form now.", " the form ")
    assert citer.words(span) == "the form"
