"""What the examples do, and when: each scenario beside a graph, and each run replayed."""

from pathlib import Path

import pytest

from sopc_runtime.simulation.coverage import Coverage
from sopc_runtime.simulation.library import Library
from sopc_runtime.simulation.replay import replay
from sopc_runtime.simulation.scenario import Scenario
from sopc_runtime.simulation.scenario_file import load_scenarios, scenario_files
from sopc_runtime.simulation.scenario_run import run_scenario

EXAMPLES = Path(__file__).parents[2] / "examples"
LOADED = {path.parent.name: load_scenarios(path) for path in scenario_files([EXAMPLES])}
CASES = [
    pytest.param(scenario, loaded.library, id=f"{name}: {scenario.name}")
    for name, loaded in LOADED.items()
    for scenario in loaded.content.scenarios
]
LEFT_OUT = {"weekly-reporting-precise": 5}
"""Rungs of the procedure that no step needs, because each has a ladder of its own."""


@pytest.mark.parametrize(("scenario", "library"), CASES)
def test_an_example_does_what_its_scenario_says(scenario: Scenario, library: Library) -> None:
    """Everything expected happens when it should, and every run replays to the same decisions."""
    verdict = run_scenario(scenario, library)
    told = [f"{each.message} ({each.note})" for each in verdict.misses]
    assert not told, "\n".join([*told, *verdict.timeline()])
    assert not verdict.unused
    assert [replay(run) for run in verdict.runs] == [None] * len(verdict.runs)


@pytest.mark.parametrize("name", LOADED)
def test_the_scenarios_of_an_example_show_all_that_it_does(name: str) -> None:
    """Every step, both ways of each condition, every rung, every way out."""
    loaded, coverage = LOADED[name], Coverage()
    for scenario in loaded.content.scenarios:
        coverage.add(run_scenario(scenario, loaded.library).runs)
    missing = [each.words for known in coverage.seen for each in coverage.missing(known)]
    assert len(missing) == LEFT_OUT.get(name, 0), missing


@pytest.mark.parametrize(
    "name", [path.name for path in EXAMPLES.glob("*-precise")] + ["refund-approval"]
)
def test_every_precise_example_has_scenarios(name: str) -> None:
    assert name in LOADED
