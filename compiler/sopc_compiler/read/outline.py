"""Collects what a format's reader finds into passages: headings above, parents, depths."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sopc_compiler.read.document import Cell, Passage, PassageKind
from sopc_compiler.read.draft import Draft, finished, pieces
from sopc_compiler.read.trace import Trace

_CELL_BREAK = " | "
_LONGEST_TITLE = 80


@dataclass(slots=True)
class _Heading:
    level: int
    index: int
    bold: bool


@dataclass(slots=True)
class _Frame:
    """An open list (`lead`), item (`marker`, and `index` once it has text) or quotation."""

    headings: list[_Heading]
    lead: int | None = None
    marker: str | None = None
    index: int | None = None


@dataclass(slots=True)
class Outline:
    """The passages found so far, and the headings, lists, items and quotations that are open."""

    _drafts: list[Draft] = field(default_factory=list)
    _headings: list[_Heading] = field(default_factory=list)
    _frames: list[_Frame] = field(default_factory=list)

    def heading(self, trace: Trace, level: int, *, bold: bool = False) -> None:
        """Add a heading; it stands above all that follows up to one of its level or higher."""
        shown = trace.tidy()
        if not shown:
            return
        while self._headings and self._headings[-1].level >= level:
            self._headings.pop()
        index = self._add("heading", shown, level=level)
        self._headings.append(_Heading(level, index, bold))

    def paragraph(self, trace: Trace, *, bold: bool = False) -> None:
        r"""Add a paragraph; the first one of an open item is the item.

        Args:
            trace: The text; "\n" stands where the writer began a new line.
            bold: True if all of it is bold; if it is short and in no item it acts as a heading.
        """
        item = self._item()
        if bold and item is None and is_title(trace.tidy().text):
            above = next((h.level for h in reversed(self._headings) if not h.bold), 0)
            self.heading(trace, above + 1, bold=True)
            return
        lead = self._lead()
        for typed, piece in pieces(trace):
            if not piece:
                continue
            if typed is not None:
                index = self._add("item", piece, parent=lead, marker=typed.marker)
                self._drafts[index].typed = typed if item is None else None
            elif item is not None and item.index is None:
                lead = item.index = self._add("item", piece, parent=lead, marker=item.marker)
            else:
                parent = self._enclosing()
                index = self._add("paragraph", piece, parent=parent)
                lead = index if parent is None else parent

    def code(self, trace: Trace) -> None:
        """Add a code block; its lines stay as written."""
        shown = trace.cut(0, len(trace.text.rstrip()))
        if shown:
            self._add("code", shown, parent=self._enclosing())

    def table(self, header: Sequence[Trace], rows: Sequence[Sequence[Trace]]) -> None:
        """Add a table's rows, each knowing its columns' headers; a lone header is a row."""
        lead = self._lead()
        names = [cell.tidy().text for cell in header] if rows else []
        for row in rows or [header]:
            parts, cells, length = list[Trace](), list[Cell](), 0
            for column, cell in enumerate(row):
                shown = cell.tidy()
                if not shown:
                    continue
                if parts:
                    before, after = parts[-1].ends[-1], max(shown.starts[0], parts[-1].ends[-1])
                    count = len(_CELL_BREAK)
                    parts.append(Trace(_CELL_BREAK, [before] * count, [after] * count))
                    length += count
                name = names[column] if column < len(names) else ""
                cells.append(Cell(name, length, length + len(shown)))
                parts.append(shown)
                length += len(shown)
            if parts:
                self._add("row", Trace.join(parts), parent=lead, cells=tuple(cells))

    def open_list(self) -> None:
        """Open a list; what stands directly before it leads in to it."""
        self._frames.append(_Frame(list(self._headings), lead=self._lead()))

    def open_item(self, marker: str) -> None:
        """Open an item of the open list."""
        self._frames.append(_Frame(list(self._headings), marker=marker))

    def open_quote(self) -> None:
        """Open a quotation: headings in it end with it."""
        self._frames.append(_Frame(list(self._headings)))

    def close(self) -> None:
        """Close what was opened last; headings found inside do not reach what follows."""
        self._headings = self._frames.pop().headings

    def passages(self) -> tuple[Passage, ...]:
        """Give everything that was added, in order."""
        return finished(self._drafts)

    def _add(
        self,
        kind: PassageKind,
        trace: Trace,
        *,
        parent: int | None = None,
        level: int = 0,
        marker: str | None = None,
        cells: tuple[Cell, ...] = (),
    ) -> int:
        above = tuple(heading.index for heading in self._headings)
        self._drafts.append(Draft(kind, trace, above, parent, level, marker, cells))
        return len(self._drafts) - 1

    def _item(self) -> _Frame | None:
        return next((f for f in reversed(self._frames) if f.marker is not None), None)

    def _enclosing(self) -> int | None:
        return next((f.index for f in reversed(self._frames) if f.index is not None), None)

    def _lead(self) -> int | None:
        """Find what an item added now belongs to: an open item, or the text just before."""
        for frame in reversed(self._frames):
            if frame.index is not None:
                return frame.index
            if frame.lead is not None:
                return frame.lead
        if not self._frames or all(frame.marker is None for frame in self._frames):
            return self._text_before()
        return None

    def _text_before(self) -> int | None:
        if not self._drafts:
            return None
        last = self._drafts[-1]
        plain = last.kind == "paragraph" and last.parent is None
        ends = last.kind in {"paragraph", "item"} and last.trace.text.endswith(":")
        return len(self._drafts) - 1 if plain or ends else None


def is_title(text: str) -> bool:
    """Tell whether a text that stands out by its form is short enough to head a section."""
    return len(text) <= _LONGEST_TITLE and not text.endswith((".", "!", "?", ";", ","))
