"""Rules in SARIF, with what code scanning asks to know of them."""

from typing import Any

from sopc.diagnostics.described_rule import DescribedRule
from sopc.diagnostics.severity import Severity

_FAMILIES = {
    "0": "file",
    "1": "trigger",
    "2": "reference",
    "3": "time",
    "4": "failure",
    "5": "flow",
    "6": "autonomy",
    "7": "provenance",
    "8": "data",
}
"""By the hundreds digit of a code."""

_PROBLEM = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "recommendation",
}
"""GitHub's words for severities."""


def descriptor(rule: DescribedRule) -> dict[str, Any]:
    """Describe a rule; `name` is the one that every command takes, so that there is but one."""
    explanation = rule.explanation
    markdown = explanation.markdown()
    what = dict(explanation.sections).get("What it does", explanation.summary)
    family = _FAMILIES.get(rule.code.removeprefix("SOP")[:1])
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": explanation.summary},
        "fullDescription": {"text": what},
        "help": {"text": markdown, "markdown": markdown},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {
            "tags": ["procedure", *([family] if family else [])],
            "precision": rule.confidence.value,
            "problem.severity": _PROBLEM[rule.severity],
        },
    }
