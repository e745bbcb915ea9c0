"""Markdown becomes passages whose words stand where the writer sees them."""

from sopc_compiler.read.document import Document, Passage
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
