"""Findings: what a rule says about a procedure, and where that can be seen."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sopc.diagnostics.fix import Fix
from sopc.diagnostics.severity import Confidence, Severity


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of one file, 1-based, counted in code points.

    Attributes:
        path: The file, as it is shown to people.
        line: The line it begins on.
        column: The column it begins at.
        length: How many code points it covers, line ends included; 0 where only a point is known.
    """

    path: str
    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class GraphSpan:
    """A place in the graph file, or in another file of settings.

    Attributes:
        at: Keys and indexes from the top of the file, as `("procedures", 0, "title")`.
        place: Where that stands in the file.
        label: What stands beside the carets, "" for nothing.
    """

    at: tuple[str | int, ...]
    place: Place
    label: str = ""


THEN = "then here"
"""What is said of a place of a chain that has no label."""


@dataclass(frozen=True, slots=True)
class ProseSpan:
    """A place in the prose that the graph was compiled from.

    Attributes:
        place: Where it stands in the source file.
        says: What the window is introduced with.
        label: What stands beside the carets, "" for nothing.
    """

    place: Place
    says: str = "compiled from this sentence"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake, shown in the graph and, where it can be, in the prose.

    Attributes:
        code: The rule's code, as `SOP301`.
        rule: The rule's name, as `missing-deadline`.
        severity: What it means for a run.
        confidence: How sure the rule is.
        message: The fact, in lower case and without a final full stop.
        primary: The smallest place in the graph that shows it.
        prose: The sentence behind it; None where there is none to show.
        related: Other places of the graph that belong to the same mistake.
        notes: What else is worth knowing.
        help: The changes that would mend it.
        step: The id of the step it is about; None if it is about more than a step.
        fingerprint: Names the finding, whatever line it moves to.
        chain: The way that leads to the mistake, place by place, where there is one: the steps of
            a round, or from where a value is used back to where it is missing.
        fix: A change of the file that mends it; None where only people can.
        unread: Whether the file could not be read, so that no rule looked further.
        accepted: Why the graph accepts it; None if it does not, or does not say why.
    """

    code: str
    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    primary: GraphSpan
    prose: ProseSpan | None
    related: tuple[GraphSpan, ...]
    notes: tuple[str, ...]
    help: tuple[str, ...]
    step: str | None
    fingerprint: str
    chain: tuple[GraphSpan, ...] = ()
    fix: Fix | None = None
    unread: bool = False
    accepted: str | None = None

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order findings by file, line, column and code; the fingerprint settles the rest."""
        place = self.primary.place
        return (place.path, place.line, place.column, self.code, self.fingerprint)


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by file, line, column and code."""
    return sorted(findings, key=lambda finding: finding.sort_key)


def fingerprint(*parts: str) -> str:
    """Name a finding by what it is about: rule, graph, step, field and what is wrong with it.

    Returns:
        The letter `f`, so that YAML never takes it for a number, and 15 hexadecimal digits of a
        SHA-256.
    """
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"f{digest[:15]}"


def told_apart(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings, and give those of one fingerprint each their own, by their order."""
    seen: dict[str, int] = {}
    result = []
    for finding in by_place(findings):
        name = finding.fingerprint
        count = seen[name] = seen.get(name, 0) + 1
        if count > 1:
            result.append(replace(finding, fingerprint=fingerprint(name, str(count))))
        else:
            result.append(finding)
    return result
