"""A graph and an organization file, to be wrong about who and what they name."""

from datetime import date

from sopc.diagnostics import Finding
from sopc.graph.file import loads_graph
from sopc.organization import Organization, loads_organization
from sopc.rules import check_graph
from sopc.rules.registry import chosen

RULES = chosen(("SOP1", "SOP2"))
TODAY = date(2026, 3, 2)

GRAPH = """\
format: 1
id: refunds
title: Refunds
roles:
  - {id: ROLE, name: NAME}
systems:
  - {id: stripe, name: Stripe}
procedures:
  - id: refund
    title: Refund
    triggers:
      - {id: asked, kind: request, says: on request, by: ROLE}
    deadlines: [{says: within 2 days, within: P2D}]
    steps:
      - id: issue-refund
        kind: action
        title: Issue the refund
        system: stripe
        role: ROLE
        escalation: [{says: tell the boss, by: ROLE, to: ROLE}]
"""
ORGANIZATION = """\
name: Tidewater
roles:
  - id: finance-manager
    name: finance manager
    holders:
      - {name: Grace Okafor, email: grace@tidewater.example, to: 2026-01-31}
      - {name: Ana Ruiz, from: 2026-02-01}
  - id: boss
    name: boss
    holders:
      - {name: Grace Lin}
      - {name: Bo Chen, from: 2026-04-01}
systems: [{id: stripe, name: Stripe}]
"""


def found_in(
    text: str, organization: str | None = ORGANIZATION, family: str = "SOP2"
) -> list[Finding]:
    """Let all rules look, and give what those of a family say."""
    known = loads_organization(organization) if organization else None
    findings = found_by_all(text, known)
    return [each for each in findings if each.code.startswith(family)]


def found_by_all(text: str, organization: Organization | None) -> list[Finding]:
    loaded = loads_graph(text)
    return check_graph(
        loaded, "refunds.sop.yaml", RULES, organization=organization, today=TODAY
    ).findings


def with_role(name: str, identity: str = "someone") -> str:
    return GRAPH.replace("NAME", name).replace("ROLE", identity)
