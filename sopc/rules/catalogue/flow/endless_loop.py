"""The rule `endless-loop`, SOP502."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from sopc.diagnostics import Severity
from sopc.graph import END, CallStep
from sopc.graph.network import START, FlowKind, endless, shortest_cycle
from sopc.rules.context import CheckContext
from sopc.rules.flow.procedure_flow import ProcedureFlow
from sopc.rules.rule import Flaw, rule

if TYPE_CHECKING:
    import networkx as nx


@rule("SOP502", "endless-loop", Severity.ERROR)
def endless_loop(context: CheckContext) -> Iterator[Flaw]:
    """A loop that nothing ends.

    ## What it does
    Finds loops with neither `until` nor `at_most`, steps that lead round to themselves with no way
    out, and procedures that cannot but call themselves, directly or through others.

    ## Why it matters
    The run never ends. It sends the same reminder for ever, and nobody is told that it got nowhere.

    ## Example
    ```yaml
    - id: remind-customer
      kind: action
      title: Remind the customer
      loop: {back_to: wait-for-answer}
    ```

    ## Use instead
    ```yaml
    - id: remind-customer
      kind: action
      title: Remind the customer
      loop:
        back_to: wait-for-answer
        until: {says: until the customer has answered}
        at_most: 3
    ```

    ## Fix safety
    No fix is offered: when to give up is for the people who own the procedure.
    """
    for at in context.steps:
        loop = at.step.loop
        if loop is None or loop.until is not None or loop.at_most is not None:
            continue
        yield Flaw(
            at=(*at.path, "loop", "back_to"),
            message=f"step `{at.step.id}` goes back to `{loop.back_to}` without an end",
            about=at.about("loop"),
            help="say until when it goes round, or how often `at_most`",
            cite=at.cite(),
            step=at.step.id,
        )
    for procedure, path in context.procedures():
        positions = {step.id: index for index, step in enumerate(procedure.steps)}
        for cycle in _traps(context.flows[procedure.id]):
            first = cycle[0]
            yield Flaw(
                at=(*path, "steps", positions[first], "title"),
                message=f"no way leads out of {' -> '.join(f'`{step}`' for step in cycle)}",
                about=f"steps.{first}.next",
                key="cycle",
                label="leads back to itself",
                help="let one of these steps lead on to another step, or to `end`",
                cite=procedure.steps[positions[first]].citations.get("title"),
                step=first,
            )

    yield from _endless_calls(context)


def _traps(flow: ProcedureFlow) -> Iterator[list[str]]:
    """Give a cycle for each group of reachable steps that the flow can get into but not out of."""
    import networkx as nx

    if flow.unknown_targets:
        return
    network = flow.network
    stuck = endless(network)
    if not stuck:
        return
    lost = set(flow.lost)
    groups = nx.condensation(network.subgraph(stuck))
    for group, ways in groups.out_degree():
        members = groups.nodes[group]["members"]
        if ways or not lost.isdisjoint(members):
            continue
        forward = _without_loops(network, members)
        circles = [
            each
            for each in nx.strongly_connected_components(forward)
            if len(each) > 1 or forward.has_edge(*(list(each) * 2))
        ]
        first = min(set[str]().union(*circles), key=flow.number.__getitem__)
        yield shortest_cycle(forward, first)


def _without_loops(network: "nx.DiGraph[str]", steps: set[str]) -> "nx.DiGraph[str]":
    """Leave out the ways of `loop`: each of them comes to an end, or is told by itself."""
    import networkx as nx

    inside = network.subgraph(steps)
    kept = [
        edge
        for edge in inside.edges
        if any(way.kind is not FlowKind.LOOP for way in inside.edges[edge]["flows"])
    ]
    forward: nx.DiGraph[str] = nx.DiGraph()
    forward.add_nodes_from(inside)
    forward.add_edges_from(kept)
    return forward


def _endless_calls(context: CheckContext) -> Iterator[Flaw]:
    """Give a circle for each group of procedures that call each other on every way."""
    import networkx as nx

    calls: dict[str, dict[str, CallStep]] = {
        name: {step.procedure or "": step for step in _sure_calls(flow)}
        for name, flow in context.flows.items()
    }
    network: nx.DiGraph[str] = nx.DiGraph()
    network.add_nodes_from(calls)
    network.add_edges_from((name, each) for name, called in calls.items() for each in called)
    for name in _firsts(network):
        circle = shortest_cycle(network, name)
        flow, step = context.flows[name], calls[name][circle[1]]
        yield Flaw(
            at=(*flow.step_path(step.id), "procedure"),
            message=f"procedure `{name}` calls itself without an end: "
            f"{' -> '.join(f'`{each}`' for each in circle)}",
            about=f"steps.{step.id}.procedure",
            key="calls",
            label="is called on every way",
            help="let a condition or a branch decide whether it is called again",
            cite=step.citations.get("title"),
            step=step.id,
            chain=tuple(
                (
                    (*context.flows[one].step_path(calls[one][other].id), "procedure"),
                    f"`{one}` calls `{other}`",
                )
                for one, other in pairwise(circle)
            ),
        )


def _firsts(network: "nx.DiGraph[str]") -> list[str]:
    """Give the first procedure of each circle of calls, in the order of the file."""
    import networkx as nx

    place = {name: number for number, name in enumerate(network)}
    groups = [
        min(members, key=place.__getitem__)
        for members in nx.strongly_connected_components(network)
        if len(members) > 1 or network.has_edge(*(list(members) * 2))
    ]
    return sorted(groups, key=place.__getitem__)


def _sure_calls(flow: ProcedureFlow) -> Iterator[CallStep]:
    """Give the steps that call a procedure of the file on every way to the end."""
    import networkx as nx

    calls = {
        step.id: step
        for step in flow.procedure.steps
        if isinstance(step, CallStep)
        and step.file is None
        and not (step.when or step.handles or step.for_each)
    }
    if not calls or flow.unknown_targets or END not in flow.position:
        return
    above = nx.immediate_dominators(flow.network, START)
    node = above[END]
    while node not in {START, None}:
        if node in calls:
            yield calls[node]
        node = above[node]
