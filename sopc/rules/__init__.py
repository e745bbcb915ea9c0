"""What `sopc check` finds: one file a rule in `catalogue`, all of them in `registry`."""

from sopc.rules.checking import Checked, check_graph, unread_findings
from sopc.rules.registry import RULES, chosen, rule_named
from sopc.rules.rule import FileRule, GraphRule, Rule, SuppressionRule

__all__ = [
    "RULES",
    "Checked",
    "FileRule",
    "GraphRule",
    "Rule",
    "SuppressionRule",
    "check_graph",
    "chosen",
    "rule_named",
    "unread_findings",
]
