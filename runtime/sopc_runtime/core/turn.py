"""One turn of the interpreter: an event is taken, and followed to where the run waits again."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sopc.graph import Condition, Step
from sopc.graph.expression import evaluate
from sopc.graph.expression_tree import names_in
from sopc_runtime.core.decision import (
    CancelChild,
    CloseTask,
    Decision,
    DropTimer,
    Remark,
    SetTimer,
    Unawait,
)
from sopc_runtime.core.event import Values
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import Phase, RunState, StepState
from sopc_runtime.core.value import plain


@dataclass(slots=True)
class Turn:
    """What the parts of the interpreter share while they follow one event.

    Attributes:
        now: The event's instant.
        decided: The decisions so far, in order.
        reached: Steps that the flow came to and that are still to be looked at, each after the
            step that it came from.
        again: States of steps that are to be gone on with.
    """

    program: Program
    state: RunState
    now: datetime
    decided: list[Decision] = field(default_factory=list)
    reached: deque[tuple[str, str]] = field(default_factory=deque)
    again: deque[str] = field(default_factory=deque)
    _timers: dict[str, dict[str, None]] | None = None

    def decide(self, decision: Decision) -> None:
        """Add a decision."""
        self.decided.append(decision)

    def remark(self, at: StepState | None, says: str) -> None:
        """Leave a remark in the journal."""
        self.decide(Remark(step=at.path if at else "", says=says))

    def step(self, at: StepState) -> Step:
        """Give the step of a state."""
        return self.program.steps[at.step]

    def number(self, prefix: str) -> str:
        """Give the next id of a kind."""
        self.state.counter += 1
        return f"{prefix}{self.state.counter}"

    # values

    def values(self, at: StepState | None) -> Values:
        """Give what expressions of a step may name."""
        if at is None or not at.is_element:
            return self.state.values
        loop = self.step(at).for_each
        return self.state.values if loop is None else {**self.state.values, loop.name: at.element}

    def shown_values(self, at: StepState) -> Values:
        """Give the values that people are shown with a task.

        Who decides one element of a list needs the element, not all the others.
        """
        loop = self.step(at).for_each
        if loop is None or not at.is_element:
            return dict(self.state.values)
        listed = names_in(loop.items)
        return {name: each for name, each in self.values(at).items() if name not in listed}

    def evaluate(self, cel: str, at: StepState | None, more: Values | None = None) -> Any:
        """Give an expression's value for a step.

        Raises:
            EvaluationError: It has none.
        """
        values = self.values(at)
        step = self.step(at) if at is not None else None
        if more:
            values = {**values, **more}
        return plain(evaluate(cel, values, self.program.scope(cel, step)))

    def holds(self, condition: Condition, at: StepState | None) -> bool | None:
        """Tell whether a condition holds; None where only a person can say.

        Raises:
            EvaluationError: It cannot be told for these values.
        """
        if condition.cel is None:
            return None
        return bool(self.evaluate(condition.cel, at))

    # timers and tasks

    def set_timer(self, timer: str, due: datetime) -> None:
        """Set a timer, in place of one with the same id."""
        self.state.timers[timer] = due
        if self._timers is not None:
            self._timers.setdefault(timer.partition(":")[0], {})[timer] = None
        self.decide(SetTimer(timer=timer, due=due))

    def timers_of(self, path: str) -> list[str]:
        """Give the timers of a step's state, in the order in which they were set."""
        if self._timers is None:
            # A for-each may have thousands: they are looked through once a turn.
            self._timers = {}
            for timer in self.state.timers:
                self._timers.setdefault(timer.partition(":")[0], {})[timer] = None
        return [each for each in self._timers.get(path, ()) if each in self.state.timers]

    def drop_timers(self, path: str, what: str = "") -> None:
        """Drop the timers of a step's state, or only those of one kind."""
        if not self.state.timers:
            return
        for timer in self.timers_of(path):
            if timer.startswith(f"{path}:{what}"):
                del self.state.timers[timer]
                self.decide(DropTimer(timer=timer))

    def drop_all_timers(self) -> None:
        """Drop every timer of the run."""
        for timer in self.state.timers:
            self.decide(DropTimer(timer=timer))
        self.state.timers.clear()

    def stop_waiting(self, at: StepState) -> None:
        """Wait for no event and no time any more; deadlines and rungs go on."""
        if at.phase is Phase.WAITING:
            self.decide(Unawait(step=at.path))
        self.drop_timers(at.path, "wait")

    def close_task(self, at: StepState, why: str) -> None:
        """Take the task of a step out of the inbox, if it has one."""
        task = self.state.tasks.pop(at.task, None) if at.task else None
        at.task = None
        if task is not None:
            self.decide(CloseTask(task=task.id, why=why))

    def let_go(self, at: StepState, why: str) -> None:
        """Drop whatever a step holds: timers, task, waiting, a run that it called."""
        if at.phase is Phase.WAITING:
            self.decide(Unawait(step=at.path))
        elif at.phase is Phase.CALLED and at.child is not None:
            self.decide(CancelChild(child=at.child))
            at.child = None
        self.close_task(at, why)
        self.drop_timers(at.path)
        if at.call is not None:
            self.state.calls.pop(at.call, None)
            at.call = None
