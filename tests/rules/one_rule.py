"""Looking at a graph with one rule, and applying the fix that it offers."""

from datetime import date

from sopc.diagnostics import Finding, Prose, applied
from sopc.graph.file import LoadedGraph, loads_graph
from sopc.organization import Organization
from sopc.rules import RULES, check_graph

DAY = date(2026, 3, 2)


def findings(
    text: str,
    rule: str | None = None,
    *,
    organization: Organization | None = None,
    prose: Prose | None = None,
) -> list[Finding]:
    """Give what one rule says about a graph file; what all say where none is named."""
    only = [each for each in RULES if rule in {None, each.name}]
    return check_graph(
        loads_graph(text), "g.sop.yaml", only, organization=organization, prose=prose, today=DAY
    ).findings


def mended(text: str, rule: str, organization: Organization | None = None) -> LoadedGraph:
    """Apply the safe fix of a rule's only finding; it is gone afterwards, and nothing is new."""
    before = findings(text, organization=organization)
    (found,) = [each for each in before if each.rule == rule]
    assert found.fix is not None
    assert found.fix.safe
    changed, _ = applied(text, [found.fix])
    after = findings(changed, organization=organization)
    assert {each.rule for each in after} == {each.rule for each in before} - {rule}
    return loads_graph(changed)
