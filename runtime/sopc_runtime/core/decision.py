"""Decisions: what the interpreter concludes from an event.

Commands are carried out by a driver; remarks only stand in the journal. Both are compared by a
replay, in their order.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from sopc.graph import Failure
from sopc_runtime.core.event import Values
from sopc_runtime.core.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Ask a system for an operation.

    Attributes:
        id: Unique within the run; each attempt has its own.
        key: The idempotency key: the same for attempts of which an earlier one may have happened.
        values: What a template may name; empty without one.
        dry: Only render what would be sent (shadow, and before an approval).
        reads: Whether the operation changes nothing, so that it may always be repeated.
        repeatable: Whether doing it twice with one key is doing it once.
    """

    kind: Literal["call"] = "call"
    id: str
    step: str
    system: str
    operation: str
    key: str
    inputs: Values = field(default_factory=dict)
    template: str | None = None
    values: Values = field(default_factory=dict)
    dry: bool = False
    reads: bool = False
    repeatable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    """Tell the run when a moment has come; one with the same id is replaced."""

    kind: Literal["set-timer"] = "set-timer"
    timer: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTimer:
    """Forget a timer."""

    kind: Literal["drop-timer"] = "drop-timer"
    timer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Put a task into the inbox."""

    kind: Literal["open-task"] = "open-task"
    task: Task


@dataclass(frozen=True, slots=True, kw_only=True)
class WidenTask:
    """Let a further role decide an open task, because it was escalated to it."""

    kind: Literal["widen-task"] = "widen-task"
    task: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTask:
    """Take a task out of the inbox that nobody has to decide any more."""

    kind: Literal["close-task"] = "close-task"
    task: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Turn to somebody: rung `rung` (from 0) of the ladder that `ladder` names.

    Attributes:
        ladder: `step`, `procedure` or `organization`.
        to: The role's id; None where the graph names nobody.
        via: The system's id, if one is named.
        quiet: Record it, and tell nobody (shadow).
    """

    kind: Literal["escalate"] = "escalate"
    step: str
    ladder: Literal["step", "procedure", "organization"]
    rung: int
    says: str
    why: str
    to: str | None = None
    via: str | None = None
    by: str | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StartChild:
    """Start a run of another procedure: one of this file by id, or of another file."""

    kind: Literal["start-child"] = "start-child"
    step: str
    child: str
    procedure: str | None = None
    file: str | None = None
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelChild:
    """End a run that this one called."""

    kind: Literal["cancel-child"] = "cancel-child"
    child: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Await:
    """Hand on events of a system that a step waits for."""

    kind: Literal["await"] = "await"
    step: str
    system: str | None
    event: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unawait:
    """The step no longer waits for events."""

    kind: Literal["unawait"] = "unawait"
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """The run has ended."""

    kind: Literal["finish"] = "finish"
    status: Literal["done", "failed", "cancelled"]
    why: str | None = None
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBegun:
    """The flow has come to a step, and whatever held it back is over."""

    kind: Literal["step-begun"] = "step-begun"
    step: str
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """A step has done its work."""

    kind: Literal["step-done"] = "step-done"
    step: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped:
    """A step is passed over."""

    kind: Literal["step-skipped"] = "step-skipped"
    step: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed:
    """A step could not be done; what happens then follows."""

    kind: Literal["step-failed"] = "step-failed"
    step: str
    failure: Failure
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchTaken:
    """A decision went one way."""

    kind: Literal["branch-taken"] = "branch-taken"
    step: str
    to: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMissed:
    """A step, or the whole run if `step` is empty, is late."""

    kind: Literal["deadline-missed"] = "deadline-missed"
    step: str
    says: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something that a reader of the journal should know."""

    kind: Literal["remark"] = "remark"
    step: str
    says: str


Command = (
    Call
    | SetTimer
    | DropTimer
    | OpenTask
    | WidenTask
    | CloseTask
    | Escalate
    | StartChild
    | CancelChild
    | Await
    | Unawait
    | Finish
)

Decision = Annotated[
    Command
    | StepBegun
    | StepDone
    | StepSkipped
    | StepFailed
    | BranchTaken
    | DeadlineMissed
    | Remark,
    Field(discriminator="kind"),
]

DECISION: TypeAdapter[Decision] = TypeAdapter(Decision)
"""Reads and writes decisions as JSON."""
