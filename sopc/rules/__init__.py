"""What `sopc check` finds: one file a rule in `catalogue`, all of them in `registry`."""

from sopc.rules.checking import check_graph
from sopc.rules.registry import RULES, chosen, rule_named
from sopc.rules.rule import Rule

__all__ = ["RULES", "Rule", "check_graph", "chosen", "rule_named"]
