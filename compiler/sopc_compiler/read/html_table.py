"""The cells of an HTML table while its tags go by."""

from dataclasses import dataclass, field
from itertools import chain

from sopc_compiler.read.trace import Trace

_WIDEST_SPAN = 50
_NOTHING = Trace("", (), ())


@dataclass(slots=True)
class _Cell:
    is_header: bool
    span: int
    text: Trace = _NOTHING


@dataclass(slots=True)
class HtmlTable:
    """Rows of cells; tables inside a cell count as text of the cell.

    Attributes:
        nested: How many tables are open inside a cell.
        in_cell: True between a cell's tags.
    """

    nested: int = 0
    in_cell: bool = False
    _rows: list[list[_Cell]] = field(default_factory=list)

    def begin_row(self) -> None:
        """Begin a row."""
        self._rows.append([])

    def begin_cell(self, *, is_header: bool, span: str) -> None:
        """Begin a cell, as wide as its `colspan` says."""
        if not self._rows:
            self.begin_row()
        columns = min(int(span), _WIDEST_SPAN) if span.isdecimal() else 1
        self._rows[-1].append(_Cell(is_header, columns or 1))
        self.in_cell = True

    def end_cell(self, text: Trace) -> None:
        """End the open cell."""
        self._rows[-1][-1].text = text
        self.in_cell = False

    def parts(self) -> tuple[list[Trace], list[list[Trace]]]:
        """Give the header's cells and the other rows, a wide cell standing in each column."""
        rows = [row for row in self._rows if row]
        titles = [row for row in rows if all(cell.is_header for cell in row)]
        sideways = all(row[0].is_header and not row[-1].is_header for row in rows)
        header = titles[0] if titles else [] if sideways else rows[0]
        return (
            list(chain.from_iterable([cell.text] * cell.span for cell in header)),
            [
                list(
                    chain.from_iterable([cell.text, *[_NOTHING] * (cell.span - 1)] for cell in row)
                )
                for row in rows
                if row is not header
            ],
        )
