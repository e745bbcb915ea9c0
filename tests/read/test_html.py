"""HTML becomes passages by its blocks, whatever tags are missing."""

import pytest

from sopc_compiler.read.document import Document
from sopc_compiler.read.reader import HTML, read_text


def document(text: str) -> Document:
    return read_text(text, name="x.html", media_type=HTML)


def test_a_page_gives_its_words_and_title() -> None:
    """Head, navigation, scripts and comments are not prose; the title is metadata."""
    found = document(
        "<!doctype html><html><head><title>My &amp; page</title><style>p{}</style></head><body>"
        "<nav>skip</nav><script>if (a<b) {}</script><!-- no --><h1>T <em>x</em></h1>"
        "<p>First &amp; more\n   wrapped&nbsp;x.<p>Second<br>line</body></html>"
    )
    assert found.metadata == {"title": "My & page"}
    assert [(p.kind, p.text, p.level) for p in found.passages] == [
        ("heading", "T x", 1),
        ("paragraph", "First & more wrapped\u00a0x.", 0),
        ("paragraph", "Second line", 0),
    ]


def test_lists_without_end_tags_nest() -> None:
    """Items end where the next begins, numbers count on, paragraphs inside know their item."""
    found = document("<p>Do:<ol start=3><li>a<ul><li>b<li>c</ul><li><p>d</p><p>e</p></ol><li>f")
    assert [(p.text, p.kind, p.marker, p.parent, p.level) for p in found.passages] == [
        ("Do:", "paragraph", None, None, 0),
        ("a", "item", "3.", 0, 1),
        ("b", "item", "-", 1, 2),
        ("c", "item", "-", 1, 2),
        ("d", "item", "4.", 0, 1),
        ("e", "paragraph", None, 4, 0),
        ("f", "item", "-", None, 1),
    ]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "<tr><th>A<th>B<tr><td>1<td><p>2</p><p>3</p>",
            [[("A", "1"), ("B", "2 3")]],
        ),
        ("<tr><td>A<td>B<tr><td>1<td>2", [[("A", "1"), ("B", "2")]]),
        (
            "<tr><th>A<td>1<tr><th>B<td>2",
            [[("", "A"), ("", "1")], [("", "B"), ("", "2")]],
        ),
        (
            "<tr><th colspan=2>AB<th>C<tr><td>1<td>2<td>3",
            [[("AB", "1"), ("AB", "2"), ("C", "3")]],
        ),
        (
            "<tr><th>A<tr><td>x<table><tr><td>in<td>ner</table>",
            [[("A", "x in ner")]],
        ),
    ],
)
def test_tables(table: str, rows: list[list[tuple[str, str]]]) -> None:
    """Cells know their column's header: of `th`, else the first row, none if rows are headed."""
    found = document(f"<table>{table}</table>").passages
    assert [[(c.header, row.text[c.start : c.end]) for c in row.cells] for row in found] == rows


def test_captions_lead_in_to_tables() -> None:
    """What stands above the rows is a paragraph that they belong to."""
    found = document("<table><caption>Who</caption><tr><td>a<tr><td>b</table>").passages
    assert [(p.kind, p.text, p.parent) for p in found] == [
        ("paragraph", "Who", None),
        ("row", "b", 0),
    ]


def test_quotes_code_images_and_bold_headings() -> None:
    """The other blocks keep what they mean."""
    found = document(
        "<h2>A</h2><p><strong>Bold</strong>:</p><blockquote><h4>Q</h4>x</blockquote>"
        '<pre>a\n  b</pre><img src=x alt="a picture">'
    )
    assert [(p.kind, p.text, p.headings) for p in found.passages] == [
        ("heading", "A", ()),
        ("heading", "Bold:", (0,)),
        ("heading", "Q", (0, 1)),
        ("paragraph", "x", (0, 1, 2)),
        ("code", "a\n  b", (0, 1)),
        ("paragraph", "a picture", (0, 1)),
    ]


def test_references_and_broken_marks() -> None:
    """Entities are decoded, unknown ones and stray signs stay, conditional sections are passed."""
    found = document("&copy; &#x41;&lt &bogus; 1 < 2 <![if !x]>here<![endif]> fact<sup>2</sup>")
    assert found.passages[0].text == "© A< &bogus; 1 < 2 here fact"
    start = found.passages[0].text.index("A")
    assert found.quote(found.passages[0].starts[start], found.passages[0].ends[start]) == "&#x41;"
