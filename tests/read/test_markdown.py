"""Markdown becomes passages whose words stand where the writer sees them."""

import time

import pytest

from sopc_compiler.read.document import Document, Passage, passage_hash
from sopc_compiler.read.reader import read_text


def passages(text: str) -> tuple[Passage, ...]:
    return read_text(text, name="x.md").passages


def shape(text: str) -> list[tuple[str, str | None, str]]:
    return [(p.kind, p.marker, p.text) for p in passages(text)]


def verbatim(document: Document, index: int, words: str) -> str:
    passage = document.passages[index]
    start = passage.text.index(words)
    return document.quote(passage.starts[start], passage.ends[start + len(words) - 1])


def test_marks_and_link_targets_are_dropped() -> None:
    """A reader sees words, so marks, targets, escapes and entities do not reach the text."""
    text = "Send *the* [**form** `F 1`](http://x/y_(z) 'T') &amp; ask \\*Ann\\* via <http://a.b>."
    assert shape(text) == [("paragraph", None, "Send the form F 1 & ask *Ann* via http://a.b.")]


def test_wrapped_lines_are_joined_and_still_found() -> None:
    """A quote over a line end gives back both lines as they stand in the file."""
    document = read_text("> Send it\r\n> within  two days.\r\n", name="x.md")
    assert document.passages[0].text == "Send it within two days."
    assert verbatim(document, 0, "it within two") == "it\r\n> within  two"


def test_nested_lists_know_their_parents() -> None:
    """An item belongs to the item around it, and the outermost to the paragraph before."""
    found = passages("Do this:\n\n1. Call\n   - Ann\n   - Bob\n\n     now\n2. Write\n")
    assert [(p.text, p.kind, p.parent, p.level, p.marker) for p in found] == [
        ("Do this:", "paragraph", None, 0, None),
        ("Call", "item", 0, 1, "1."),
        ("Ann", "item", 1, 2, "-"),
        ("Bob", "item", 1, 2, "-"),
        ("now", "paragraph", 3, 0, None),
        ("Write", "item", 0, 1, "2."),
    ]


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("A list\n======\n\n- a\n", [("heading", None, "A list"), ("item", "-", "a")]),
        ("Ask &lt;Ann&gt;<br>now <b>or</b> <!-- x --> later", "Ask <Ann> now or later"),
        ("<!-- hidden\nnote -->\n\nshown", "shown"),
        ("a ![the *form*](u.png) b", "a the form b"),
        ("``a ` b`` and ` c `", "a ` b and c"),
        ("[long\nlabel][r] and [r] and [r][]\n\n[r]: http://x 'T'", "long label and r and r"),
        ("see https://x.org/a_b_c and a@b.org", "see https://x.org/a_b_c and a@b.org"),
        ("~~old~~ new 2*3*4 a_b_c", "old new 234 a_b_c"),
        ("{% page x %} stays", "{% page x %} stays"),
        ("hard  \nbreak\\\nhere", "hard break here"),
        ("tabs\tand   blanks", "tabs and blanks"),
        ("no\u00a0break", "no\u00a0break"),
        ("שלום עולם", "שלום עולם"),
        ("important<sup>1</sup> and 10<sup>2</sup> m<sup>2</sup>", "important and 102 m2"),
        (
            "a[^n] b[^m]\n\n[^n]: The note.",
            [("paragraph", None, "a b[^m]"), ("paragraph", None, "The note.")],
        ),
        ("- [ ] open\n- [x] done", [("item", "-", "open"), ("item", "-", "done")]),
        ("3) c\n4) d", [("item", "3)", "c"), ("item", "4)", "d")]),
        ("text\n\n---\n\n***\n\nmore", [("paragraph", None, "text"), ("paragraph", None, "more")]),
        ("a\n\n    x = 1\n      y\n", [("paragraph", None, "a"), ("code", None, "x = 1\n  y")]),
        ("```sh\nrun `it`\n\n  now\n```", [("code", None, "run `it`\n\n  now")]),
        (
            "<p>one</p>\n<p>two<br>three</p>",
            [("paragraph", None, "one"), ("paragraph", None, "two three")],
        ),
    ],
)
def test_what_a_reader_sees(prose: str, expected: str | list[tuple[str, str | None, str]]) -> None:
    """Every construct gives the words on the rendered page, and nothing of its marks."""
    wanted = [("paragraph", None, expected)] if isinstance(expected, str) else expected
    assert shape(prose) == wanted


def test_headings_nest_and_bold_lines_are_headings() -> None:
    """A short bold paragraph heads what follows, one level below the real heading above it."""
    found = passages("# A\n\n## B\n\n**Bold:**\n\nx\n\n**Two**\n\n## C\n\n**A whole sentence.**\n")
    assert [(p.text, p.kind, p.level, p.headings) for p in found] == [
        ("A", "heading", 1, ()),
        ("B", "heading", 2, (0,)),
        ("Bold:", "heading", 3, (0, 1)),
        ("x", "paragraph", 0, (0, 1, 2)),
        ("Two", "heading", 3, (0, 1)),
        ("C", "heading", 2, (0,)),
        ("A whole sentence.", "paragraph", 0, (0, 5)),
    ]


def test_quotations_keep_their_headings() -> None:
    """A heading in a block quote does not stand above what follows the quote."""
    found = passages("# A\n\n> ## Q\n>\n> Do:\n> - x\n>   y\n\nafter\n")
    assert [(p.text, p.headings, p.parent) for p in found] == [
        ("A", (), None),
        ("Q", (0,), None),
        ("Do:", (0, 1), None),
        ("x y", (0, 1), 2),
        ("after", (0,), None),
    ]


def test_tables_give_rows_that_know_their_headers() -> None:
    """Rows keep each filled cell with its column's header; the header row is no passage."""
    document = read_text(
        "Who:\n\n| *Role* | Limit \\| cap |\n| :-- | --: |\n| Lead | a \\| b |\n|  | **$5** |\n",
        name="x.md",
    )
    rows = document.passages[1:]
    assert [row.text for row in rows] == ["Lead | a | b", "$5"]
    assert [[(c.header, row.text[c.start : c.end]) for c in row.cells] for row in rows] == [
        [("Role", "Lead"), ("Limit | cap", "a | b")],
        [("Limit | cap", "$5")],
    ]
    assert [row.parent for row in rows] == [0, 0]
    assert verbatim(document, 1, "a | b") == "a \\| b"
    assert verbatim(document, 1, " | ") == " | "


def test_a_table_of_a_header_alone_is_a_row() -> None:
    """Words in a header without rows are not lost."""
    assert shape("| a | b |\n|---|---|\n") == [("row", None, "a | b")]


def test_typed_markers_need_their_neighbours() -> None:
    """ "A." begins items where "B." goes on; an initial or a lone figure stays text."""
    assert shape("A. Allocate time.\n\nB. Respond:\n\n- x\n\nC. Close.\n\nA. Smith decides.\n")[
        :3
    ] == [("item", "A.", "Allocate time."), ("item", "B.", "Respond:"), ("item", "-", "x")]
    assert shape("A. Smith decides.\n\n1.5 hours later, call.\n") == [
        ("paragraph", None, "A. Smith decides."),
        ("paragraph", None, "1.5 hours later, call."),
    ]


def test_typed_items_have_parents_and_depths() -> None:
    """Lists below typed items hang on them, wrapped lines and later paragraphs go on with them."""
    found = passages("Rules:\n(a) first\n(b) second\nmore:\n\n- x\n\n(c) third\n")
    assert [(p.text, p.marker, p.parent, p.level) for p in found] == [
        ("Rules:", None, None, 0),
        ("first", "(a)", 0, 1),
        ("second more:", "(b)", 0, 1),
        ("x", "-", 2, 2),
        ("third", "(c)", 0, 1),
    ]


def test_a_new_list_after_an_announcing_item_hangs_on_it() -> None:
    """Writers forget to indent: "1. Remind them:" leads in to the bullets after it."""
    found = passages("1. Ask\n1. Remind them:\n\n- by mail\n- by phone\n")
    assert [(p.text, p.parent, p.level) for p in found[2:]] == [
        ("by mail", 1, 2),
        ("by phone", 1, 2),
    ]


def test_front_matter_is_metadata() -> None:
    """Scalars above the text are kept as written; a broken head is left out, not an error."""
    document = read_text("---\ntitle: 'A: b'\ndate: 2024-01-01\nx: [1]\n---\nhi", name="x.md")
    assert document.metadata == {"title": "A: b", "date": "2024-01-01"}
    assert [p.text for p in document.passages] == ["hi"]
    assert read_text("---\nx: [\n---\nhi", name="x.md").metadata == {}
    bomb = "---\na: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n!!python/name:os.system y: z\n---\nhi"
    assert read_text(bomb, name="x.md").passages[0].text == "hi"


def test_html_blocks_in_markdown_are_read() -> None:
    """Tables and sections written in HTML give their words at their places, also in quotes."""
    document = read_text(
        "> <table>\n> <tr><th>Who</th></tr>\n> <tr><td>Ann &amp; Bob</td></tr>\n> </table>\n",
        name="x.md",
    )
    assert [p.text for p in document.passages] == ["Ann & Bob"]
    assert document.passages[0].cells[0].header == "Who"
    assert verbatim(document, 0, "Ann & Bob") == "Ann &amp; Bob"


def test_hash_follows_content_not_place() -> None:
    """A passage that moved keeps its name; other words or another kind give another one."""
    first = read_text("Call Ann.\n\n- Call Ann.", name="x.md").passages
    moved = read_text("# New\n\nmore\n\nCall\nAnn.", name="x.md").passages
    assert passage_hash(first[0]) == passage_hash(moved[2])
    assert len({passage_hash(p) for p in (*first, *moved)}) == 4


def test_five_thousand_lines_take_less_than_two_seconds() -> None:
    """Long procedures are read without a wait."""
    section = "# H\n\n**A** [form](u)\nnow.\n\n- a\n  - `b`\n\n| a | b |\n|--|--|\n| c | d |\n\n"
    text = section * (5000 // section.count("\n") + 1)
    begun = time.process_time()
    assert len(passages(text)) > 2000
    assert time.process_time() - begun < 2
