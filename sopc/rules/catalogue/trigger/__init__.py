"""Family 1: what starts a procedure."""

from sopc.rules.catalogue.trigger.missing_trigger import missing_trigger
from sopc.rules.catalogue.trigger.schedule_without_time_zone import schedule_without_time_zone
from sopc.rules.catalogue.trigger.unmapped_trigger import unmapped_trigger
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_trigger,
    unmapped_trigger,
    schedule_without_time_zone,
)
