"""Steps of a procedure that give values and ask for them."""

from textwrap import indent

from rules.one_rule import findings
from sopc.diagnostics import Finding, applied

HEAD = """\
format: 1
id: refunds
title: Refunds
inputs:
  - {name: amount, type: money, currency: USD}
  - {name: urgent, type: boolean}
  - {name: days_late, type: integer}
  - {name: order, type: object, fields: [{name: total, type: money, currency: EUR}]}
procedures:
  - id: refund
    title: Refund
    steps:
"""


def found_in(steps: str, rule: str, head: str = HEAD) -> list[Finding]:
    return findings(head + indent(steps, "      "), rule)


def told(steps: str, rule: str, head: str = HEAD) -> list[str]:
    return [each.message for each in found_in(steps, rule, head)]


def mended_by(text: str, rule: str) -> str:
    """Apply the fix of a rule's only finding; it is gone afterwards, and nothing is new."""
    before = {each.rule for each in findings(text)}
    (found,) = findings(text, rule)
    assert found.fix is not None
    changed, _ = applied(text, [found.fix])
    assert {each.rule for each in findings(changed)} <= before - {rule}
    return changed


def an_act(step: str, *more: str) -> str:
    return "\n  ".join([f"- id: {step}", "kind: action", f"title: {step}", *more]) + "\n"


def given(cel: str, says: str = "so") -> str:
    return f"when: [{{says: \"{says}\", cel: '{cel}'}}]"


def asks(cel: str) -> str:
    return f"inputs: [{{name: it, cel: '{cel}'}}]"
