"""What a rule is: a code, a name, a severity, and a function that looks at a graph or a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sopc.diagnostics import Confidence, Severity
from sopc.graph import Citation, SourcePassage
from sopc.graph.edit import Change
from sopc.graph.problem import Problem
from sopc.rules.explanation import Explanation

if TYPE_CHECKING:
    from sopc.rules.context import CheckContext
    from sopc.rules.suppressing import Suppressing
    from sopc.rules.unread import UnreadFile

GraphPath = tuple[str | int, ...]
"""A place in the graph: keys and indexes from the top of the file."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A change of the graph file that mends a flaw.

    Attributes:
        title: What it does, as a statement in lower case.
        changes: By places in the graph.
        safe: Whether the procedure still means what it meant, or becomes more cautious.
    """

    title: str
    changes: tuple[Change, ...]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Flaw:
    """What a rule says; the check turns it into a finding with places and a fingerprint.

    Attributes:
        at: The smallest place that shows it.
        message: The fact, in lower case and without a final full stop.
        about: The field it is about, in words of the graph's ids, as `steps.ID.system`; the same
            words as in questions, whose help it gets.
        key: What tells it from other flaws about the same field; goes into the fingerprint.
        label: What stands beside the carets.
        help: The change that would mend it, as a statement; None if the question says it.
        notes: What else is worth knowing.
        related: Other places that belong to it, each with what is said there.
        cite: The sentence behind it.
        says: What the window on that sentence is introduced with.
        step: The id of the step it is about.
        confidence: Where this flaw is less or more sure than its rule.
        severity: Where this flaw weighs less or more than its rule says.
        chain: The way that leads to it, place by place, each with what happens there.
        repair: The change that mends it; None where only people can.
    """

    at: GraphPath
    message: str
    about: str
    key: str = ""
    label: str = ""
    help: str | None = None
    notes: tuple[str, ...] = ()
    related: tuple[tuple[GraphPath, str], ...] = ()
    cite: Citation | SourcePassage | None = None
    says: str = "compiled from this sentence"
    step: str | None = None
    confidence: Confidence | None = None
    severity: Severity | None = None
    chain: tuple[tuple[GraphPath, str], ...] = ()
    repair: Repair | None = None


Check = Callable[["CheckContext"], Iterator[Flaw]]
FileCheck = Callable[["UnreadFile"], Iterator[Problem]]
SuppressionCheck = Callable[["Suppressing"], Iterator[Flaw]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the catalogue: one of the three kinds below, by what it looks at.

    Attributes:
        code: `SOP` and three digits, of which the first is the family; never used again.
        name: Reads as "allow NAME", as `missing-deadline`.
        severity: What its findings mean for a run.
        confidence: How sure it is, unless a flaw says otherwise.
        explanation: The docstring of its function: all there is to say about it.
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class GraphRule(Rule):
    """Looks at a graph that could be read.

    Attributes:
        check: The function.
        leans_on_organization: Whether something in the organization file can make it quiet, so
            that it can say nothing where there is such a file and it could not be read.
    """

    check: Check
    leans_on_organization: bool = False


@dataclass(frozen=True, slots=True)
class FileRule(Rule):
    """Looks at a file that could not be read; its findings can be neither ignored nor accepted."""

    check: FileCheck


@dataclass(frozen=True, slots=True)
class SuppressionRule(Rule):
    """Looks at what a graph's suppressions did, after all other rules have spoken."""

    check: SuppressionCheck


def rule(
    code: str,
    name: str,
    severity: Severity,
    confidence: Confidence = Confidence.HIGH,
    *,
    leans_on_organization: bool = False,
) -> Callable[[Check], GraphRule]:
    """Make a rule of a function whose docstring has the fixed sections."""

    def made(check: Check) -> GraphRule:
        explained = _explained(check)
        return GraphRule(code, name, severity, confidence, explained, check, leans_on_organization)

    return made


def file_rule(code: str, name: str, severity: Severity) -> Callable[[FileCheck], FileRule]:
    """Make a rule about files that could not be read; as `rule` does."""

    def made(check: FileCheck) -> FileRule:
        return FileRule(code, name, severity, Confidence.HIGH, _explained(check), check)

    return made


def suppression_rule(
    code: str, name: str, severity: Severity
) -> Callable[[SuppressionCheck], SuppressionRule]:
    """Make a rule about suppressions; as `rule` does."""

    def made(check: SuppressionCheck) -> SuppressionRule:
        return SuppressionRule(code, name, severity, Confidence.HIGH, _explained(check), check)

    return made


def _explained(check: object) -> Explanation:
    return Explanation.parse(check.__doc__ or "")
