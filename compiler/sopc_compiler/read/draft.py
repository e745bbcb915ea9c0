"""Passages before their markers are settled: a typed "A." needs its neighbours to be read."""

from dataclasses import dataclass
from itertools import pairwise

from sopc_compiler.read.document import Cell, Passage, PassageKind
from sopc_compiler.read.ordinal import Ordinal, Reading, confirmed, depth, ordinal
from sopc_compiler.read.trace import Trace


@dataclass(slots=True)
class Draft:
    """A passage in the making; fields as in `Passage`."""

    kind: PassageKind
    trace: Trace
    headings: tuple[int, ...]
    parent: int | None = None
    level: int = 0
    marker: str | None = None
    cells: tuple[Cell, ...] = ()


def pieces(trace: Trace) -> list[tuple[str | None, Trace]]:
    """Cut a paragraph where a line begins with a typed marker: "(a) ...", "• ...".

    Returns:
        Each piece, tidied, with its marker or None.
    """
    lines = trace.lines()
    found = {i: mark for i, line in enumerate(lines) if (mark := ordinal(line.text.lstrip()))}
    held = confirmed(list(found.values()))
    marks = {i: mark for (i, mark), reading in zip(found.items(), held, strict=True) if reading}
    if not any(marks):  # none, or at the very beginning only, which the whole document decides
        return [(None, trace.tidy())]
    cuts = sorted({0, *marks, len(lines)})
    return [_piece(Trace.join(lines[a:b]), marks.get(a)) for a, b in pairwise(cuts)]


def _piece(trace: Trace, mark: Ordinal | None) -> tuple[str | None, Trace]:
    if mark is None:
        return None, trace.tidy()
    return mark.written, trace.strip().cut(mark.length).tidy()


def settle(drafts: list[Draft]) -> None:
    """Turn paragraphs that begin with a marker into items, where their neighbours confirm it."""
    found = {
        index: mark
        for index, draft in enumerate(drafts)
        if draft.kind == "item" or (draft.kind == "paragraph" and draft.parent is None)
        if (mark := ordinal(draft.trace.text))
    }
    run = list[tuple[int, Reading]]()  # the open typed items, outermost first
    for (index, mark), reading in zip(found.items(), confirmed(list(found.values())), strict=True):
        if reading is None:
            continue
        draft = drafts[index]
        draft.trace = draft.trace.cut(mark.length).tidy()
        draft.marker = mark.written
        if draft.kind == "paragraph":
            draft.kind = "item"
            run = _nest(drafts, run, index, depth(reading))


def _nest(
    drafts: list[Draft], run: list[tuple[int, Reading]], index: int, style: Reading
) -> list[tuple[int, Reading]]:
    """Give a typed item its parent: its style goes on, or begins below what stands before it."""
    draft = drafts[index]
    before = drafts[index - 1] if index else None
    if run and drafts[run[0][0]].headings != draft.headings:
        run = []
    for place, (sibling, known) in enumerate(run):
        if known == style:
            draft.parent = drafts[sibling].parent
            return [*run[:place], (index, style)]
    if before is None or before.headings != draft.headings:
        return [(index, style)]
    if run and before.kind == "item":
        draft.parent = run[-1][0]
        return [*run, (index, style)]
    if before.kind == "paragraph" and before.trace.text.endswith(":"):
        draft.parent = index - 1
    return [(index, style)]


def finished(drafts: list[Draft]) -> tuple[Passage, ...]:
    """Settle the markers and give the passages, an item as deep as its parents say."""
    settle(drafts)
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
