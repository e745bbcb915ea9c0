"""What an editor offers to do about findings: fixes, all safe fixes, and accepting one."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    Diagnostic,
    Range,
    WorkspaceEdit,
)
from lsprotocol.types import TextEdit as EditorEdit

from sopc.diagnostics import Finding, TextEdit
from sopc.language_server.acceptance import acceptance
from sopc.language_server.desk import Desk
from sopc.language_server.diagnostic import Shown

FIX_ALL = f"{CodeActionKind.SourceFixAll.value}.sopc"

Rewrite = Callable[[Path, list[EditorEdit]], WorkspaceEdit]
"""Gives a change of one file in the form that the editor takes."""


def actions(
    desk: Desk, within: Range, rewrite: Rewrite, *, only: Iterable[str] | None = None
) -> Iterator[CodeAction]:
    """Give what can be done about the findings in a range, the surest first.

    Args:
        desk: The file that is asked about.
        within: The range.
        rewrite: Puts a change into the form that the editor takes.
        only: The kinds that are asked for, as `quickfix` or `source`; None for all.
    """
    offered = _Offered(desk, rewrite)
    if _asked(CodeActionKind.QuickFix.value, only):
        told = list(desk.told(within))
        yield from offered.fixes(told)
        yield from offered.acceptances(told)
    # Nobody who did not ask for it wants the whole file changed.
    if only is not None and _asked(FIX_ALL, only):
        yield from offered.all_fixes()


def _asked(kind: str, only: Iterable[str] | None) -> bool:
    return only is None or any(kind == each or kind.startswith(f"{each}.") for each in only)


class _Offered:
    def __init__(self, desk: Desk, rewrite: Rewrite) -> None:
        self._view = desk.view
        self._seen = desk.seen
        self._positions = desk.positions(desk.view.path)
        self._rewrite = rewrite

    def fixes(self, told: list[Shown]) -> Iterator[CodeAction]:
        """Give the fix of each finding, safe ones first."""
        fixable = [(each.finding.fix, each) for each in told if each.finding.fix is not None]
        for fix, each in sorted(fixable, key=lambda pair: not pair[0].safe):
            title = f"{fix.title} ({each.finding.rule})"
            title += "" if fix.safe else ", which is a guess"
            yield self._quick(title, each.diagnostic, fix.edits, preferred=fix.safe)

    def acceptances(self, told: list[Shown]) -> Iterator[CodeAction]:
        """Give the way to accept each finding."""
        loaded = self._view.loaded
        if loaded is None:
            return
        for each in told:
            edit = acceptance(loaded, each.finding, self._view.findings)
            if edit is not None:
                title = f"accept {each.finding.rule} here, and write the reason"
                yield self._quick(title, each.diagnostic, [edit])

    def all_fixes(self) -> Iterator[CodeAction]:
        """Give all safe fixes of the graph, as one action."""
        after = self._view.mended() if any(_safe(each) for each in self._view.findings) else None
        if self._view.loaded is not None and after is not None:
            edit = self._edit([_difference(self._view.loaded.text, after)])
            yield CodeAction("fix all that is safe to fix", kind=FIX_ALL, edit=edit)

    def _quick(
        self,
        title: str,
        diagnostic: Diagnostic,
        edits: Iterable[TextEdit],
        *,
        preferred: bool = False,
    ) -> CodeAction:
        return CodeAction(
            title,
            kind=CodeActionKind.QuickFix,
            diagnostics=[diagnostic],
            is_preferred=preferred or None,
            edit=self._edit(edits),
        )

    def _edit(self, edits: Iterable[TextEdit]) -> WorkspaceEdit:
        positions = self._positions
        changes = [
            EditorEdit(positions.span(edit.start, edit.end), edit.text)
            for edit in sorted(edits)
            if positions is not None
        ]
        return self._rewrite(self._view.path, changes)


def _safe(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.safe


def _difference(before: str, after: str) -> TextEdit:
    """Give the one stretch in which two texts differ."""
    start = _alike(before, after)
    rest = _alike(before[start:][::-1], after[start:][::-1])
    return TextEdit(start, len(before) - rest, after[start : len(after) - rest])


def _alike(one: str, other: str) -> int:
    """Give how many characters two texts begin alike with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
