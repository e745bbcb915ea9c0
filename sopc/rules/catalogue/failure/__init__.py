"""Family 4: retries and escalation ladders."""

from sopc.rules.catalogue.failure.backward_ladder import backward_ladder
from sopc.rules.catalogue.failure.circular_escalation import circular_escalation
from sopc.rules.catalogue.failure.endless_wait import endless_wait
from sopc.rules.catalogue.failure.escalation_to_nobody import escalation_to_nobody
from sopc.rules.catalogue.failure.escalation_to_same_role import escalation_to_same_role
from sopc.rules.catalogue.failure.escalation_to_unheld_role import escalation_to_unheld_role
from sopc.rules.catalogue.failure.no_escalation_path import no_escalation_path
from sopc.rules.catalogue.failure.retry_without_delay import retry_without_delay
from sopc.rules.catalogue.failure.unlimited_retry import unlimited_retry
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    no_escalation_path,
    escalation_to_nobody,
    unlimited_retry,
    retry_without_delay,
    escalation_to_same_role,
    escalation_to_unheld_role,
    backward_ladder,
    circular_escalation,
    endless_wait,
)
