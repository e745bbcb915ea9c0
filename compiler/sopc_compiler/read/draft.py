"""Passages before their markers are settled: a typed "A." needs its neighbours to be read."""

from dataclasses import dataclass
from itertools import pairwise

from sopc_compiler.read.document import Cell, Passage, PassageKind
from sopc_compiler.read.ordinal import Ordinal, Reading, begins_text, confirmed, depth, ordinal
from sopc_compiler.read.trace import Trace


@dataclass(frozen=True, slots=True)
class Typed:
    """A marker that the writer typed, which the format knows nothing of."""

    marker: str
    style: Reading


@dataclass(slots=True)
class Draft:
    """A passage in the making; `typed` is set for typed items outside of lists."""

    kind: PassageKind
    trace: Trace
    headings: tuple[int, ...]
    parent: int | None = None
    level: int = 0
    marker: str | None = None
    cells: tuple[Cell, ...] = ()
    typed: Typed | None = None


def pieces(trace: Trace) -> list[tuple[Typed | None, Trace]]:
    """Cut a paragraph where a line begins with a typed marker: "(a) ...", "• ...".

    Returns:
        Each piece, tidied, with its marker or None.
    """
    lines = trace.lines()
    found = {i: mark for i, line in enumerate(lines) if (mark := ordinal(line.text.lstrip()))}
    befores = ["", *(line.text.strip() for line in lines)]
    readings = confirmed([(mark, begins_text(befores[i])) for i, mark in found.items()])
    marks = {i: (m, r) for (i, m), r in zip(found.items(), readings, strict=True) if r}
    if not any(marks):  # none, or at the very beginning only, which the whole document decides
        return [(None, trace.tidy())]
    cuts = sorted({0, *marks, len(lines)})
    return [_piece(Trace.join(lines[a:b]), *marks.get(a, (None, None))) for a, b in pairwise(cuts)]


def _piece(
    trace: Trace, mark: Ordinal | None, reading: Reading | None
) -> tuple[Typed | None, Trace]:
    if mark is None or reading is None:
        return None, trace.tidy()
    return Typed(mark.written, depth(reading)), trace.strip().cut(mark.length).tidy()


def _settle(drafts: list[Draft]) -> None:
    """Turn paragraphs that begin with a marker into items, where their neighbours confirm it."""
    found = {
        index: mark
        for index, draft in enumerate(drafts)
        if draft.kind in {"item", "paragraph"} and (mark := ordinal(draft.trace.text))
    }
    readings = confirmed([(mark, True) for mark in found.values()])
    for (index, mark), reading in zip(found.items(), readings, strict=True):
        if reading is None:
            continue
        draft = drafts[index]
        draft.trace = draft.trace.cut(mark.length).tidy()
        draft.marker = mark.written
        if draft.kind == "paragraph":
            draft.kind = "item"
            if draft.parent is None:
                draft.typed = Typed(mark.written, depth(reading))
                draft.parent = _parent(drafts, index, draft.typed.style)


def _parent(drafts: list[Draft], index: int, style: Reading) -> int | None:
    """Find what a typed item hangs on: its style goes on, or begins below what stands before."""
    headings = drafts[index].headings
    before = index - 1
    for earlier in reversed(drafts[:index]):
        if earlier.headings != headings:
            break
        if earlier.typed and earlier.typed.style == style:
            return earlier.parent
    if before < 0 or drafts[before].headings != headings:
        return None
    if drafts[before].kind == "paragraph":
        return before if drafts[before].trace.text.endswith(":") else None
    above: int | None = before
    while above is not None and not drafts[above].typed:
        above = drafts[above].parent
    return above


def finished(drafts: list[Draft]) -> tuple[Passage, ...]:
    """Settle the markers and give the passages, an item as deep as its parents say."""
    _settle(drafts)
    done = list[Passage]()
    for index, draft in enumerate(drafts):
        level, trace = draft.level, draft.trace
        if draft.kind == "item":
            above = None if draft.parent is None else done[draft.parent]
            level = above.level + 1 if above is not None and above.kind == "item" else 1
        done.append(
            Passage(
                index=index,
                kind=draft.kind,
                text=trace.text,
                starts=tuple(trace.starts),
                ends=tuple(trace.ends),
                headings=draft.headings,
                parent=draft.parent,
                level=level,
                marker=draft.marker,
                cells=draft.cells,
            )
        )
    return tuple(done)
