"""The in-memory driver by itself: order, stopping, and what is arranged from outside."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sopc.graph import StepGraph
from sopc.graph.file import loads_graph
from sopc_runtime.core.program import Program
from sopc_runtime.simulation.coverage import Coverage, Sort
from sopc_runtime.simulation.habit import Habits
from sopc_runtime.simulation.library import Library
from sopc_runtime.simulation.memory import MemoryDriver, elapsed
from sopc_runtime.simulation.replay import replay
from sopc_runtime.simulation.sample import Sampler
from sopc_runtime.simulation.scenario import Given
from sopc_runtime.simulation.scenario_world import ScenarioWorld
from sopc_runtime.simulation.world import Answer
from sopc_runtime.triggers.schedule import ticks

GRAPHS = Path(__file__).parent / "graphs"
START = datetime(2026, 3, 2, 15, tzinfo=UTC)
WAITING = {
    "id": "waiting",
    "title": "Waiting",
    "procedures": [
        {
            "id": "waiting",
            "title": "Waiting",
            "steps": [
                {"id": "hour", "kind": "wait", "title": "An hour", "duration": "PT1H"},
                {"id": "work", "kind": "human_task", "title": "Work", "role": "clerk"},
            ],
        }
    ],
}


def _driver() -> MemoryDriver:
    return MemoryDriver(Habits(Sampler(START)), now=START)


def _waiting() -> Program:
    return Program(StepGraph.model_validate(WAITING), None)


def test_time_passes_only_as_far_as_it_is_let() -> None:
    """A run that waits for later stays where it is, and goes on from there."""
    driver = _driver()
    run = driver.start(_waiting(), "run")
    driver.run(until=START + timedelta(minutes=59))
    assert driver.now == START + timedelta(minutes=59)
    assert len(run.history) == 1
    driver.run()
    assert (run.state.status, elapsed(run)) == ("done", timedelta(hours=2))


def test_a_cancelled_run_takes_no_more_timers() -> None:
    """What was arranged for a run before it ended comes to nothing."""
    driver = _driver()
    run = driver.start(_waiting(), "run")
    driver.cancel("run", "Dana Whitfield")
    driver.run()
    assert run.state.status == "cancelled"
    assert len(run.history) == 2


def test_a_replay_under_another_graph_names_the_first_difference() -> None:
    """A run of one graph does not replay under one that waits longer."""
    driver = _driver()
    run = driver.start(_waiting(), "run")
    driver.run()
    longer = StepGraph.model_validate(WAITING)
    [procedure] = longer.procedures
    wait = procedure.steps[0].model_copy(update={"duration": "PT2H"})
    steps = (wait, procedure.steps[1])
    changed = longer.model_copy(
        update={"procedures": (procedure.model_copy(update={"steps": steps}),)}
    )
    assert replay(run) is None
    difference = replay(run, program=Program(changed, None))
    assert difference is not None
    assert (difference.event, difference.decision) == (0, 1)


def test_every_monday_at_nine_runs_on_each_monday_of_a_year() -> None:
    """Over both changes of the clock, a run starts at nine in Chicago on 52 Mondays."""
    zone = ZoneInfo("America/Chicago")
    first, last = datetime(2026, 1, 1, tzinfo=zone), datetime(2026, 12, 31, tzinfo=zone)
    driver = MemoryDriver(Habits(Sampler(first)), now=first.astimezone(UTC))
    program = _waiting()
    for number, tick in enumerate(ticks("0 9 * * 1", zone, first, last)):
        driver.at(tick, lambda name=f"cron-{number}": driver.start(program, name))  # type: ignore[misc]
    driver.run()
    begun = [run.state.started.astimezone(zone) for run in driver.runs.values()]
    assert len(begun) == 52
    assert {(each.weekday(), each.hour, each.minute, each.second) for each in begun} == {
        (0, 9, 0, 0)
    }
    assert {run.state.started.hour for run in driver.runs.values()} == {14, 15}
    assert all(elapsed(run) == timedelta(hours=2) for run in driver.runs.values())


def test_coverage_tells_what_no_run_shows() -> None:
    """One run of a decision shows one of its branches."""
    library = Library(GRAPHS / "flow.sop.yaml")
    driver = MemoryDriver(Habits(Sampler(START)), now=START)
    driver.start(library.program("dead-path"), "run", values={"amount": 1})
    driver.run()
    coverage = Coverage()
    coverage.add(driver.runs.values())
    assert coverage.counts("flow/dead-path", Sort.BRANCH) == (1, 2)
    assert [item.words for item in coverage.missing("flow/dead-path")] == [
        "check -> look (more than 500)",
        "look",
    ]


def test_a_procedure_of_another_file_is_called(tmp_path: Path) -> None:
    """It is found beside the caller, by its prose too; one that is not there is a failure."""
    step = "{id: s, kind: call, title: Call, file: %s, outputs: [{name: two, type: integer}]}"
    outer = "format: 1\nid: outer\ntitle: O\nprocedures: [{id: outer, title: O, steps: [%s]}]\n"
    value = "{id: c, kind: compute, title: C, values: [{name: two, type: integer, cel: '1 + 1'}]}"
    for name in ("inner.sop.yaml", "v1.2-inner.sop.yaml"):
        (tmp_path / name).write_text(outer.replace("outer", "inner") % value)
    found = [(file, "done") for file in ("inner.md", "inner.sop.yaml", "v1.2-inner.sop.yaml")]
    for file, status in [*found, ("gone.md", "running")]:
        (tmp_path / "outer.sop.yaml").write_text(outer % (step % file))
        library = Library(tmp_path / "outer.sop.yaml")
        world = Habits(Sampler(START), silent=frozenset({"nobody"}))
        driver = MemoryDriver(world, now=START, programs=library.called)
        run = driver.start(library.program(), "run")
        driver.run(until=START)
        assert run.state.status == status
        if status == "done":
            assert run.state.values == {"two": 2}
        else:
            [task] = run.state.tasks.values()
            assert task.kind == "trouble"


_CALLS = """\
format: 1
id: g
title: G
procedures:
  - id: outer
    title: Outer
    steps:
      - {id: a, kind: human_task, title: A, next: [b, side]}
      - {id: side, kind: human_task, title: Side, next: end}
      - {id: b, kind: human_task, title: B, next: [call, e]}
      - {id: call, kind: call, title: Call, procedure: inner, next: f}
      - {id: e, kind: human_task, title: E, next: f}
      - {id: f, kind: approval, title: F, join: any, on_reject: b}
  - id: inner
    title: Inner
    steps: [{id: work, kind: human_task, title: Work}]
"""


def test_a_called_run_that_is_forgotten_before_it_begins_is_ended() -> None:
    """All of it at one instant: nobody waits for what it would bring."""
    graph = loads_graph(_CALLS).graph
    driver = MemoryDriver(ScenarioWorld(Given(), Sampler(START)), now=START)
    run = driver.start(Program(graph, None, "outer"), "run")
    for step, choice in [("a", "done"), ("b", "done"), ("e", "done"), ("f", "reject")]:
        [task] = [each.id for each in run.state.tasks.values() if each.step == step]
        driver.decide("run", task, Answer(choice=choice, by="Dana"))
    driver.run()
    assert [each.state.status for each in driver.runs.values()] == ["running", "cancelled"]
