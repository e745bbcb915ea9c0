"""Steps: what is done, by whom, in which system, under which bounds."""

from enum import IntEnum, StrEnum
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from sopc.graph.base import Cel, GraphRecord, Key, Name, Slug, Words
from sopc.graph.citation import Citation
from sopc.graph.condition import Condition
from sopc.graph.data import Argument, ComputedValue, DataField
from sopc.graph.duration import Duration
from sopc.graph.failure import Guardrail, Retry, Rung
from sopc.graph.timing import Cadence, Deadline, Delay
from sopc.graph.trigger import EventTrigger

END = "end"
"""The reserved id that `next` uses for the end of the procedure."""

_ONE, _SEVERAL = "one step", "several steps"


def _shape(value: object) -> str:
    return _SEVERAL if isinstance(value, (list, tuple)) else _ONE


Next = Annotated[
    Annotated[Slug, Tag(_ONE)] | Annotated[tuple[Slug, ...], Field(min_length=1), Tag(_SEVERAL)],
    Discriminator(_shape),
]
"""Where the flow goes: one step, several at once (a fork), or `end`."""


class Tier(IntEnum):
    """How far a step may run without people."""

    AUTONOMOUS = 1
    PREPARED = 2
    HUMAN_LED = 3


class Join(StrEnum):
    """What a step that several paths lead to waits for."""

    ALL = "all"
    ANY = "any"


class TierProposal(GraphRecord):
    """A tier with the reason for it."""

    level: Tier
    reason: Words


class VagueWord(GraphRecord):
    """A word that leaves a judgment to the reader ("appropriate", "as needed")."""

    says: Words
    cite: Citation | None = None


class Reference(GraphRecord):
    """A document or procedure that the prose points to; `target` is its link where it has one."""

    says: Words
    target: Words | None = None
    cite: Citation | None = None


class ForEach(GraphRecord):
    """Doing a step once for each element of a list."""

    items: Cel
    name: Name


class Loop(GraphRecord):
    """Going back to an earlier step until a condition holds, at most so often."""

    back_to: Slug
    until: Condition | None = None
    at_most: Annotated[int, Field(ge=1)] | None = None


class _Step(GraphRecord):
    """What every kind of step has.

    `citations` holds the places of single fields by their names (`title`, `role`, `system`, ...);
    records inside a step hold their own. `handles` names the step whose failure this one deals
    with: it is skipped where that one succeeds. The flow goes to the next step of the list unless
    `next` says otherwise.
    """

    id: Slug
    title: Words
    role: Slug | None = None
    tier: TierProposal | None = None
    when: tuple[Condition, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    delays: tuple[Delay, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    retry: Retry | None = None
    escalation: tuple[Rung, ...] = ()
    guardrails: tuple[Guardrail, ...] = ()
    reversible: bool | None = None
    vague: tuple[VagueWord, ...] = ()
    references: tuple[Reference, ...] = ()
    handles: Slug | None = None
    for_each: ForEach | None = None
    loop: Loop | None = None
    join: Join | None = None
    next: Next | None = None
    citations: dict[Key, Citation] = Field(default_factory=dict)


class _Working(_Step):
    """What steps that work in a system share."""

    system: Slug | None = None
    template: Words | None = None
    inputs: tuple[Argument, ...] = ()
    outputs: tuple[DataField, ...] = ()


class ActionStep(_Working):
    """An operation of a system; while the system is not bound, a person's tracked task."""

    kind: Literal["action"] = "action"
    operation: Words | None = None


class HumanTaskStep(_Working):
    """Work that a person does; `judgment` where it is a decision that only a person can take."""

    kind: Literal["human_task"] = "human_task"
    judgment: bool = False


class ApprovalStep(_Working):
    """Somebody approves, rejects, or edits and approves; `on_reject` is where a rejection leads."""

    kind: Literal["approval"] = "approval"
    may_edit: bool = False
    on_reject: Next | None = None


class Branch(GraphRecord):
    """One way out of a decision."""

    when: Condition
    then: Next


class DecisionStep(_Step):
    """Exactly one branch is taken; `otherwise` is the else."""

    kind: Literal["decision"] = "decision"
    branches: Annotated[tuple[Branch, ...], Field(min_length=1)]
    otherwise: Next | None = None


class ComputeStep(_Step):
    """Values worked out from values, without a system."""

    kind: Literal["compute"] = "compute"
    values: Annotated[tuple[ComputedValue, ...], Field(min_length=1)]


class WaitStep(_Step):
    """Nothing is done for a `duration`, `until` a point in time, or until an `event`."""

    kind: Literal["wait"] = "wait"
    duration: Duration | None = None
    until: Words | None = None
    event: EventTrigger | None = None


class CallStep(_Step):
    """Another procedure runs: one of this file by id, or that of another `file`."""

    kind: Literal["call"] = "call"
    procedure: Slug | None = None
    file: Words | None = None
    inputs: tuple[Argument, ...] = ()
    outputs: tuple[DataField, ...] = ()


Step = Annotated[
    ActionStep | HumanTaskStep | ApprovalStep | DecisionStep | ComputeStep | WaitStep | CallStep,
    Field(discriminator="kind"),
]
"""One of the seven kinds, told apart by `kind`."""
