"""Reads the text layer of PDF files, in which only lines and their places are left."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from sopc.errors import UsageError
from sopc_compiler.read.outline import Outline
from sopc_compiler.read.plain import segment_plain
from sopc_compiler.read.trace import Trace

_LINE_END_HYPHENS = {0x02, 0xFFFE}  # how the library gives a hyphen that parts a word
_DIGITS = re.compile(r"\d+")
_EDGE = 2  # lines at the top and the bottom of a page where running titles stand
_FEWEST_REPEATS = 3
_WIDE = 1.35  # of the usual distance of lines: a gap between paragraphs


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a page; lengths in points, heights from the page's foot."""

    text: str
    left: float
    right: float
    bottom: float
    height: float
    first_word: float  # its width


def segment_pdf(data: bytes, name: str, outline: Outline) -> tuple[str, dict[str, str]]:
    """Add the passages of a PDF's text layer to an outline.

    Returns:
        The text, page after page, with blank lines and indentation as on the page; its title.

    Raises:
        UsageError: it is no PDF, is locked by a password, or has no text layer.
    """
    document = _opened(data, name)
    try:
        pages = [_lines(page) for page in document]
        title = document.get_metadata_value("Title")
    finally:
        document.close()
    if not any(pages):
        raise UsageError(
            f"`{name}` has no text layer", hint="run text recognition (OCR) on the scan first"
        )
    text, prose = _put_together(pages)
    segment_plain(prose, outline)
    return text, {"title": title} if title else {}


def _put_together(pages: Sequence[Sequence[_Line]]) -> tuple[str, Trace]:
    """Give the whole text, and what of it is prose, running titles left out."""
    running = _running_titles(pages)
    written, prose, length = list[str](), list[Trace](), 0
    for page in pages:
        prose_begun = False
        for place, (gap, indent, line) in enumerate(_spaced(page)):
            at_edge = place < _EDGE or place >= len(page) - _EDGE
            is_prose = not at_edge or _DIGITS.sub("#", line.text) not in running
            if place == 0 or (is_prose and not prose_begun):  # a sentence may go on from the page
                gap = "\n" if line.text[0].islower() else "\n\n"  # noqa: PLW2901
            shown = (gap if written else "") + indent + line.text
            if is_prose:
                prose.append(Trace.verbatim(shown, length))
                prose_begun = True
            written.append(shown)
            length += len(shown)
    return "".join(written), Trace.join(prose)


def _opened(data: bytes, name: str) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            hint = "save a copy without the password"
            raise UsageError(f"`{name}` is locked by a password", hint=hint) from None
        raise UsageError(f"`{name}` is not a readable PDF", hint="save it again") from None


def _lines(page: Any) -> list[_Line]:
    """Give the lines of a page, from their characters' boxes."""
    layer = page.get_textpage()
    found, text, boxes = list[_Line](), "", list[tuple[float, ...]]()
    for index in range(layer.count_chars()):
        code = pdfium.FPDFText_GetUnicode(layer.raw, index)
        parted = code in _LINE_END_HYPHENS
        char = "-" if parted else chr(code)
        if char not in "\r\n":
            text += char
            boxes.append(layer.get_charbox(index, loose=True))
        if char == "\n" or parted:
            found += _line(text, boxes)
            text, boxes = "", []
    return found + _line(text, boxes)


def _line(text: str, boxes: Sequence[tuple[float, ...]]) -> list[_Line]:
    solid = [box for char, box in zip(text, boxes, strict=True) if not char.isspace()]
    shown = text.strip()
    if not solid:
        return []
    first, last = solid[0], solid[len(shown.split(maxsplit=1)[0]) - 1]
    readable = shown.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return [
        _Line(
            text=" ".join(readable.split()),
            left=first[0],
            right=solid[-1][2],
            bottom=first[1],
            height=first[3] - first[1],
            first_word=last[2] - first[0],
        )
    ]


def _running_titles(pages: Sequence[Sequence[_Line]]) -> set[str]:
    """Find what stands at the edge of most pages, page numbers aside."""
    edges = (
        {_DIGITS.sub("#", line.text) for line in [*page[:_EDGE], *page[-_EDGE:]]} for page in pages
    )
    counts = Counter(title for edge in edges for title in edge)
    least = max(_FEWEST_REPEATS, len(pages) // 2)
    return {title for title, count in counts.items() if count >= least}


def _spaced(page: Sequence[_Line]) -> Iterator[tuple[str, str, _Line]]:
    """Give each line with the line ends before it and its indentation."""
    if not page:
        return
    margin, edge = min(line.left for line in page), max(line.right for line in page)
    falls = [a.bottom - b.bottom for a, b in pairwise(page) if a.bottom > b.bottom]
    usual = median(falls) if falls else 0
    for before, line in pairwise([page[0], *page]):
        wide = before.bottom - line.bottom > _WIDE * usual
        # A word that had room on the line before stands on its own line on purpose.
        room = before.right + line.height / 4 + line.first_word <= edge
        meant = room and not line.text[0].islower() and not before.text.endswith("-")
        indent = round((line.left - margin) / max(line.height / 2, 1))
        yield "\n\n" if wide or meant else "\n", " " * indent, line
