"""Which findings a graph accepts, and which of its suppressions did something."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sopc.diagnostics import Finding
from sopc.graph import StepGraph, Suppression
from sopc.rules.part import procedure_of
from sopc.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Suppressing:
    """What became of the suppressions of a graph.

    Attributes:
        graph: The graph that they stand in.
        ran: The rules that looked at it; of others nothing can be said.
        known: All rules that there are.
        used: The indexes of the suppressions that a finding was accepted by.
        today: The day that they are judged on.
    """

    graph: StepGraph
    ran: tuple[Rule, ...]
    known: tuple[Rule, ...]
    used: frozenset[int]
    today: date

    def rule(self, suppression: Suppression) -> Rule | None:
        """Give the rule that a suppression is about; None if there is none of that name."""
        return next((rule for rule in self.known if names_rule(suppression, rule)), None)


def names_rule(suppression: Suppression, rule: Rule | Finding) -> bool:
    """Tell whether a suppression is about a rule, or a finding of one."""
    name = rule.rule if isinstance(rule, Finding) else rule.name
    return suppression.rule.strip().lower() in {rule.code.lower(), name}


def holds(suppression: Suppression, today: date) -> bool:
    """Tell whether a suppression has not run out."""
    return suppression.until is None or today <= suppression.until


def scope_key(suppression: Suppression) -> str:
    """Give what a suppression is about, to tell it from others in fingerprints."""
    scope = (suppression.step, suppression.procedure, suppression.fingerprint)
    return " ".join((suppression.rule, *(each or "-" for each in scope)))


def accepted(
    findings: Iterable[Finding], graph: StepGraph, today: date
) -> tuple[list[Finding], list[Finding], frozenset[int]]:
    """Part findings into those that stand and those that the graph accepts.

    Returns:
        Both lists, and the indexes of the suppressions that accepted something.
    """
    standing: list[Finding] = []
    suppressed: list[Finding] = []
    used: set[int] = set()
    holding = [(index, each) for index, each in enumerate(graph.suppressions) if holds(each, today)]
    for finding in findings:
        fitting = [index for index, each in holding if _fits(each, finding, graph)]
        used |= set(fitting)
        if fitting:
            reason = graph.suppressions[fitting[0]].reason
            suppressed.append(replace(finding, accepted=reason))
        else:
            standing.append(finding)
    return standing, suppressed, frozenset(used)


def _fits(suppression: Suppression, finding: Finding, graph: StepGraph) -> bool:
    if not names_rule(suppression, finding):
        return False
    if suppression.step is not None and suppression.step != finding.step:
        return False
    if suppression.fingerprint is not None and suppression.fingerprint != finding.fingerprint:
        return False
    if suppression.procedure is None:
        return True
    procedure = procedure_of(graph, finding.primary.at)
    return procedure is not None and procedure.id == suppression.procedure
