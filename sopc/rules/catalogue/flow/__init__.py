"""Family 5: the way through the steps, and decisions."""

from sopc.rules.catalogue.flow.constant_condition import constant_condition
from sopc.rules.catalogue.flow.endless_loop import endless_loop
from sopc.rules.catalogue.flow.incomplete_decision import incomplete_decision
from sopc.rules.catalogue.flow.overlapping_branches import overlapping_branches
from sopc.rules.catalogue.flow.unreachable_step import unreachable_step
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    unreachable_step,
    endless_loop,
    incomplete_decision,
    overlapping_branches,
    constant_condition,
)
