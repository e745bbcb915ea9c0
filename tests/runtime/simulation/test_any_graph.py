"""Whatever the graph and whatever the world does: runs go on, end, or wait, and replay the same."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.generated_graphs import graphs
from runtime.simulation.small_graphs import ORGANIZATION, Chance, small_graphs
from sopc.graph import StepGraph
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.simulation.memory import MemoryDriver, MemoryRun
from sopc_runtime.simulation.replay import replay

START = datetime(2026, 3, 2, 15, tzinfo=UTC)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def _waits(run: MemoryRun) -> bool:
    """Tell whether somebody or something can still move a run."""
    state = run.state
    return bool(state.timers or state.tasks or state.calls or run.awaits) or any(
        each.child is not None for each in state.active()
    )


def _played(graph: StepGraph, seed: int, mode: Mode, at_most: int) -> MemoryDriver:
    driver = MemoryDriver(Chance(START, seed), now=START)
    values = {"a": 1, "b": "x", "c": True, "l": [1, 2]}
    driver.start(Program(graph, ORGANIZATION), "run", mode=mode, values=values)
    driver.run(at_most=at_most)
    return driver


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(small_graphs(), st.integers(0, 1000), st.sampled_from(Mode))
def test_a_run_ends_or_waits_for_something(graph: StepGraph, seed: int, mode: Mode) -> None:
    """No graph, failure, doubt or odd answer leaves a run that nothing can move."""
    driver = _played(graph, seed, mode, 60)
    for run in driver.runs.values():
        assert run.state.over or _waits(run)
        assert replay(run) is None
        if run.state.over:
            assert not run.state.timers
            assert not run.state.active()


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(graphs, st.integers(0, 1000))
def test_graphs_of_any_words_do_not_stop_a_run(graph: StepGraph, seed: int) -> None:
    """Expressions that are none, steps that there are not: a person is asked, nothing raises."""
    driver = _played(graph, seed, Mode.AUTONOMOUS, 100)
    for run in driver.runs.values():
        assert run.state.over or _waits(run)
        assert replay(run) is None
