"""Fixes: changes of a file's text that mend what a finding is about."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class TextEdit:
    """A stretch of a file's text (LF line ends, no BOM) and what takes its place.

    Attributes:
        start: The offset of its first code point.
        end: The offset behind its last one; the same as `start` where something is put in.
        text: What stands there afterwards.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends a finding.

    Attributes:
        title: What it does, as a statement.
        safe: Whether the procedure still means what it meant, or becomes more cautious. Other
            fixes are guesses, which somebody has to look at.
        edits: Of the file that the finding is in, sorted; they do not overlap.
    """

    title: str
    safe: bool
    edits: tuple[TextEdit, ...]


def applied(text: str, fixes: Iterable[Fix]) -> tuple[str, list[Fix]]:
    """Apply fixes to a text, one after the other as given.

    Returns:
        The new text, and the fixes that were applied: all but those that touch what an earlier
        one has changed.
    """
    done: list[Fix] = []
    edits: list[TextEdit] = []
    for fix in fixes:
        if any(_touch(edit, other) for edit in fix.edits for other in edits):
            continue
        done.append(fix)
        edits += fix.edits
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text, done


def _touch(first: TextEdit, second: TextEdit) -> bool:
    return first.start <= second.end and second.start <= first.end
