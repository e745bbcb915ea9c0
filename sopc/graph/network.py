"""A procedure's flow as a network: what leads where, and what follows from it.

The nodes are the ids of the steps, `START` and `END`. An edge holds `kind` and `condition` of the
first way that it stands for, and all of them as `flows`. Targets that are no step of the
procedure are left out; `unknown_targets` lists them. `handles` makes no edge: the flow comes to the
step that deals with a failure in its place, and passes it over where nothing has failed.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sopc.graph.condition import Condition
from sopc.graph.procedure import Procedure
from sopc.graph.step import END, ApprovalStep, DecisionStep, Next, Step

if TYPE_CHECKING:
    import networkx as nx

START = "(start)"
"""The node before the first step; no step can have it as its id."""


class FlowKind(StrEnum):
    """Why the flow takes an edge."""

    SEQUENCE = "sequence"
    NEXT = "next"
    BRANCH = "branch"
    OTHERWISE = "otherwise"
    REJECT = "reject"
    LOOP = "loop"


@dataclass(frozen=True)
class Flow:
    """One way from a step: where to, why, and under which condition.

    `path` leads to the target inside the step, as `("branches", 0, "then")`; empty where the flow
    only follows the order of the list.
    """

    step: str
    target: str
    kind: FlowKind
    condition: Condition | None = None
    path: tuple[str | int, ...] = ()


def flows(procedure: Procedure) -> list[Flow]:
    """Give every way from every step, in the order of the file, unknown targets included."""
    steps = procedure.steps
    following = (*(step.id for step in steps[1:]), END)
    found = [Flow(START, steps[0].id if steps else END, FlowKind.SEQUENCE)]
    for step, after in zip(steps, following, strict=False):
        found += _flows_of(step, after)
    return found


def _flows_of(step: Step, after: str) -> Iterator[Flow]:
    if isinstance(step, DecisionStep):
        for number, branch in enumerate(step.branches):
            for target, path in _targets(branch.then, "branches", number, "then"):
                yield Flow(step.id, target, FlowKind.BRANCH, branch.when, path)
        for target, path in _targets(step.otherwise, "otherwise"):
            yield Flow(step.id, target, FlowKind.OTHERWISE, path=path)
    elif step.next is None:
        yield Flow(step.id, after, FlowKind.SEQUENCE)
    for target, path in _targets(step.next, "next"):
        yield Flow(step.id, target, FlowKind.NEXT, path=path)
    if isinstance(step, ApprovalStep):
        for target, path in _targets(step.on_reject, "on_reject"):
            yield Flow(step.id, target, FlowKind.REJECT, path=path)
    if step.loop is not None:
        path = ("loop", "back_to")
        yield Flow(step.id, step.loop.back_to, FlowKind.LOOP, step.loop.until, path)


def _targets(target: Next | None, *path: str | int) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    if isinstance(target, str):
        yield target, path
    for number, each in enumerate(target if isinstance(target, tuple) else ()):
        yield each, (*path, number)


def unknown_targets(procedure: Procedure) -> list[Flow]:
    """Give the ways that lead to no step of the procedure."""
    known = {step.id for step in procedure.steps} | {END}
    return [flow for flow in flows(procedure) if flow.target not in known]


def procedure_network(procedure: Procedure) -> "nx.DiGraph[str]":
    """Give the procedure's flow; nodes in the order of the file, `START` first, `END` last."""
    import networkx as nx

    network: nx.DiGraph[str] = nx.DiGraph()
    network.add_nodes_from([START, *(step.id for step in procedure.steps), END])
    for flow in flows(procedure):
        if flow.target not in network:
            continue
        if network.has_edge(flow.step, flow.target):
            network.edges[flow.step, flow.target]["flows"] += (flow,)
        else:
            network.add_edge(
                flow.step, flow.target, kind=flow.kind, condition=flow.condition, flows=(flow,)
            )
    return network


def unreachable(network: "nx.DiGraph[str]") -> list[str]:
    """Give the steps that no way from the start leads to."""
    import networkx as nx

    reached = nx.descendants(network, START) | {START, END}
    return [node for node in network if node not in reached]


def endless(network: "nx.DiGraph[str]") -> list[str]:
    """Give the steps from which no way leads to the end."""
    import networkx as nx

    ending = nx.ancestors(network, END) | {START, END}
    return [node for node in network if node not in ending]


def shortest_cycle(network: "nx.DiGraph[str]", step: str) -> list[str]:
    """Give the shortest way from a step back to itself, as a path that ends where it starts.

    It is empty if there is none.
    """
    before: dict[str, str] = {}
    found = deque([step])
    while found:
        node = found.popleft()
        for target in network[node]:
            if target == step:
                path = [step]
                while node != step:
                    path.append(node)
                    node = before[node]
                return [step, *reversed(path)]
            if target not in before:
                before[target] = node
                found.append(target)
    return []
