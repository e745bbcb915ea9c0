"""What a check found, ready for a format."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sopc.diagnostics.finding import Finding, by_place
from sopc.diagnostics.severity import Severity


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
class Scope:
    """How one file was checked.

    Attributes:
        rules: The codes of the rules that looked at it.
        fail_on: The least severity that fails it.
    """

    rules: frozenset[str]
    fail_on: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one check.

    Attributes:
        findings: In any order; formats show them sorted.
        files: The graph files that were looked at, as they are shown, unread ones included.
        texts: The text of every file that findings point into, by shown path.
        coverage: Over all files.
        suppressed: Findings that the graph itself accepts, with a reason.
        known: Findings that the baseline holds.
        scopes: How each file was checked, by shown path; where one is missing, all rules looked
            and errors fail.
    """

    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    coverage: Coverage = Coverage()
    suppressed: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    scopes: Mapping[str, Scope] = field(default_factory=dict)

    def entries(self) -> list[Finding]:
        """Give the findings by file, line, column and code."""
        return by_place(self.findings)

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def failing(self) -> int:
        """How many of the findings are severe enough to fail the check of their file."""
        return sum(self.fails(finding) for finding in self.findings)

    def fails(self, finding: Finding) -> bool:
        """Tell whether a finding is severe enough to fail the check of its file."""
        scope = self.scopes.get(finding.primary.place.path)
        least = scope.fail_on if scope else Severity.ERROR
        return finding.unread or finding.severity.rank >= least.rank

    @property
    def unread(self) -> bool:
        """Tell whether there is a file that could not be read."""
        return any(finding.unread for finding in self.findings)

    def worst(self) -> Severity | None:
        """Give the worst severity among the findings."""
        severities = (finding.severity for finding in self.findings)
        return max(severities, key=lambda severity: severity.rank, default=None)

    def summary(self) -> str:
        """Count in one line, as `2 errors, 1 warning in 3 files; prose coverage 91%`."""
        counts = [(self.count(severity), severity.value) for severity in Severity]
        said = ", ".join(_counted(number, noun) for number, noun in counts if number)
        parts = [f"{said or 'no findings'} in {_counted(len(self.files), 'file')}"]
        parts += [f"{len(self.suppressed)} suppressed"] if self.suppressed else []
        parts += [f"{len(self.known)} in the baseline"] if self.known else []
        percent = self.coverage.percent
        parts += [f"prose coverage {percent}%"] if percent is not None else []
        return "; ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
