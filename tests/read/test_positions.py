"""Whatever the prose, each character of a passage stands where the passage says."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sopc.errors import UsageError
from sopc_compiler.read.document import Document, Passage, Position
from sopc_compiler.read.reader import HTML, MARKDOWN, PLAIN, read_text

PIECES = st.sampled_from(
    [
        *("a", "b c", "Call Ann.", "é", "e\u0301", "\U0001f600", "שלום", "\u00a0", "\u3000", "\t"),
        *("\n", "\n\n", "\r\n", "\r", "  \n", "\\\n", "    ", " ", "\u2028", "\x0b", "\x0c"),
        *("*", "**", "_", "__", "~~", "~", "`", "``", "```\n", "~~~", "***"),
        *(
            "[",
            "]",
            "(",
            ")",
            "[a](b)",
            "[x][r]",
            "[r]",
            "\n[r]: u\n",
            "](<u> 't')",
            "!",
            "![i](u)",
        ),
        *("<", ">", "<http://a.b/%20c>", "<br>", "<b>", "</b>", "<!--", "-->", "<p>", "</p>"),
        *("&", "&amp;", "&#65;", "&copy", "&NotEqualTilde;", ";", "\\", "\\*", "\\|", "\\a"),
        *(
            "# ",
            "## ",
            " #",
            "\n===\n",
            "\n---\n",
            "---\n",
            "> ",
            ">",
            "- ",
            "1. ",
            "2) ",
            "- [ ] ",
        ),
        *("|", "a | b\n--|:-:\n", "| ", "\n| c | d\\|e |\n", "[^n]", "\n[^n]: note\n    more\n"),
        *("A. ", "B. ", "(a) ", "• ", "Step 1: ", "1.1 ", "TITLE", ":", "\0", "\ufeff", "\ud800"),
        *(
            "<div>",
            "</div>",
            "<ul><li>",
            "</li>",
            "</ul>",
            "<ol>",
            "<table>",
            "<tr>",
            "<td>",
            "<th>",
        ),
        *("</table>", "<pre>", "</pre>", "<h2>", "</h2>", "<script>", "</script>", "<![if x]>"),
        *(
            "<img alt='a b'>",
            "<title>",
            "<head>",
            "<body>",
            "<blockquote>",
            "</blockquote>",
            "<![x",
        ),
    ]
)
PROSE = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=80))


def document(text: str, media_type: str) -> Document | None:
    try:
        return read_text(text, name="x", media_type=media_type)
    except UsageError:
        return None  # nothing to read in it


def shown(passage: Passage) -> list[int]:
    """Give the characters that stand for source, not for the line between two cells."""
    if passage.kind == "row":
        return [i for cell in passage.cells for i in range(cell.start, cell.end)]
    return list(range(len(passage.text)))


def stands_for(char: str, source: str) -> bool:
    if char == source or (char == "\ufffd" and source == "\0"):
        return True
    if char in " \n":  # joined lines, runs of blanks, tabs and tags that part words
        return source[0] == "<" or any(map(str.isspace, source))
    return len(source) > 1 and source[0] in "&\\<"


@pytest.mark.parametrize("media_type", [MARKDOWN, PLAIN, HTML])
@given(text=PROSE)
def test_each_character_maps_back(media_type: str, text: str) -> None:
    """Source spans rise, stay inside, and hold the character, its entity or a joined line."""
    found = document(text, media_type)
    for passage in found.passages if found else ():
        assert len(passage.text) == len(passage.starts) == len(passage.ends) > 0
        assert passage.text.strip() == passage.text or passage.kind == "code"
        assert list(passage.starts) == sorted(passage.starts)
        assert list(passage.ends) == sorted(passage.ends)
        assert 0 <= passage.starts[0] <= passage.ends[-1] <= len(text)
        for i in shown(passage):
            source = text[passage.starts[i] : passage.ends[i]]
            assert source
            assert stands_for(passage.text[i], source), (passage.text[i], source)


@pytest.mark.parametrize("media_type", [MARKDOWN, PLAIN, HTML])
@given(text=PROSE)
@example(text="a | b\n--|:-:\n\u00a0|&amp;")
def test_passages_refer_backwards(media_type: str, text: str) -> None:
    """Headings and parents come before what they stand above, and cells lie in their row."""
    found = document(text, media_type)
    passages = found.passages if found else ()
    for index, passage in enumerate(passages):
        assert passage.index == index
        assert all(passages[i].kind == "heading" for i in passage.headings)
        assert list(passage.headings) == sorted(set(passage.headings))
        assert all(i < index for i in passage.headings)
        assert passage.parent is None or passage.parent < index
        assert (passage.marker is not None) == (passage.kind == "item")
        assert (passage.level > 0) == (passage.kind in {"item", "heading"})
        for cell in passage.cells:
            assert passage.text[cell.start : cell.end].strip()


@given(text=st.text(st.sampled_from("ab\r\n\u2028\x0b\x85é\U0001f600")), data=st.data())
@example(text="a\r\nb", data=None)
def test_position_and_offset_are_inverse(text: str, data: st.DataObject | None) -> None:
    """Each offset has one line and column, from which it is found again."""
    found = Document(name="x", media_type=PLAIN, text=text, sha256="", passages=())
    offset = data.draw(st.integers(0, len(text))) if data else 3
    place = found.position(offset)
    assert found.offset(place.line, place.column) == offset


def test_lines_end_as_in_an_editor() -> None:
    """Only the three usual line ends count, so that citations name the editor's lines."""
    found = Document(name="x", media_type=PLAIN, text="a\r\nb\rc\u2028d\ne", sha256="", passages=())
    assert found.position(3) == Position(2, 1)
    assert found.position(7) == Position(3, 3)
    assert found.position(10) == Position(4, 2)
    with pytest.raises(ValueError, match="no line 5, column 1"):
        found.offset(5, 1)
    with pytest.raises(ValueError, match="no line 2, column 3"):
        found.offset(2, 3)
    with pytest.raises(ValueError, match="offset 11"):
        found.position(11)


def test_combining_characters_count_one_by_one() -> None:
    """Columns are code points, also where an editor shows one letter."""
    found = read_text("re\u0301sume\u0301 \U0001f600 x", name="x")
    place = found.position(found.text.index("x"))
    assert place.column == len("re\u0301sume\u0301 \U0001f600 ") + 1
    assert unicodedata.normalize("NFC", found.passages[0].text) == "résumé \U0001f600 x"
