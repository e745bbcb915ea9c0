"""Family 3: deadlines, delays and cadences."""

from sopc.rules.catalogue.time.business_time_without_calendar import business_time_without_calendar
from sopc.rules.catalogue.time.deadline_beyond_procedure import deadline_beyond_procedure
from sopc.rules.catalogue.time.endless_cadence import endless_cadence
from sopc.rules.catalogue.time.impossible_deadline import impossible_deadline
from sopc.rules.catalogue.time.missing_deadline import missing_deadline
from sopc.rules.catalogue.time.past_date import past_date
from sopc.rules.catalogue.time.vague_time import vague_time
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_deadline,
    vague_time,
    impossible_deadline,
    deadline_beyond_procedure,
    business_time_without_calendar,
    endless_cadence,
    past_date,
)
