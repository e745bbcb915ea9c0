"""What would let a scenario pass, or count as covered, though nothing was shown."""

from pathlib import Path

import pytest

from sopc.graph.problem import GraphFileError
from sopc_runtime.simulation.coverage import Coverage, Sort
from sopc_runtime.simulation.scenario_file import load_scenarios
from sopc_runtime.simulation.scenario_run import Verdict, run_scenario

ORGANIZATION = """\
name: Tidewater
time_zone: America/Chicago
business_hours: {}
roles: [{id: clerk, name: clerk}]
systems:
  - id: crm
    name: CRM
    binding: {connector: http}
    operations: [{name: look_up, effect: read}]
"""
GRAPH = """\
format: 1
id: g
title: G
inputs: [{name: cases, type: list, items: integer}]
systems: [{id: crm, name: CRM}]
roles: [{id: clerk, name: clerk}]
procedures:
  - id: p
    title: P
    steps:
      - id: each
        kind: action
        title: Each
        system: crm
        operation: look_up
        for_each: {items: cases, name: n}
        when: [{says: it is large, cel: n > 5}]
      - id: work
        kind: human_task
        title: Work
        role: clerk
        outputs: [{name: amount, type: integer}]
      - id: last
        kind: action
        title: Last
        role: clerk
        system: crm
        operation: look_up
        when: [{says: there are cases, cel: size(cases) > 0}]
"""


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A folder with a graph and its organization."""
    (tmp_path / "organization.yaml").write_text(ORGANIZATION)
    (tmp_path / "g.sop.yaml").write_text(GRAPH)
    return tmp_path


def _verdict(folder: Path, says: str, cases: str = "[]") -> Verdict:
    path = folder / "g.scenario.yaml"
    head = f"  - {{name: a, when: {{at: 2026-03-02 09:00, values: {{cases: {cases}}}}}, "
    path.write_text(f"scenarios:\n{head}{says}}}\n")
    loaded = load_scenarios(path)
    return run_scenario(loaded.content.scenarios[0], loaded.library)


def test_a_statement_about_a_step_is_about_its_elements(beside: Path) -> None:
    """A system that is asked for one element is asked by the step."""
    assert not _verdict(beside, "never: [{calls: each}]", "[9]").passed
    assert not _verdict(beside, "never: [{calls: each/0}]", "[9]").passed
    assert _verdict(beside, "never: [{calls: each/1}]", "[9]").passed


def test_what_happens_at_one_instant_has_its_order_too(beside: Path) -> None:
    """A step is done before people are asked to do the next."""
    assert _verdict(beside, "expect: [{done: each}, {asks: work}]").passed
    assert not _verdict(beside, "expect: [{asks: work}, {done: each}]").passed


def test_values_that_a_task_refuses_fail_the_scenario(beside: Path) -> None:
    """Otherwise the task stays open, and nothing that follows can happen."""
    given = "given: {people: [{gives: {amount: many}}]}, "
    verdict = _verdict(beside, given + "never: [{calls: last}]")
    assert "`amount` is no integer: 'many'" in verdict.misses[0].message


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("never: [{asks: work, of: clrk}]", "the graph has no role `clrk`"),
        ("never: [{escalates: work, to: clrk}]", "the graph has no role `clrk`"),
        ("given: {people: [{role: clrk}]}, never: [{done: work}]", "the graph has no role `clrk`"),
        ("stop: 2025-03-02 09:00, never: [{asks: work}]", "`2025-03-02 09:00` is before the run"),
        ("never: [{asks: work, at: 2025-03-02 09:00}]", "`2025-03-02 09:00` is before the run"),
        ("stop: +P10000Y, never: [{asks: work}]", "`+P10000Y` lies beyond all time"),
    ],
)
def test_what_never_comes_to_anything_is_a_mistake(beside: Path, says: str, told: str) -> None:
    """A role that there is not is never asked, and nothing happens before the run begins."""
    with pytest.raises(GraphFileError) as caught:
        _verdict(beside, says)
    assert told in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("cases", "shown"),
    [("[1]", ["each (does not apply)", "last (applies)"]), ("[]", ["last (does not apply)"])],
)
def test_conditions_are_covered_by_what_was_looked_at(
    beside: Path, cases: str, shown: list[str]
) -> None:
    """No element is none that applies; going on without what failed is no condition."""
    given = (
        "given: {people: [{step: work}, {chooses: skip}], systems: [{step: last, fails: refused}]}"
    )
    verdict = _verdict(beside, f"{given}, expect: [{{ends: done}}]", cases)
    assert verdict.passed
    coverage = Coverage()
    coverage.add(verdict.runs)
    seen = coverage.seen["g"].items()
    found = [item.words for item, was in seen if was and item.sort is Sort.CONDITION]
    assert found == shown
