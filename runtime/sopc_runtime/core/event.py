"""Events: whatever a run is told. They alone move it, in the order in which it takes them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from sopc.graph import Failure
from sopc_runtime.core.mode import Mode

Values = dict[str, Any]
"""Values by name, as they stand in JSON; times and durations in ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """`at` is the instant at which the run takes the event, in UTC."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(_Event):
    """A run begins: what `trigger` (by id) brings as its payload, and who asked for it.

    Attributes:
        run: The run's id.
        occurred: When the trigger's event happened, where that is not when the run begins.
        by: The person who started it, if one did.
        parent: The run that called it, if one did.
    """

    kind: Literal["started"] = "started"
    run: str
    mode: Mode
    trigger: str | None = None
    values: Values = field(default_factory=dict)
    occurred: datetime | None = None
    by: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSucceeded(_Event):
    """A system did what it was asked; `rendered` is what would be sent (shadow, approvals)."""

    kind: Literal["call-succeeded"] = "call-succeeded"
    call: str
    values: Values = field(default_factory=dict)
    rendered: Values | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFailed(_Event):
    """A system certainly did not do what it was asked, and why."""

    kind: Literal["call-failed"] = "call-failed"
    call: str
    failure: Failure
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallInDoubt(_Event):
    """Nobody can tell whether a system did what it was asked."""

    kind: Literal["call-in-doubt"] = "call-in-doubt"
    call: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(_Event):
    """A timer that the run has set is due; `at` is never before its time."""

    kind: Literal["timer-fired"] = "timer-fired"
    timer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDecided(_Event):
    """A person decided a task: one of its choices, with what it asks for.

    Attributes:
        by: The person's name.
        reason: Why, in the person's words.
    """

    kind: Literal["task-decided"] = "task-decided"
    task: str
    choice: str
    by: str
    values: Values = field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventArrived(_Event):
    """Something happened in a system that a step of the run may wait for."""

    kind: Literal["event-arrived"] = "event-arrived"
    system: str
    event: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEnded(_Event):
    """A run that this one called has ended, with the values that it had then."""

    kind: Literal["child-ended"] = "child-ended"
    child: str
    status: Literal["done", "failed", "cancelled"]
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeChanged(_Event):
    """The procedure was promoted or demoted; acts from now on follow the new mode."""

    kind: Literal["mode-changed"] = "mode-changed"
    mode: Mode
    by: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(_Event):
    """Somebody ends the run before its time."""

    kind: Literal["cancelled"] = "cancelled"
    by: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(_Event):
    """The run goes on under another version of its graph, by its hash."""

    kind: Literal["moved"] = "moved"
    graph: str
    organization: str
    by: str


Event = Annotated[
    Started
    | CallSucceeded
    | CallFailed
    | CallInDoubt
    | TimerFired
    | TaskDecided
    | EventArrived
    | ChildEnded
    | ModeChanged
    | Cancelled
    | Moved,
    Field(discriminator="kind"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes events as JSON."""
