"""Family 5: the way through the steps, and decisions."""

from sopc.rules.catalogue.flow.constant_condition import constant_condition
from sopc.rules.catalogue.flow.dead_end import dead_end
from sopc.rules.catalogue.flow.decision_without_effect import decision_without_effect
from sopc.rules.catalogue.flow.endless_loop import endless_loop
from sopc.rules.catalogue.flow.fork_never_joined import fork_never_joined
from sopc.rules.catalogue.flow.impossible_join import impossible_join
from sopc.rules.catalogue.flow.incomplete_decision import incomplete_decision
from sopc.rules.catalogue.flow.lost_handler import lost_handler
from sopc.rules.catalogue.flow.overlapping_branches import overlapping_branches
from sopc.rules.catalogue.flow.unreachable_step import unreachable_step
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    unreachable_step,
    endless_loop,
    incomplete_decision,
    overlapping_branches,
    dead_end,
    fork_never_joined,
    impossible_join,
    constant_condition,
    lost_handler,
    decision_without_effect,
)
