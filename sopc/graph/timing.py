"""Time bounds: deadlines, delays and cadences, as the prose says them and as a clock reads them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from sopc.graph.base import GraphRecord, Words
from sopc.graph.citation import Citation
from sopc.graph.condition import Condition
from sopc.graph.duration import Duration


class Relation(StrEnum):
    """On which side of its anchor a bound lies."""

    AFTER = "after"
    BEFORE = "before"


class _TimeBound(GraphRecord):
    """What the three kinds share.

    `says` is the prose's expression. `vague` marks one that no clock can read ("promptly").
    `when` limits the bound to cases ("high severity: hourly"); all conditions must hold.
    """

    says: Words
    vague: bool = False
    when: tuple[Condition, ...] = ()
    cite: Citation | None = None


class Deadline(_TimeBound):
    """When a thing has to be done at the latest.

    Either `within` a duration (after, or before, the moment named by `of`; without `of`, after
    the step became due), or `by` a point in time in words of a closed grammar: `17:00`,
    `end of business day`, `friday`, `day 20 of the month`, `2026-12-31`.
    """

    within: Duration | None = None
    by: Words | None = None
    relation: Relation = Relation.AFTER
    of: Words | None = None


class Delay(_TimeBound):
    """How long to hold back before a thing is done: for a duration, or until a point in time."""

    wait: Duration | None = None
    until: Words | None = None
    relation: Relation = Relation.AFTER
    of: Words | None = None


class Cadence(_TimeBound):
    """How often a thing is repeated: `times` per `every`, or on a cron `schedule`.

    It ends when `until` holds; without it, it goes on as long as the run does.
    """

    every: Duration | None = None
    times: Annotated[int, Field(ge=1)] = 1
    schedule: Words | None = None
    until: Condition | None = None
