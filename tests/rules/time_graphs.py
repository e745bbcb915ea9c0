"""Steps of a procedure, to be bounded in time."""

from textwrap import indent

from rules.one_rule import findings
from sopc.diagnostics import Finding
from sopc.organization import Organization, loads_organization

HEAD = """\
format: 1
id: refunds
title: Refunds
roles: [{id: clerk, name: clerk}, {id: boss, name: boss}]
systems: [{id: stripe, name: Stripe}]
procedures:
  - id: refund
    title: Refund
    triggers: [{id: asked, kind: event, says: when asked, system: stripe, event: asked}]
"""
OFFICE = loads_organization(
    "name: Tidewater\ntime_zone: America/Chicago\nbusiness_hours: {from: '09:00', to: '17:00'}\n"
)


def found_in(
    rule: str, steps: str, *, top: str = "", organization: Organization | None = None
) -> list[Finding]:
    text = HEAD + indent(top, "    ") + "    steps:\n" + indent(steps, "      ")
    return findings(text, rule, organization=organization)


def a_step(kind: str, *more: str, step: str = "act") -> str:
    lines = [f"- id: {step}", f"kind: {kind}", f"title: Do {step}", *more]
    return "\n  ".join(lines) + "\n"


def due(duration: str, more: str = "") -> str:
    return f"deadlines: [{{says: in time, within: {duration}{more}}}]"
