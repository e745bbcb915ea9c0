"""The in-memory driver: it carries out what runs decide, on a virtual clock.

Nothing here reads a real clock or a random number: the same programs, world and events always
give the same history. At one instant, things happen in the order in which they were arranged.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sopc_runtime.core import interpreter
from sopc_runtime.core.decision import (
    Await,
    Call,
    CancelChild,
    Decision,
    Finish,
    OpenTask,
    SetTimer,
    StartChild,
    Unawait,
    WidenTask,
)
from sopc_runtime.core.event import (
    CallFailed,
    CallInDoubt,
    CallSucceeded,
    Cancelled,
    ChildEnded,
    Event,
    EventArrived,
    ModeChanged,
    Started,
    TaskDecided,
    TimerFired,
    Values,
)
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import RunState
from sopc_runtime.simulation.world import Answer, Outcome, World

Programs = Callable[[Program, StartChild], Program | None]
"""Finds the program of a run that another one calls; None where there is none."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An event that a run took, and what it decided upon it: one entry of its journal."""

    event: Event
    decisions: tuple[Decision, ...]


@dataclass(slots=True)
class MemoryRun:
    """A run with all that it lived through."""

    program: Program
    state: RunState
    history: list[Taken]
    awaits: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """The run's id."""
        return self.state.run


def only_its_own(caller: Program, wanted: StartChild) -> Program | None:
    """Find a called procedure in the caller's own graph."""
    if wanted.file is not None:
        return None
    known = {each.id for each in caller.graph.procedures}
    procedure = wanted.procedure or caller.procedure.id
    return Program(caller.graph, caller.organization, procedure) if procedure in known else None


class MemoryDriver:
    """Holds runs, timers, tasks and calls in memory, and lets virtual time pass.

    Attributes:
        now: The virtual instant.
        runs: All runs by id, in the order in which they began.
        journal: Each event that was taken and by which run, in order.
        taken: How many events were taken.
    """

    def __init__(self, world: World, *, now: datetime, programs: Programs = only_its_own) -> None:
        self.world = world
        self.now = now
        self.runs: dict[str, MemoryRun] = {}
        self.journal: list[tuple[MemoryRun, Taken]] = []
        self._programs = programs
        self._known: dict[tuple[int, str | None, str | None], Program | None] = {}
        self._ahead: list[tuple[datetime, int, Callable[[], None]]] = []
        self._arranged = 0

    @property
    def taken(self) -> int:
        """How many events were taken."""
        return len(self.journal)

    # what people and triggers do

    def start(
        self,
        program: Program,
        run: str,
        *,
        mode: Mode = Mode.AUTONOMOUS,
        trigger: str | None = None,
        values: Values | None = None,
        occurred: datetime | None = None,
        by: str | None = None,
        parent: str | None = None,
    ) -> MemoryRun:
        """Start a run now."""
        event = Started(
            at=self.now,
            run=run,
            mode=mode,
            trigger=trigger,
            values=values or {},
            occurred=occurred,
            by=by,
            parent=parent,
        )
        state, decisions = interpreter.start(program, event)
        started = MemoryRun(program, state, [])
        self.runs[run] = started
        self._carry_out(started, event, decisions)
        return started

    def tell(self, run: str, event: Event) -> None:
        """Let a run take an event now."""
        told = self.runs[run]
        told.state, decisions = interpreter.advance(told.program, told.state, event)
        self._carry_out(told, event, decisions)

    def arrive(self, system: str, event: str, values: Values | None = None) -> None:
        """Let something happen in a system, now: every run hears of it that waits for events."""
        for run in list(self.runs.values()):
            if run.awaits and not run.state.over:
                arrived = EventArrived(at=self.now, system=system, event=event, values=values or {})
                self.tell(run.id, arrived)

    def decide(self, run: str, task: str, answer: Answer) -> None:
        """Let a person decide a task now; nothing happens where it is not open any more."""
        if task in self.runs[run].state.tasks:
            decided = TaskDecided(
                at=self.now,
                task=task,
                choice=answer.choice,
                by=answer.by,
                values=answer.values,
                reason=answer.reason,
            )
            self.tell(run, decided)

    def cancel(self, run: str, by: str, reason: str | None = None) -> None:
        """Let somebody end a run now; nothing happens where it is over."""
        if not self.runs[run].state.over:
            self.tell(run, Cancelled(at=self.now, by=by, reason=reason))

    def change_mode(self, mode: Mode, by: str) -> None:
        """Promote or demote all runs now."""
        for run in list(self.runs.values()):
            if not run.state.over:
                self.tell(run.id, ModeChanged(at=self.now, mode=mode, by=by))

    def at(self, when: datetime, what: Callable[[], None]) -> None:
        """Arrange that something happens at an instant; one that is past happens now."""
        self._arranged += 1
        heapq.heappush(self._ahead, (max(when, self.now), self._arranged, what))

    # how time passes

    def step(self) -> bool:
        """Let the next thing happen that is arranged; false where there is nothing."""
        if not self._ahead:
            return False
        self.now, _, what = heapq.heappop(self._ahead)
        what()
        return True

    def run(self, *, until: datetime | None = None, at_most: int | None = None) -> None:
        """Let time pass until nothing is arranged any more.

        Args:
            until: Stop before what comes after that instant.
            at_most: Stop when that many events were taken.
        """
        while self._ahead and (until is None or self._ahead[0][0] <= until):
            if at_most is not None and self.taken >= at_most:
                return
            self.step()
        if until is not None and until > self.now:
            self.now = until

    # what runs decide

    def _carry_out(  # noqa: C901 # one a command
        self, run: MemoryRun, event: Event, decisions: list[Decision]
    ) -> None:
        entry = Taken(event, tuple(decisions))
        run.history.append(entry)
        self.journal.append((run, entry))
        for decision in decisions:
            match decision:
                case Call():
                    self._call(run, decision)
                case SetTimer():
                    self._set_timer(run, decision)
                case OpenTask():
                    self._ask(run, decision.task.id, None)
                case WidenTask():
                    self._ask(run, decision.task, decision.role)
                case Await():
                    run.awaits.add(decision.step)
                case Unawait():
                    run.awaits.discard(decision.step)
                case StartChild():
                    self._start_child(run, decision)
                case CancelChild():
                    self._cancel_child(decision.child)
                case Finish():
                    self._finish(run, decision)
                case _:
                    pass

    def _set_timer(self, run: MemoryRun, timer: SetTimer) -> None:
        def fire() -> None:
            # It may have been dropped, or set anew.
            if run.state.timers.get(timer.timer) == timer.due:
                self.tell(run.id, TimerFired(at=self.now, timer=timer.timer))

        self.at(timer.due, fire)

    def _ask(self, run: MemoryRun, task: str, widened_to: str | None) -> None:
        asked = run.state.tasks.get(task)
        if asked is None:
            return
        answer = self.world.answer(run, asked, self.now, widened_to=widened_to)
        if answer is not None:
            self.at(self.now + answer.after, lambda: self.decide(run.id, task, answer))

    def _call(self, run: MemoryRun, call: Call) -> None:
        if call.dry:
            rendered = {"operation": call.operation, "inputs": call.inputs}
            if call.template is not None:
                rendered["template"] = call.template

            def render() -> None:
                self._return(run, CallSucceeded(at=self.now, call=call.id, rendered=rendered))

            self.at(self.now, render)
            return
        outcome = self.world.outcome(run, call, self.now)
        if outcome is not None:
            self.at(
                self.now + outcome.after,
                lambda: self._return(run, _event(call, outcome, self.now)),
            )

    def _return(self, run: MemoryRun, event: Event) -> None:
        if not run.state.over:
            self.tell(run.id, event)

    def _start_child(self, run: MemoryRun, wanted: StartChild) -> None:
        program = self._program(run.program, wanted)
        mode = run.state.mode

        def begin() -> None:
            if run.state.over:
                return
            if program is None:
                self.tell(run.id, ChildEnded(at=self.now, child=wanted.child, status="failed"))
                return
            self.start(program, wanted.child, mode=mode, values=wanted.values, parent=run.id)

        self.at(self.now, begin)

    def _program(self, caller: Program, wanted: StartChild) -> Program | None:
        # A program looks up much that is worth keeping.
        key = id(caller.graph), wanted.procedure or caller.procedure.id, wanted.file
        if key not in self._known:
            self._known[key] = self._programs(caller, wanted)
        return self._known[key]

    def _cancel_child(self, child: str) -> None:
        def end() -> None:
            # It begins after the run that called it has gone on, at the same instant.
            if child in self.runs:
                self.cancel(child, "the run that called it")

        self.at(self.now, end)

    def _finish(self, run: MemoryRun, finish: Finish) -> None:
        run.awaits.clear()
        parent = run.state.parent
        if parent is None or parent not in self.runs:
            return

        def tell() -> None:
            if not self.runs[parent].state.over:
                ended = ChildEnded(
                    at=self.now, child=run.id, status=finish.status, values=finish.values
                )
                self.tell(parent, ended)

        self.at(self.now, tell)


def _event(call: Call, outcome: Outcome, now: datetime) -> Event:
    if outcome.in_doubt:
        return CallInDoubt(at=now, call=call.id, message=outcome.message)
    if outcome.failure is not None:
        return CallFailed(at=now, call=call.id, failure=outcome.failure, message=outcome.message)
    return CallSucceeded(at=now, call=call.id, values=outcome.values)


def elapsed(run: MemoryRun) -> timedelta | None:
    """Give how long a run took; None where it goes on."""
    ended = run.state.ended
    return None if ended is None else ended - run.state.started
