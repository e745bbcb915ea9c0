"""What every later pass works on: the passages of a procedure and where each character stands."""

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PassageKind = Literal["heading", "paragraph", "item", "row", "code"]

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Cell:
    """One filled cell of a table row: `row.text[start:end]` is its text.

    Attributes:
        header: The text of the column's header, "" if it has none.
        start: Where the cell begins in the row's text, in code points.
        end: Where it ends, exclusive.
    """

    header: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Position:
    """A place as an editor shows it: line and column, 1-based, columns in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One heading, paragraph, list item, table row or code block, in the words a reader sees.

    `document.text[starts[a] : ends[b - 1]]` is the verbatim source of `text[a:b]`. Characters that
    come from one stretch of source (an entity, a joined line end) share its span.

    Attributes:
        index: The place in `Document.passages`.
        kind: What it is.
        text: The words without marks, wrapped lines joined with one space (code keeps its lines).
        starts: For each character of `text`, where its source begins in `Document.text`.
        ends: For each character of `text`, where its source ends, exclusive.
        headings: Indexes of the headings above it, outermost first.
        parent: The item it stands in, else the passage that leads in to its list or table.
        level: The heading's level, the item's depth (1 at the outside), else 0.
        marker: The item's marker as written ("1.", "A.", "-"); None for other kinds.
        cells: The filled cells of a row, left to right.
    """

    index: int
    kind: PassageKind
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    headings: tuple[int, ...] = ()
    parent: int | None = None
    level: int = 0
    marker: str | None = None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A procedure's prose as its writer sees it in an editor, cut into passages.

    Attributes:
        name: The file's name as the user gave it, or what stands for stdin.
        media_type: The format it was read as.
        text: The whole text; for docx and PDF the plain text taken from it.
        sha256: Of the original bytes, in hexadecimal.
        passages: In reading order.
        metadata: Front matter scalars, the HTML title, a docx file's core properties.
    """

    name: str
    media_type: str
    text: str
    sha256: str
    passages: tuple[Passage, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    _lines: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = (0, *(match.end() for match in _LINE_END.finditer(self.text)))
        object.__setattr__(self, "_lines", starts)

    def position(self, offset: int) -> Position:
        r"""Give the line and column of an offset; "\r\n", "\r" and "\n" each end one line.

        Raises:
            ValueError: `offset` lies outside of the text.
        """
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"offset {offset} is outside of `{self.name}`")
        line = bisect_right(self._lines, offset)
        return Position(line=line, column=offset - self._lines[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """Give the offset of a line and column, the inverse of `position`.

        Raises:
            ValueError: there is no such line, or the line has no such column.
        """
        if 1 <= line <= len(self._lines) and column >= 1:
            offset = self._lines[line - 1] + column - 1
            last = len(self.text) if line == len(self._lines) else self._lines[line] - 1
            if offset <= last:
                return offset
        raise ValueError(f"`{self.name}` has no line {line}, column {column}")

    def quote(self, start: int, end: int) -> str:
        """Give the verbatim text between two offsets."""
        return self.text[start:end]


def passage_hash(passage: Passage) -> str:
    """Name a passage by its content, so that answers find it again after it moved.

    Returns:
        The first 12 hexadecimal digits of the SHA-256 over its kind and its text in NFC.
    """
    content = f"{passage.kind}\n{unicodedata.normalize('NFC', passage.text)}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:12]
