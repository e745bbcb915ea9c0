"""Facts: what the prose states, each tied to its place in a passage. Passes add to them."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` to `end` of the passage with index `passage`."""

    passage: int
    start: int
    end: int


class ActKind(StrEnum):
    """What sort of act an instruction asks for."""

    ACT = "act"
    NOTIFY = "notify"
    APPROVE = "approve"
    DECIDE = "decide"
    WAIT = "wait"


@dataclass(slots=True)
class ActFact:
    """One instruction: what is to be done, by whom, in which system."""

    span: Span
    verb: str
    form: str
    kind: ActKind = ActKind.ACT
    actor: Span | None = None
    system: Span | None = None


@dataclass(slots=True)
class TimeFact:
    """An expression of time (`kind` as in `time_expression`) and the act that it bounds."""

    span: Span
    kind: str
    act: ActFact | None = None


@dataclass(slots=True)
class ConditionFact:
    """A condition and the act that it decides; None where it holds for a whole section."""

    span: Span
    opener: str
    act: ActFact | None = None


@dataclass(slots=True)
class TriggerFact:
    """What starts a procedure: `kind` is `event`, `schedule` or `request`."""

    span: Span
    kind: str


@dataclass(slots=True)
class EscalationFact:
    """Whom to turn to when something fails, is late or is beyond somebody's authority."""

    span: Span
    to: Span | None = None
    act: ActFact | None = None


@dataclass(slots=True)
class NameFact:
    """A role or a system, where it is first named."""

    span: Span
    name: str


@dataclass(slots=True)
class Facts:
    """All that a document states."""

    acts: list[ActFact] = field(default_factory=list)
    times: list[TimeFact] = field(default_factory=list)
    conditions: list[ConditionFact] = field(default_factory=list)
    triggers: list[TriggerFact] = field(default_factory=list)
    escalations: list[EscalationFact] = field(default_factory=list)
    systems: list[NameFact] = field(default_factory=list)
    roles: list[NameFact] = field(default_factory=list)
