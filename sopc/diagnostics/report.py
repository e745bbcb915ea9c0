"""What a check found, ready for a format."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sopc.diagnostics.finding import Finding, Place
from sopc.diagnostics.severity import Severity


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that could not be read as what it should be, so that no rule could look at it.

    Attributes:
        place: Where reading stopped; line 1, column 1 where that is not known.
        message: What was expected.
        help: The change that would mend it, "" if there is none to name.
    """

    place: Place
    message: str
    help: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order it among findings, by its place."""
        return (self.place.path, self.place.line, self.place.column, "", self.message)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the prose that instructs is cited, in passages."""

    cited: int = 0
    instructing: int = 0

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.cited + other.cited, self.instructing + other.instructing)

    @property
    def percent(self) -> int | None:
        """Give it as a whole percentage, rounded down; None where no prose instructs."""
        return self.cited * 100 // self.instructing if self.instructing else None


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one check.

    Attributes:
        findings: In any order; formats show them sorted.
        broken: Files that could not be read.
        files: How many graph files were looked at, broken ones included.
        texts: The text of every file that findings point into, by shown path.
        coverage: Over all files.
    """

    findings: tuple[Finding, ...] = ()
    broken: tuple[Broken, ...] = ()
    files: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)
    coverage: Coverage = Coverage()

    def entries(self) -> list[Finding | Broken]:
        """Give findings and broken files by file, line, column and code."""
        return sorted([*self.findings, *self.broken], key=lambda entry: entry.sort_key)

    def count(self, severity: Severity) -> int:
        """Count findings of one severity; a broken file is an error."""
        found = sum(finding.severity is severity for finding in self.findings)
        return found + (len(self.broken) if severity is Severity.ERROR else 0)

    def worst(self) -> Severity | None:
        """Give the worst severity among the findings, broken files left aside."""
        severities = (finding.severity for finding in self.findings)
        return max(severities, key=lambda severity: severity.rank, default=None)

    def summary(self) -> str:
        """Count in one line, as `2 errors, 1 warning in 3 files; prose coverage 91%`."""
        counts = [(self.count(severity), severity.value) for severity in Severity]
        said = ", ".join(_counted(number, noun) for number, noun in counts if number)
        line = f"{said or 'no findings'} in {_counted(self.files, 'file')}"
        percent = self.coverage.percent
        return line if percent is None else f"{line}; prose coverage {percent}%"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
