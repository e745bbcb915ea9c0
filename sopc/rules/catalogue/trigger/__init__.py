"""Family 1: what starts a procedure."""

from sopc.rules.catalogue.trigger.duplicate_trigger import duplicate_trigger
from sopc.rules.catalogue.trigger.impossible_schedule import impossible_schedule
from sopc.rules.catalogue.trigger.missing_trigger import missing_trigger
from sopc.rules.catalogue.trigger.schedule_without_time_zone import schedule_without_time_zone
from sopc.rules.catalogue.trigger.skipped_months import skipped_months
from sopc.rules.catalogue.trigger.unfiltered_event import unfiltered_event
from sopc.rules.catalogue.trigger.unmapped_trigger import unmapped_trigger
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_trigger,
    unmapped_trigger,
    schedule_without_time_zone,
    unfiltered_event,
    duplicate_trigger,
    impossible_schedule,
    skipped_months,
)
