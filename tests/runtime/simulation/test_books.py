"""What decisions say is what the state holds: drivers write rows by the one, and read the other."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.simulation.small_graphs import small_graphs
from runtime.simulation.test_any_graph import SLOW, _played
from sopc.graph import StepGraph
from sopc_runtime.core.decision import (
    Await,
    CloseTask,
    Decision,
    DropTimer,
    Finish,
    OpenTask,
    Remark,
    SetTimer,
    Unawait,
)
from sopc_runtime.core.event import TaskDecided, TimerFired
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.state import Phase
from sopc_runtime.simulation.memory import MemoryRun

_OF_PEOPLE = {Phase.TASKED, Phase.APPROVING, Phase.ASKED, Phase.DOUBTED, Phase.TROUBLED}
_TIMED = {Phase.HELD: "delay", Phase.RETRYING: "retry", Phase.REPEATING: "cadence"}


class Books:
    """What a driver has written for a run."""

    def __init__(self) -> None:
        self.tasks: set[str] = set()
        self.timers: dict[str, Any] = {}
        self.awaited: set[str] = set()
        self.finished = False

    def write(self, run: MemoryRun) -> None:
        for taken in run.history:
            if isinstance(taken.event, TimerFired):
                self.timers.pop(taken.event.timer, None)
            remarks = [each.says for each in taken.decisions if isinstance(each, Remark)]
            if isinstance(taken.event, TaskDecided) and "stays open" not in str(remarks):
                self.tasks.discard(taken.event.task)
            for decision in taken.decisions:
                assert not self.finished, f"after the end: {decision}"
                self._write(decision)

    def _write(self, decision: Decision) -> None:
        match decision:
            case OpenTask(task=task):
                assert task.id not in self.tasks
                self.tasks.add(task.id)
            case CloseTask(task=task):
                self.tasks.remove(task)
            case SetTimer(timer=timer, due=due):
                self.timers[timer] = due
            case DropTimer(timer=timer):
                del self.timers[timer]
            case Await(step=step):
                self.awaited.add(step)
            case Unawait(step=step):
                self.awaited.discard(step)
            case Finish():
                self.finished = True
            case _:
                pass


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(small_graphs(), st.integers(0, 1000), st.sampled_from(Mode))
def test_rows_and_state_agree(graph: StepGraph, seed: int, mode: Mode) -> None:
    """Open tasks, timers, awaited events and the end: once by decisions, once by the state."""
    for run in _played(graph, seed, mode, 60).runs.values():
        books = Books()
        books.write(run)
        state = run.state
        assert books.tasks == state.tasks.keys()
        assert books.timers == state.timers
        assert books.finished == state.over
        waiting = {each.path for each in state.active() if each.phase is Phase.WAITING}
        assert books.awaited <= waiting


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(small_graphs(), st.integers(0, 1000), st.sampled_from(Mode))
def test_every_step_that_goes_on_is_moved_by_something(
    graph: StepGraph, seed: int, mode: Mode
) -> None:
    """A step with people has a task, one with a system a call, one that is held back a timer."""
    for run in _played(graph, seed, mode, 60).runs.values():
        state = run.state
        for each in state.active():
            if each.phase in _OF_PEOPLE:
                assert each.task in state.tasks
            if each.phase is Phase.CALLING:
                assert each.call in state.calls
            if each.phase in _TIMED:
                assert f"{each.path}:{_TIMED[each.phase]}" in state.timers
