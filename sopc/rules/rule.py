"""What a rule is: a code, a name, a severity, and a function that looks at a graph."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sopc.diagnostics import Confidence, Severity
from sopc.graph import Citation, SourcePassage
from sopc.rules.explanation import Explanation

if TYPE_CHECKING:
    from sopc.rules.context import CheckContext

GraphPath = tuple[str | int, ...]
"""A place in the graph: keys and indexes from the top of the file."""


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


Check = Callable[["CheckContext"], Iterator[Flaw]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the catalogue.

    Attributes:
        code: `SOP` and three digits, of which the first is the family; never used again.
        name: Reads as "allow NAME", as `missing-deadline`.
        severity: What its findings mean for a run.
        confidence: How sure it is, unless a flaw says otherwise.
        explanation: The docstring of its function: all there is to say about it.
        check: The function.
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    explanation: Explanation
    check: Check


def rule(
    code: str, name: str, severity: Severity, confidence: Confidence = Confidence.HIGH
) -> Callable[[Check], Rule]:
    """Make a rule of a function whose docstring has the fixed sections."""

    def made(check: Check) -> Rule:
        explanation = Explanation.parse(check.__doc__ or "")
        return Rule(code, name, severity, confidence, explanation, check)

    return made
