"""Word documents become passages by their styles, lists and tables."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from sopc.errors import UsageError
from sopc_compiler.read.document import Document
from sopc_compiler.read.reader import DOCX, read_bytes


def saved(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def read(document: Any) -> Document:
    return read_bytes(saved(document), name="x.docx", media_type=DOCX)


def test_styles_lists_and_properties() -> None:
    """Titles, headings, lists by style with their depth, and the core properties are kept."""
    word = docx.Document()
    word.core_properties.title = "Refunds"
    word.core_properties.author = ""
    word.add_heading("Handbook", 0)
    word.add_heading("Steps", 1)
    word.add_paragraph("Do this:")
    word.add_paragraph("Open it.", style="List Number")
    word.add_paragraph("by phone", style="List Bullet 2")
    word.add_paragraph("Close it.", style="List Number")
    word.add_paragraph().add_run("Notes").bold = True
    word.add_paragraph("The end.")
    found = read(word)
    assert found.metadata == {"title": "Refunds"}
    assert [(p.text, p.kind, p.marker, p.parent, p.level) for p in found.passages] == [
        ("Handbook", "heading", None, None, 1),
        ("Steps", "heading", None, None, 2),
        ("Do this:", "paragraph", None, None, 0),
        ("Open it.", "item", "1.", 2, 1),
        ("by phone", "item", "-", 3, 2),
        ("Close it.", "item", "2.", 2, 1),
        ("Notes", "heading", None, None, 3),
        ("The end.", "paragraph", None, None, 0),
    ]


def test_text_is_one_paragraph_a_line() -> None:
    """Line N of the text is paragraph N as Word shows it, and passages stand in it verbatim."""
    word = docx.Document()
    word.add_paragraph("First  one\tis here.")
    word.add_paragraph("")
    word.add_paragraph("Open", style="List Number")
    found = read(word)
    assert found.text == "First  one\tis here.\n\n1. Open\n"
    assert [p.text for p in found.passages] == ["First one is here.", "Open"]
    assert found.position(found.passages[1].starts[0]).line == 3


def test_tables_stand_in_their_place() -> None:
    """Rows come between the paragraphs around them; wide cells keep the columns right."""
    word = docx.Document()
    word.add_paragraph("Who:")
    table = word.add_table(rows=3, cols=3)
    for row, texts in zip(table.rows, ["abc", "def", "ghi"], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(1, 1))
    word.add_paragraph("After.")
    found = read(word)
    assert [(p.kind, p.text, p.parent) for p in found.passages] == [
        ("paragraph", "Who:", None),
        ("row", "d e | f", 0),
        ("row", "g | h | i", 0),
        ("paragraph", "After.", None),
    ]
    assert [cell.header for cell in found.passages[1].cells] == ["a", "c"]


def test_numbering_shows_as_in_word() -> None:
    """Markers follow the document's own formats, level by level, and start again below."""
    word = docx.Document()
    numbering = word.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for level, (kind, pattern) in enumerate(
            [("upperRoman", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)")]
        )
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="78"><w:abstractNumId w:val="77"/></w:num>')
    )
    for level, text in [(0, "a"), (1, "b"), (1, "c"), (2, "d"), (0, "e"), (1, "f")]:
        paragraph = word.add_paragraph(text)
        paragraph.paragraph_format.left_indent = 0
        paragraph._p.pPr.append(  # noqa: SLF001 - the library has no public way
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="78"/></w:numPr>'
            )
        )
    assert [(p.text, p.marker, p.level) for p in read(word).passages] == [
        ("a", "I.", 1),
        ("b", "I.1", 2),
        ("c", "I.2", 2),
        ("d", "(a)", 3),
        ("e", "II.", 1),
        ("f", "II.1", 2),
    ]


def test_revisions_controls_and_boxes_are_read() -> None:
    """Inserted words and text in content controls and boxes are prose; deleted words are not."""
    word = docx.Document()
    xml = (
        '<w:p {}><w:r><w:t xml:space="preserve">Pay </w:t></w:r><w:ins><w:r><w:t>now</w:t></w:r>'
        "</w:ins><w:del><w:r><w:delText>later</w:delText></w:r></w:del></w:p>\n"
        "<w:sdt {}><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p></w:sdtContent>"
        "</w:sdt>\n"
        "<w:p {}><w:r><w:t>Beside</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box"
        "</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    for part in xml.split("\n"):
        word.element.body.insert(-1, parse_xml(part.format(nsdecls("w"))))
    assert [p.text for p in read(word).passages] == [
        "Pay now",
        "In a control",
        "Beside",
        "In a box",
    ]


def test_broken_files_are_named() -> None:
    """What is no Word document, or one that would fill the memory, is refused in one line."""
    file = BytesIO()
    with ZipFile(file, "w") as packed:
        packed.writestr("a.txt", "x")
    for data in (b"PK\x03\x04 cut off", file.getvalue(), b"plain"):
        with pytest.raises(UsageError, match=r"`x\.docx` is not a readable Word document"):
            read_bytes(data, name="x.docx", media_type=DOCX)
