"""Steps of a procedure that lead to each other."""

from textwrap import indent

from rules.one_rule import findings
from sopc.diagnostics import Finding, applied

HEAD = """\
format: 1
id: refunds
title: Refunds
inputs:
  - {name: amount, type: money, currency: USD}
  - {name: size, type: enum, values: [small, large]}
  - {name: urgent, type: boolean}
procedures:
  - id: refund
    title: Refund
    steps:
"""


def found_in(steps: str, rule: str) -> list[Finding]:
    return findings(HEAD + indent(steps, "      "), rule)


def told(steps: str, rule: str) -> list[str]:
    return [each.message for each in found_in(steps, rule)]


def mended_by(steps: str, rule: str) -> str:
    """Apply the unsafe fix of a rule's only finding; it is gone afterwards, and nothing is new."""
    text = HEAD + indent(steps, "      ")
    before = {each.rule for each in findings(text)}
    (found,) = findings(text, rule)
    assert found.fix is not None
    assert not found.fix.safe
    changed, _ = applied(text, [found.fix])
    assert {each.rule for each in findings(changed)} == before - {rule}
    return changed


def an_act(step: str, *more: str) -> str:
    return "\n  ".join([f"- id: {step}", "kind: action", f"title: {step}", *more]) + "\n"


def choice(*branches: str, step: str = "choose", more: str = "") -> str:
    """Each branch is `CEL -> STEP`."""
    lines = [f"- id: {step}", "kind: decision", f"title: {step}", *([more] if more else [])]
    lines.append("branches:")
    for branch in branches:
        cel, _, target = branch.partition(" -> ")
        lines.append(f"  - {{when: {{says: so, cel: '{cel}'}}, then: {target}}}")
    return "\n  ".join(lines) + "\n"
