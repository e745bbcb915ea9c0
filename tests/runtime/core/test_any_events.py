"""Whatever the graph, whatever comes in whatever order: what always holds of a run."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.simulation.small_graphs import ORGANIZATION, small_graphs
from sopc.graph import Failure, StepGraph
from sopc_runtime.core.decision import DECISION, Call, CloseTask, Decision, OpenTask
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
)
from sopc_runtime.core.interpreter import advance, start
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import STATE, Phase, RunState
from sopc_runtime.core.task import TaskKind
from sopc_runtime.simulation.habit import choice_values
from sopc_runtime.simulation.sample import Sampler

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
VALUES = {"a": 1, "b": "x", "c": True, "l": [1, 2]}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def _next(state: RunState, old: list[str], chance: random.Random, now: datetime) -> Event | None:
    """Choose what comes next: mostly what is waited for, at times what is not."""
    kinds: list[Event] = [
        TimerFired(at=max(now, due), timer=timer) for timer, due in state.timers.items()
    ]
    calls = [*state.calls, *old[-1:]]
    kinds += [CallSucceeded(at=now, call=each, values=VALUES) for each in calls]
    kinds += [CallSucceeded(at=now, call=each) for each in calls]
    kinds += [
        CallFailed(at=now, call=each, failure=chance.choice([*Failure]), message="no")
        for each in calls
    ]
    kinds += [CallInDoubt(at=now, call=each, message="cut off") for each in calls]
    for task in state.tasks.values():
        choice = chance.choice(task.choices)
        given_values = choice_values(Sampler(now, drawn=chance), task, choice, now)
        kinds.append(
            TaskDecided(at=now, task=task.id, choice=choice.id, by="Dana", values=given_values)
        )
    kinds += [
        ChildEnded(at=now, child=each.child, status=chance.choice(["done", "failed"]))
        for each in state.steps.values()
        if each.child is not None
    ]
    if not kinds:
        return None
    if chance.random() < 0.1:
        kinds = [
            ModeChanged(at=now, mode=chance.choice([*Mode]), by="Dana"),
            EventArrived(at=now, system="crm", event="", values=VALUES),
            TimerFired(at=now, timer="step-1:deadline:7"),
            TaskDecided(at=now, task="t1", choice="approve", by="Eli"),
        ]
    return Cancelled(at=now, by="Dana") if chance.random() < 0.005 else chance.choice(kinds)


def _holds(state: RunState, opened: set[str], mode: Mode, decided: list[Decision]) -> None:
    """Check what holds after every event."""
    holding = {each.path for each in state.active()}
    holding |= {each.path for each in state.steps.values() if each.phase is Phase.FAILED}
    assert {timer.partition(":")[0] for timer in state.timers} <= holding | {""}
    assert set(state.tasks) == opened
    for call, path in state.calls.items():
        assert state.steps[path].call == call
    for each in state.active():
        assert each.call is None or each.call in state.calls
        assert each.task is None or each.task in state.tasks
        holders = [
            task
            for task in state.tasks.values()
            if task.step == each.path and task.kind is not TaskKind.COMPARISON
        ]
        assert len(holders) <= 1
    if state.over:
        assert not state.timers
        assert not state.calls
        assert all(each.kind is TaskKind.COMPARISON for each in state.tasks.values())
    if mode is Mode.SHADOW:
        assert all(each.dry or each.reads for each in decided if isinstance(each, Call))


class _Watched:
    """A run, and what its decisions have said so far."""

    def __init__(self, program: Program, mode: Mode) -> None:
        self.program = program
        started = Started(at=NOW, run="run", mode=mode, values=VALUES)
        self.state, self.decided = start(program, started)
        self.opened: set[str] = set()
        self.acts: dict[str, object] = {}
        self.calls: list[str] = []
        self.approved: set[str] = set()

    def take(self, event: Event, *, stored: bool) -> None:
        """Take an event, from a state that was stored as JSON before if `stored`."""
        if isinstance(event, TaskDecided):
            task = self.state.tasks.get(event.task)
            if task is not None and event.choice in {"approve", "not-happened"}:
                self.approved.add(task.step)
        before = set(self.state.tasks)
        if stored:
            self.state = STATE.validate_json(STATE.dump_json(self.state))
        self.state, self.decided = advance(self.program, self.state, event)
        if isinstance(event, TaskDecided) and event.task in before - set(self.state.tasks):
            self.opened.discard(event.task)

    def look(self) -> None:
        """Check what was decided last, and what holds of the state now."""
        for each in self.decided:
            if isinstance(each, OpenTask):
                self.opened.add(each.task.id)
            elif isinstance(each, CloseTask):
                self.opened.discard(each.task)
            elif isinstance(each, Call):
                self.calls.append(each.id)
                self._look_at(each)
        _holds(self.state, self.opened, self.state.mode, self.decided)

    def _look_at(self, call: Call) -> None:
        if not call.dry and not call.reads:
            assert self.acts.setdefault(call.key, call.inputs) == call.inputs
            assert self.state.mode is not Mode.ASSIST or call.step in self.approved


@settings(max_examples=120, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(small_graphs(), st.integers(0, 10_000), st.sampled_from(Mode))
def test_what_always_holds(graph: StepGraph, seed: int, mode: Mode) -> None:
    """Nothing leaks, nothing is asked twice at once, no key stands for two acts, nothing hangs.

    A second run that is told the same, and is stored as JSON in between, decides the same.
    """
    chance, now = random.Random(seed), NOW  # noqa: S311 # chance, no secret
    program = Program(graph, ORGANIZATION)
    run, same = _Watched(program, mode), _Watched(program, mode)
    for number in range(60):
        run.look()
        assert _as_json(run.decided) == _as_json(same.decided)
        event = _next(run.state, run.calls, chance, now)
        if event is None:
            assert run.state.over or any(each.phase is Phase.WAITING for each in run.state.active())
            break
        now = event.at + timedelta(seconds=1)
        run.take(event, stored=False)
        same.take(event, stored=number % 2 == 0)


def _as_json(decided: list[Decision]) -> list[bytes]:
    return [DECISION.dump_json(each) for each in decided]
