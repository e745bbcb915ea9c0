"""Reads Word documents: the text one paragraph a line, and its styles, lists and tables."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from sopc.errors import UsageError
from sopc_compiler.read.nesting import Nesting
from sopc_compiler.read.outline import Outline
from sopc_compiler.read.trace import Trace
from sopc_compiler.read.word_list import WordLists

_LARGEST_UNPACKED = 200_000_000
_PROPERTIES = ("title", "author", "subject", "keywords", "category", "last_modified_by")
_SHOWN = {
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:tab"): "\t",
}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OFF = {"0", "false", "off"}
_WIDEST_SPAN = 50
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list (?:bullet|number) (\d)", re.IGNORECASE)


def segment_docx(data: bytes, name: str, outline: Outline) -> tuple[str, dict[str, str]]:
    """Add the passages of a Word document to an outline.

    Returns:
        The plain text that was taken from it, and its core properties that are filled.

    Raises:
        UsageError: it is not a Word document, or unpacks to more than 200 MB.
    """
    document = _opened(data, name)
    body = _Body(document, outline)
    body.read(document.element.body)
    properties = {key: str(getattr(document.core_properties, key) or "") for key in _PROPERTIES}
    return "".join(body.written), {key: value for key, value in properties.items() if value}


def _opened(data: bytes, name: str) -> Any:
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked <= _LARGEST_UNPACKED:
            return docx.Document(BytesIO(data))
    except Exception:  # noqa: BLE001 - zip, XML and the library each raise their own
        hint = "save it again as .docx in a word processor"
        raise UsageError(f"`{name}` is not a readable Word document", hint=hint) from None
    raise UsageError(f"`{name}` unpacks to more than {_LARGEST_UNPACKED:,} bytes")


class _Body:
    """One walk over the paragraphs and tables, which writes the text as it goes."""

    def __init__(self, document: Any, outline: Outline) -> None:
        self.written = list[str]()
        self._length = 0
        self._outline = outline
        self._nesting = Nesting(outline)
        self._lists = WordLists(document)
        self._styles = {style.style_id: style for style in document.styles}
        self._titled = 0

    def read(self, parent: Any) -> None:
        """Take what stands in an element, content controls and revisions included."""
        for element in parent.iterchildren():
            if element.tag == qn("w:p"):
                self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._table(element)
            elif element.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")}:
                self.read(element)

    def _write(self, text: str) -> Trace:
        trace = Trace.verbatim(text, self._length)
        self.written.append(text)
        self._length += len(text)
        return trace

    def _paragraph(self, element: Any) -> None:
        text = _text(element).strip()
        if not text:
            self._write("\n")
            return
        names = self._style_names(element)
        level = next((int(m[1]) for name in names if (m := _HEADING.fullmatch(name))), None)
        if "title" in names:
            level, self._titled = 0, 1
        item = None if level is not None else self._item(element)
        if level is not None:
            self._nesting.close_from(0)
            self._outline.heading(self._write(text), max(level + self._titled, 1))
        elif item is not None:
            depth, list_id, marker = item
            self._write("  " * depth + marker + " ")
            self._nesting.item(depth, list_id, marker, apart=True)
            self._outline.paragraph(self._write(text))
        else:
            if not names[:1] or not names[0].startswith("list continue"):
                self._nesting.close_from(0)
            self._outline.paragraph(self._write(text), bold=_is_bold(element))
        self._write("\n")
        for box in element.iter(qn("w:txbxContent")):
            if next(box.iterancestors(_FALLBACK), None) is None:
                self.read(box)

    def _styles_of(self, element: Any) -> list[Any]:
        """Give a paragraph's style and those it is based on."""
        given = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style = None if given is None else self._styles.get(given.get(qn("w:val")))
        found = list[Any]()
        while style is not None and style not in found:
            found.append(style)
            style = style.base_style
        return found

    def _style_names(self, element: Any) -> list[str]:
        return [(style.name or "").lower() for style in self._styles_of(element)]

    def _item(self, element: Any) -> tuple[int, str, str] | None:
        """Give the depth, the list and the marker of a paragraph that Word numbers."""
        for holder in [element, *(style.element for style in self._styles_of(element))]:
            numbering = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if numbering is None or (list_id := _value(numbering, "w:numId")) == "":
                continue
            if list_id == "0":  # taken out of its style's list
                return None
            level = int(_value(numbering, "w:ilvl") or 0)
            deeper = next(map(_LIST_STYLE.fullmatch, self._style_names(element)), None)
            depth = level + (int(deeper[1]) - 1 if deeper else 0)
            return depth, list_id, self._lists.marker(list_id, level)
        return None

    def _table(self, element: Any) -> None:
        rows = list[list[Trace]]()
        for row in element.iter(qn("w:tr")):
            if next(row.iterancestors(qn("w:tbl"))) is not element:
                continue  # a table in a cell is text of the cell
            cells = list[Trace]()
            for cell in row.iterchildren(qn("w:tc"), qn("w:sdt")):
                if cells:
                    self._write(" | ")
                cells.append(self._write(" ".join(" ".join(_texts(cell)).split())))
                span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
                wide = 1 if span is None else int(span.get(qn("w:val"), "1"))
                cells += [Trace.verbatim("")] * (min(wide, _WIDEST_SPAN) - 1)
            self._write("\n")
            rows.append(cells)
        self._nesting.close_from(0)
        if rows:
            self._outline.table(rows[0], rows[1:])


def _value(element: Any, name: str) -> str:
    child = element.find(qn(name))
    return "" if child is None else str(child.get(qn("w:val"), ""))


def _texts(element: Any) -> Iterator[str]:
    """Give the texts of all paragraphs inside, those of old-style copies of boxes left out."""
    for paragraph in element.iter(qn("w:p")):
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            yield _text(paragraph)


def _text(paragraph: Any) -> str:
    """Give a paragraph's own text, without that of text boxes anchored in it."""
    return "".join(
        _SHOWN.get(part.tag) or part.text or ""
        for part in paragraph.iter(qn("w:t"), *_SHOWN)
        if next(part.iterancestors(qn("w:p"))) is paragraph
    )


def _is_bold(paragraph: Any) -> bool:
    """Tell whether all of a paragraph's words are set bold."""
    runs = [run for run in paragraph.iter(qn("w:r")) if "".join(run.itertext()).strip()]
    marks = [run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs]
    return all(mark is not None and mark.get(qn("w:val")) not in _OFF for mark in marks)
