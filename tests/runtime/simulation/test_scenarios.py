"""Every scenario beside the graphs of this folder, to the second, and each of its runs replayed."""

from pathlib import Path

import pytest

from sopc_runtime.simulation.library import Library
from sopc_runtime.simulation.replay import replay
from sopc_runtime.simulation.scenario import Scenario
from sopc_runtime.simulation.scenario_file import load_scenarios, scenario_files
from sopc_runtime.simulation.scenario_run import run_scenario

GRAPHS = Path(__file__).parent / "graphs"
LOADED = [load_scenarios(path) for path in scenario_files([GRAPHS])]
CASES = [
    pytest.param(scenario, loaded.library, id=f"{loaded.library.graph.id}: {scenario.name}")
    for loaded in LOADED
    for scenario in loaded.content.scenarios
]


@pytest.mark.parametrize(("scenario", "library"), CASES)
def test_a_procedure_does_what_its_scenario_says(scenario: Scenario, library: Library) -> None:
    """Everything expected happens when it should, and every run replays to the same decisions."""
    verdict = run_scenario(scenario, library)
    told = [f"{each.message} ({each.note})" for each in verdict.misses]
    assert not told, "\n".join([*told, *verdict.timeline()])
    assert not verdict.unused
    assert [replay(run) for run in verdict.runs] == [None] * len(verdict.runs)


@pytest.mark.parametrize(("scenario", "library"), CASES)
def test_a_scenario_comes_out_the_same_twice(scenario: Scenario, library: Library) -> None:
    """Simulations depend on nothing but what they are given."""
    first, second = run_scenario(scenario, library), run_scenario(scenario, library)
    assert first.timeline() == second.timeline()
    assert [run.history for run in first.runs] == [run.history for run in second.runs]
