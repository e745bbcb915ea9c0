"""The world outside of a run: what systems answer, what people decide, and how long that takes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from sopc.graph import Failure
from sopc_runtime.core.decision import Call
from sopc_runtime.core.event import Values
from sopc_runtime.core.task import Task

if TYPE_CHECKING:
    from sopc_runtime.simulation.memory import MemoryRun

_AT_ONCE = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What comes of a call.

    Attributes:
        after: How long the system takes.
        values: What it gives back where it succeeds.
        failure: The kind of failure, where it certainly does not do it.
        in_doubt: Nobody can tell whether it did it.
        message: What it says about a failure or doubt.
    """

    after: timedelta = _AT_ONCE
    values: Values = field(default_factory=dict)
    failure: Failure | None = None
    in_doubt: bool = False
    message: str = "the system says no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person decides, and how long that takes after the person was asked."""

    choice: str
    by: str
    after: timedelta = _AT_ONCE
    values: Values = field(default_factory=dict)
    reason: str | None = None


class World(Protocol):
    """Everything outside of the program. It has to be deterministic, too."""

    def outcome(self, run: "MemoryRun", call: Call, now: datetime) -> Outcome | None:
        """Say what comes of a call; None where the system never answers."""

    def answer(
        self, run: "MemoryRun", task: Task, now: datetime, *, widened_to: str | None = None
    ) -> Answer | None:
        """Say what a person decides of a task; None where nobody does.

        It is asked when a task is opened, and again when it is `widened_to` a further role.
        """
