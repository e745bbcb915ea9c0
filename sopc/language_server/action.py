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

from sopc.diagnostics import Fix, TextEdit, applied
from sopc.graph.file import LoadedGraph, loads_graph
from sopc.graph.problem import GraphFileError
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
        """Give all safe fixes of the graph that go together, as one action."""
        loaded = self._view.loaded
        found = (finding.fix for finding in self._view.findings)
        fixes = [fix for fix in found if fix is not None and fix.safe]
        if loaded is None or not fixes:
            return
        done = _together(loaded, fixes)
        if done:
            edits = [edit for fix in done for edit in fix.edits]
            edit = self._edit(edits)
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


def _together(loaded: LoadedGraph, fixes: list[Fix]) -> list[Fix]:
    """Give the fixes that leave the file readable when they are all applied."""
    text, done = applied(loaded.text, fixes)
    try:
        loads_graph(text)
    except GraphFileError:
        return []
    return done
