"""A run's state: all that the interpreter knows of it, plain enough to be a row in a table."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import TypeAdapter

from sopc.graph import Failure
from sopc_runtime.core.event import Values
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.task import Task


class Phase(StrEnum):
    """Where a step stands; the last three are final."""

    HELD = "held"
    """its turn has come, and a delay holds it back"""

    ASKED = "asked"
    """a person is asked what only a person can say before it begins"""

    APPROVING = "approving"
    """a person is asked to approve its act"""

    CALLING = "calling"
    """a system is at it"""

    TASKED = "tasked"
    """a person is at it"""

    DOUBTED = "doubted"
    """a person finds out whether its act happened"""

    WAITING = "waiting"
    """a wait step waits"""

    CALLED = "called"
    """another procedure runs for it"""

    RETRYING = "retrying"
    """it failed and is tried again at a time"""

    REPEATING = "repeating"
    """it was done and is done again at a time"""

    TROUBLED = "troubled"
    """it failed, and a person decides how to go on"""

    EACH = "each"
    """it is done once for each element, at states of their own"""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    """it failed, and the graph deals with that elsewhere"""


FINAL = frozenset({Phase.DONE, Phase.SKIPPED, Phase.FAILED})


@dataclass(slots=True)
class StepState:
    """One step in one run; one element of a for-each has a state of its own, as `step/0`.

    Attributes:
        path: The key in the run: the step's id, with `/N` for an element.
        step: The step's id.
        reached: When the flow came to it, or its round began.
        begun: When nothing held it back any more; deadlines without an anchor count from then.
        ended: When it came to its end.
        attempt: Which attempt this is, from 1.
        key: The idempotency key of its act: kept while an earlier attempt may have happened.
        round: How often it was done by its loop or cadence, from 0.
        element: The element of the list, where it is one of a for-each.
        act: The inputs as they are to be sent.
        context: The values that its template was shown with.
        approved: Whether a person approved exactly that act.
        rendering: Whether the call in flight only renders it.
        left: How many elements of a for-each have not come to their end.
        armed: Whether its deadlines and timed rungs are set.
        task: The id of the task that people are asked to decide for it, if there is one.
        call: The id of the call in flight.
        fired: The rungs that were climbed, as `step:0`.
        child: The run that it called.
        failure: Why it failed the last time, with `message` for people.
        outputs: What it gave.
        answers: What people said about it: conditions by their words.
    """

    path: str
    step: str
    phase: Phase
    reached: datetime
    begun: datetime | None = None
    ended: datetime | None = None
    attempt: int = 1
    key: str | None = None
    round: int = 0
    element: Any = None
    act: Values | None = None
    context: Values = field(default_factory=dict)
    approved: bool = False
    rendering: bool = False
    armed: bool = False
    left: int = 0
    task: str | None = None
    call: str | None = None
    child: str | None = None
    failure: Failure | None = None
    message: str | None = None
    outputs: Values = field(default_factory=dict)
    fired: list[str] = field(default_factory=list)
    answers: dict[str, bool] = field(default_factory=dict)

    @property
    def is_element(self) -> bool:
        """Whether it is one element of a for-each."""
        return self.path != self.step

    @property
    def final(self) -> bool:
        """Whether it has come to its end."""
        return self.phase in FINAL

    def forget_approvals(self) -> None:
        """Take back what roles of its guardrails approved, because its act is another one now."""
        self.approved = False
        for says in [each for each in self.answers if each.endswith(" approved)")]:
            del self.answers[says]


@dataclass(slots=True)
class RunState:
    """One run of one procedure.

    Attributes:
        values: What expressions may name: inputs, payload, outputs, computed values.
        loops: How often each loop went back, by the step that holds it.
        arrived: The steps whose turn came, for joins: how often the flow came to each.
        moments: Moments that people told, by their words ("the kickoff call").
        calls: The calls in flight, each with the path of its step.
        timers: When each timer is due that is set.
        tasks: The open tasks.
        late: The steps whose deadline passed; an empty word stands for the run's own.
        fired: The rungs that are climbed once a run, as `procedure:0`.
        counter: Numbers tasks and calls, so that ids are the same in a replay.
    """

    run: str
    procedure: str
    mode: Mode
    started: datetime
    occurred: datetime
    status: Literal["running", "done", "failed", "cancelled"] = "running"
    why: str | None = None
    trigger: str | None = None
    by: str | None = None
    parent: str | None = None
    ended: datetime | None = None
    values: Values = field(default_factory=dict)
    steps: dict[str, StepState] = field(default_factory=dict)
    loops: dict[str, int] = field(default_factory=dict)
    arrived: dict[str, int] = field(default_factory=dict)
    moments: dict[str, datetime] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    timers: dict[str, datetime] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    fired: list[str] = field(default_factory=list)
    counter: int = 0

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return self.status != "running"

    def active(self) -> list[StepState]:
        """Give the steps that are neither done nor passed over, in the order they were reached."""
        return [each for each in self.steps.values() if each.phase not in FINAL]


STATE: TypeAdapter[RunState] = TypeAdapter(RunState)
"""Reads and writes states as JSON."""
