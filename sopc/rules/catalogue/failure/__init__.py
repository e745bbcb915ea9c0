"""Family 4: retries and escalation ladders."""

from sopc.rules.catalogue.failure.escalation_to_nobody import escalation_to_nobody
from sopc.rules.catalogue.failure.no_escalation_path import no_escalation_path
from sopc.rules.catalogue.failure.unlimited_retry import unlimited_retry
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    no_escalation_path,
    escalation_to_nobody,
    unlimited_retry,
)
