"""What happens when something goes wrong: retries, escalation ladders, guardrails."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from sopc.graph.base import Cel, GraphRecord, Slug, Words
from sopc.graph.citation import Citation
from sopc.graph.condition import Condition
from sopc.graph.duration import Duration
from sopc.graph.timing import Deadline, Delay


class Failure(StrEnum):
    """The kinds of failure that a step can end in."""

    ANY = "any"
    MISSING_DATA = "missing-data"
    NOT_FOUND = "not-found"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    TIMED_OUT = "timed-out"


class Retry(GraphRecord):
    """Doing a failed step again: `times` more attempts, `delay` apart, grown by `backoff`.

    `when` holds the prose's words for the case, `delays` its expressions of the delay.
    """

    says: Words
    times: Annotated[int, Field(ge=1)] | None = None
    delay: Duration | None = None
    backoff: Annotated[float, Field(ge=1)] = 1.0
    on: tuple[Failure, ...] = (Failure.ANY,)
    when: tuple[Condition, ...] = ()
    delays: tuple[Delay, ...] = ()
    cite: Citation | None = None


class Rung(GraphRecord):
    """One rung of an escalation ladder: after how long, or on what, whom to turn to, and how.

    `by` is the role that turns to `to`; `to` is None where the prose names nobody. `via` is a
    system of the graph. `when` holds what must be so besides; `if_says` is the case in a person's
    words, where no prose states it. `deadlines` bound the turning itself, `delays` are the prose's
    expressions of `after`. `cite` is of the act, `by_cite` and `to_cite` of who does it and to
    whom.
    """

    says: Words
    after: Duration | None = None
    on: tuple[Failure, ...] = ()
    if_says: Words | None = None
    when: tuple[Condition, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    delays: tuple[Delay, ...] = ()
    by: Slug | None = None
    to: Slug | None = None
    via: Slug | None = None
    cite: Citation | None = None
    by_cite: Citation | None = None
    to_cite: Citation | None = None


class Guardrail(GraphRecord):
    """A limit beyond which a step stops and asks: it acts alone only while `limit` is true."""

    says: Words
    limit: Cel | None = None
    ask: Slug | None = None
    cite: Citation | None = None
