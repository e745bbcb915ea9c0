"""Family 3: deadlines, delays and cadences."""

from sopc.rules.catalogue.time.deadline_beyond_procedure import deadline_beyond_procedure
from sopc.rules.catalogue.time.impossible_deadline import impossible_deadline
from sopc.rules.catalogue.time.missing_deadline import missing_deadline
from sopc.rules.catalogue.time.vague_time import vague_time
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_deadline,
    vague_time,
    impossible_deadline,
    deadline_beyond_procedure,
)
