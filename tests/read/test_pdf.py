"""The text layer of a PDF becomes passages, with the page's look as the only witness."""

import pytest

from read.pdf_file import Line, pdf_bytes
from sopc.errors import UsageError
from sopc_compiler.read.reader import PDF, read_bytes

BODY: list[Line] = [
    (72, 690, "When a customer asks for a refund of more than $500, the lead starts a follow-"),
    (72, 676, "up within two days and asks the manager to approve it in the refund form at once."),
    (72, 655, "1. Open the order."),
    (72, 641, "2. Check the date of the order, which has to be within thirty days before the day"),
    (86, 627, "of the request."),
    (90, 613, "a\\) Ask for a receipt."),
    (90, 599, "b\\) Ask for a photo."),
]


def test_lines_become_paragraphs_and_items() -> None:
    """Wrapped lines join, lines that end on purpose do not, indentation nests."""
    found = read_bytes(pdf_bytes([[(72, 720, "REFUNDS"), *BODY]]), name="x.pdf")
    assert found.media_type == PDF
    assert [(p.kind, p.marker, p.parent, p.level) for p in found.passages] == [
        ("heading", None, None, 2),
        ("paragraph", None, None, 0),
        ("item", "1.", 1, 1),
        ("item", "2.", 1, 1),
        ("item", "a)", 3, 2),
        ("item", "b)", 3, 2),
    ]
    words = found.passages[1].text
    assert words.startswith("When a customer asks")
    assert "a follow-up within two days" in words
    place = found.passages[1].starts[words.index("up within")]
    assert found.text[place:].startswith("up within two days")


def test_running_titles_are_left_out() -> None:
    """What stands at the edge of every page is in the text, but is no passage."""
    pages = [
        [(72, 760, "ACME handbook"), (72, 700, f"Rule {word} holds."), (280, 40, f"Page {n} of 3")]
        for n, word in enumerate(["one", "two", "three"], 1)
    ]
    found = read_bytes(pdf_bytes(pages), name="x.pdf")
    assert [p.text for p in found.passages] == [
        "Rule one holds.",
        "Rule two holds.",
        "Rule three holds.",
    ]
    assert found.text.count("ACME handbook") == 3
    assert found.position(found.passages[1].starts[0]).line == 9


def test_sentences_go_on_over_pages() -> None:
    """A paragraph that a page's end parts is one passage, across the running titles."""
    pages = [
        [(72, 760, "ACME handbook"), (72, 700, "The lead calls the customer and"), (280, 40, "1")],
        [(72, 760, "ACME handbook"), (72, 700, "then closes the ticket."), (280, 40, "2")],
        [(72, 760, "ACME handbook"), (72, 700, "The end."), (280, 40, "3")],
    ]
    found = read_bytes(pdf_bytes(pages), name="x.pdf")
    assert [p.text for p in found.passages] == [
        "The lead calls the customer and then closes the ticket.",
        "The end.",
    ]


def test_a_scan_has_no_text_layer() -> None:
    """Pages without characters are an error that says what would help."""
    with pytest.raises(UsageError, match=r"`x\.pdf` has no text layer") as error:
        read_bytes(pdf_bytes([[], []]), name="x.pdf")
    assert "OCR" in (error.value.hint or "")


def test_locked_and_broken_files_are_told_apart() -> None:
    """A password and damage need different changes."""
    key = "00" * 32
    locked = f"/ID [<{key}> <{key}>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{key}> "
    with pytest.raises(UsageError, match="locked by a password"):
        read_bytes(pdf_bytes([BODY], encryption=f"{locked}/U <{key}> >> "), name="x.pdf")
    with pytest.raises(UsageError, match="not a readable PDF"):
        read_bytes(b"%PDF-1.4 nothing", name="x.pdf")
