"""What is wrong with a graph file: places, and the error that holds them all."""

from collections.abc import Iterable
from dataclasses import dataclass

from sopc.errors import UsageError


@dataclass(frozen=True)
class Problem:
    """One mistake in a file: its place (1-based, columns in code points), and what to change."""

    line: int
    column: int
    message: str
    hint: str | None = None
    length: int = 1


class GraphFileError(UsageError):
    """A graph file that cannot be read; the message shows the first of its problems in full.

    Attributes:
        file: The file's name as the user gave it.
        problems: All mistakes that were found, sorted by place; never empty.
    """

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.line, p.column, p.message)))
        first, *others = self.problems
        message = f"{file}:{first.line}:{first.column}: {first.message}"
        if others:
            shown = ", ".join(f"{other.line}:{other.column}" for other in others[:5])
            dots = ", ..." if len(others) > 5 else ""  # noqa: PLR2004  # as many as fit a line
            message += f" (and {len(others)} more, at {shown}{dots})"
        super().__init__(message, hint=first.hint)

    @property
    def line(self) -> int:
        """The first problem's line."""
        return self.problems[0].line

    @property
    def column(self) -> int:
        """The first problem's column."""
        return self.problems[0].column


class UnknownFormatError(GraphFileError):
    """A file of a format that this release cannot read."""
