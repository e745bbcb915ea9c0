"""What starts the runs of scenarios brings: the values that they may give, and those they share."""

from sopc.graph import DataField, Procedure, ScheduleTrigger, StepGraph
from sopc_runtime.simulation.scenario import Scenario, ScenarioFile


def fields_of(graph: StepGraph, procedure: Procedure, trigger: str | None) -> list[DataField]:
    """Give what a trigger brings, the first one unless said, and what the graph needs besides."""
    found = [*graph.inputs]
    for each in procedure.triggers:
        if trigger in {None, each.id}:
            found += () if isinstance(each, ScheduleTrigger) else each.payload
            break
    return found


def with_shared(file: ScenarioFile, graph: StepGraph) -> ScenarioFile:
    """Give each scenario the values of the file that its trigger brings, before its own."""
    if not file.values:
        return file
    return file.model_copy(
        update={"scenarios": tuple(_filled(each, file, graph) for each in file.scenarios)}
    )


def _filled(scenario: Scenario, file: ScenarioFile, graph: StepGraph) -> Scenario:
    wanted = scenario.procedure
    own = next((each for each in graph.procedures if wanted in {None, each.id}), None)
    if own is None:
        return scenario
    known = {each.name for each in fields_of(graph, own, scenario.when.trigger)}
    shared = {name: value for name, value in file.values.items() if name in known}
    when = scenario.when.model_copy(update={"values": {**shared, **scenario.when.values}})
    return scenario.model_copy(update={"when": when})
