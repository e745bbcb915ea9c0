"""Entries of the journal before they are chained, made from events and decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sopc_runtime.core.decision import DECISION, Decision
from sopc_runtime.core.event import EVENT, Event
from sopc_runtime.core.program import Program
from sopc_runtime.journal.canonical import instant
from sopc_runtime.journal.redaction import NOTHING, Redaction, redaction

EVENT_MARK = "event:"
"""Begins the kind of an entry that is an event of a run, as `event:started`."""

DECISION_MARK = "decision:"
"""Begins the kind of an entry that is a decision of a run, as `decision:call`."""

PROGRAM = "sopc"
"""The actor of what the program does by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry that is to be added to a chain.

    Attributes:
        at: When it happened.
        kind: `event:KIND`, `decision:KIND`, or a kind of its own such as `promoted`.
        step: The step's path in the run; in the chain `*`, the run or procedure it is about.
        actor: A person's name, `system:ID` or `sopc`.
        graph: The hash that the run goes by.
        cause: The number of the entry that led to it. A decision without one gets the number
            of the event before it among the drafts that are added together.
        data: Whatever else there is, as JSON has it, in clear; it is redacted when it is added.
        redaction: What has to be kept out of the journal.
    """

    at: datetime
    kind: str
    step: str | None = None
    actor: str | None = None
    graph: str | None = None
    cause: int | None = None
    data: dict[str, Any] = field(default_factory=dict)
    redaction: Redaction = field(default=NOTHING, compare=False, repr=False)


def draft_event(
    event: Event,
    program: Program,
    *,
    actor: str | None = None,
    step: str | None = None,
    cause: int | None = None,
) -> Draft:
    """Make the entry of an event: its JSON fields but `at` and `kind`.

    Without an `actor` it is the person that the event names, else `sopc`.
    """
    data: dict[str, Any] = EVENT.dump_python(event, mode="json")
    del data["at"]
    return Draft(
        at=event.at,
        kind=EVENT_MARK + data.pop("kind"),
        step=step,
        actor=actor or data.get("by") or PROGRAM,
        graph=program.graph_hash,
        cause=cause,
        data=data,
        redaction=redaction(program),
    )


def draft_decision(
    decision: Decision, program: Program, *, at: datetime, cause: int | None = None
) -> Draft:
    """Make the entry of a decision: its JSON fields but `kind`; `at` is the event's instant."""
    data: dict[str, Any] = DECISION.dump_python(decision, mode="json")
    task = data.get("task")
    step = data.get("step") or (task["step"] if isinstance(task, dict) else None)
    return Draft(
        at=at,
        kind=DECISION_MARK + data.pop("kind"),
        step=step,
        actor=PROGRAM,
        graph=program.graph_hash,
        cause=cause,
        data=data,
        redaction=redaction(program),
    )


def event_of(kind: str, at: datetime, data: Mapping[str, Any]) -> Event:
    """Read the event of an entry back from its unsealed data."""
    read: Event = EVENT.validate_python(
        {**data, "kind": kind.removeprefix(EVENT_MARK), "at": instant(at)}
    )
    return read


def decision_of(kind: str, data: Mapping[str, Any]) -> Decision:
    """Read the decision of an entry back from its unsealed data."""
    read: Decision = DECISION.validate_python({**data, "kind": kind.removeprefix(DECISION_MARK)})
    return read
