"""Reads HTML: a whole page, or the blocks of it that stand in Markdown."""

import html
import re
from html.parser import HTMLParser
from itertools import accumulate

from sopc_compiler.read.html_table import HtmlTable
from sopc_compiler.read.outline import Outline
from sopc_compiler.read.trace import Trace

_SKIPPED = {"head", "nav", "script", "style", "template"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_NOTE_MARK = re.compile(r"<sup[^<>]*>\s*[\d*\u2020\u2021]{1,3}\s*</sup>", re.IGNORECASE)
_NOTED = re.compile(r"(?:^|[^\W\d]{3}|[^\w\s])[\s*_]*\Z")
_BEFORE = 20  # code points looked back for a word
_BOLD = {"b", "strong"}
_BLOCKS = {
    *("address", "article", "aside", "body", "caption", "center", "dd", "details", "dialog"),
    *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr"),
    *("html", "legend", "main", "p", "section", "summary", "tbody", "tfoot", "thead"),
}
_PARTING = _BLOCKS | _HEADINGS | {"pre", "table", "tr", "td", "th", "ul", "ol", "menu", "li"}
_ROW_PARTS = {"tr", "td", "th"}
_CONTAINERS = {"ul": "list", "ol": "list", "menu": "list", "li": "item", "blockquote": "quote"}


def segment_html(source: Trace, outline: Outline) -> dict[str, str]:
    """Add the passages of an HTML text to an outline.

    Returns:
        The page's title, if it has one.
    """
    page = _Page(source, outline)
    page.feed(source.text)
    page.close()
    page.finish()
    return page.metadata


def is_note_mark(text: str, start: int) -> bool:
    """Tell whether a raised figure begins at `start` that names a note, not a power or a unit."""
    before = text[max(start - _BEFORE, 0) : start]
    return bool(_NOTE_MARK.match(text, start) and _NOTED.search(before))


class _Page(HTMLParser):
    """The walk of the standard library's parser, which tells where each piece begins."""

    def __init__(self, source: Trace, outline: Outline) -> None:
        super().__init__(convert_charrefs=False)
        self.source = source
        self.outline = outline
        self.metadata = dict[str, str]()
        self._lines = [0, *accumulate(len(line) + 1 for line in source.text.split("\n"))]
        self._skipped = list[str]()
        self._parts = list[Trace]()
        self._bold = 0
        self._thin = False
        self._open = list[str]()
        self._counts = list[int | None]()
        self._table: HtmlTable | None = None
        self._title = False
        self._note = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what a tag begins."""
        if not self._skips(tag):
            self._start(tag, attrs)

    def _skips(self, tag: str) -> bool:
        """Tell whether a tag begins or stands in what is not shown."""
        if tag == "body":
            self._skipped.clear()
        self._title = tag == "title" and self._skipped[-1:] == ["head"]
        if tag in _SKIPPED:
            self._flush()
            self._skipped.append(tag)
        return bool(self._skipped)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._add("\n", len(self.get_starttag_text() or ""))
        elif tag == "img":
            self._image(given.get("alt", ""))
        elif tag == "sup":
            self._note = is_note_mark(self.source.text, self._offset())
        elif tag in _BOLD:
            self._bold += 1
        elif self._table is not None:
            self._in_table(self._table, tag, given)
        elif tag == "table":
            self._flush()
            self._table = HtmlTable()
        elif tag in _CONTAINERS:
            self._flush()
            self._begin(_CONTAINERS[tag], tag, given)
        elif tag in _HEADINGS or tag in _BLOCKS or tag == "pre":
            self._flush()

    def handle_endtag(self, tag: str) -> None:
        """End what a tag ends."""
        self._title = self._note = False
        if tag in self._skipped:
            del self._skipped[self._skipped.index(tag) :]
        elif self._skipped:
            return
        elif tag in _BOLD:
            self._bold = max(self._bold - 1, 0)
        elif self._table is not None:
            self._end_in_table(self._table, tag)
        elif tag in _HEADINGS:
            self.outline.heading(self._taken(), int(tag[1]))
        elif tag == "pre":
            self.outline.code(self._taken())
        elif tag in _CONTAINERS:
            self._flush()
            self._end(_CONTAINERS[tag])
        elif tag in _BLOCKS:
            self._flush()

    def handle_data(self, data: str) -> None:
        """Take text as it stands."""
        if self._title:
            self._name(data)
        elif not self._skipped:
            start = self._offset()
            self._take(self.source.cut(start, start + len(data)))

    def handle_entityref(self, name: str) -> None:
        """Take a named character."""
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        """Take a numbered character."""
        self._reference(f"&#{name}")

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002
        """Pass over "<![if ...]>", which word processors write and the base class refuses."""
        del report
        return self.rawdata.find(">", i) + 1 or -1

    def finish(self) -> None:
        """Close what the page left open."""
        if self._table is not None:
            self._end_in_table(self._table, "table")
        self._flush()
        while self._open:
            self._end(self._open[-1])
        if "title" in self.metadata:
            self.metadata["title"] = " ".join(self.metadata["title"].split())

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _reference(self, written: str) -> None:
        end = self._offset() + len(written)
        if self.source.text[end : end + 1] == ";":
            written += ";"
        shown = html.unescape(written)
        if self._title:
            self._name(shown)
        elif shown == written:
            self.handle_data(written)
        elif not self._skipped:
            self._add(shown, len(written))

    def _name(self, part: str) -> None:
        self.metadata["title"] = self.metadata.get("title", "") + part

    def _add(self, shown: str, length: int) -> None:
        start = self._offset()
        self._take(self.source.replace(start, start + length, shown))

    def _image(self, alt: str) -> None:
        tag = self.get_starttag_text() or ""
        found = tag.find(alt)
        if alt and found >= 0:
            start = self._offset() + found
            self._take(self.source.cut(start, start + len(alt)))
        elif alt:
            self._add(alt, len(tag))

    def _take(self, part: Trace) -> None:
        if self._note:
            return
        self._parts.append(part)
        self._thin = self._thin or (not self._bold and part.text.strip() not in {"", ":"})

    def _taken(self) -> Trace:
        taken = Trace.join(self._parts)
        self._parts, self._thin = [], False
        return taken

    def _flush(self) -> None:
        """Give what was taken so far as a paragraph."""
        thin = self._thin
        self.outline.paragraph(self._taken(), bold=not thin)

    def _begin(self, container: str, tag: str, given: dict[str, str]) -> None:
        if container == "quote":
            self.outline.open_quote()
        elif container == "list":
            self.outline.open_list()
            first = given.get("start", "1")
            ordered = tag == "ol"
            self._counts.append((int(first) if first.isdecimal() else 1) if ordered else None)
        else:
            self._end("item")
            if "list" not in self._open:
                self._begin("list", "ul", {})
            count = self._counts[-1]
            self.outline.open_item("-" if count is None else f"{count}.")
            if count is not None:
                self._counts[-1] = count + 1
        self._open.append(container)

    def _end(self, container: str) -> None:
        """Close the innermost open one and all in it; an item only within the innermost list."""
        inner = self._open[::-1]
        if container not in inner:
            return
        if container == "item" and "list" in inner[: inner.index("item")]:
            return
        for _ in range(inner.index(container) + 1):
            self.outline.close()
            if self._open.pop() == "list":
                self._counts.pop()

    def _in_table(self, table: HtmlTable, tag: str, given: dict[str, str]) -> None:
        """Begin a row or cell; in a cell, other blocks only part words."""
        table.nested += tag == "table"
        if table.nested or tag not in _ROW_PARTS:
            if tag in _PARTING:
                self._add(" ", len(self.get_starttag_text() or ""))
            return
        self._end_cell(table)
        if tag == "tr":
            table.begin_row()
        else:
            table.begin_cell(is_header=tag == "th", span=given.get("colspan", ""))

    def _end_in_table(self, table: HtmlTable, tag: str) -> None:
        if table.nested:
            table.nested -= tag == "table"
        elif tag == "table":
            self._end_cell(table)
            self._table = None
            self.outline.table(*table.parts())
        elif tag in _ROW_PARTS:
            self._end_cell(table)
        elif tag in _PARTING:
            self._add(" ", 1)

    def _end_cell(self, table: HtmlTable) -> None:
        if table.in_cell:
            table.end_cell(self._taken())
        else:
            self._flush()
