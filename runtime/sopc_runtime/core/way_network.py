"""Which ways of a procedure lead on and which lead back, and where paths that run at once meet."""

from functools import cached_property

import networkx as nx

from sopc.graph import END, DecisionStep, Join, Procedure
from sopc.graph.network import START, FlowKind, flows


class WayNetwork:
    """The ways of one procedure; those of loops are left out, since loops go back by themselves."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._order = {step.id: number for number, step in enumerate(procedure.steps)}

    @cached_property
    def all(self) -> "nx.DiGraph[str]":
        """Every way that the flow may take from step to step."""
        steps = self._procedure.steps
        network: nx.DiGraph[str] = nx.DiGraph()
        network.add_nodes_from([START, *self._order, END])
        for way in flows(self._procedure):
            if way.kind is not FlowKind.LOOP and way.target in network:
                network.add_edge(way.step, way.target)
        for step, after in zip(steps, (*steps[1:], None), strict=True):
            # A decision that does not apply is passed over, as any step.
            passed = isinstance(step, DecisionStep) and (step.when or step.handles is not None)
            if passed and step.next is None and getattr(step, "otherwise", None) is None:
                network.add_edge(step.id, END if after is None else after.id)
        return network

    @cached_property
    def onward(self) -> "nx.DiGraph[str]":
        """The ways that lead on; they go round nowhere.

        A way leads back where it leads to a step that every path has passed before. Where paths
        enter a round at several places, the order of the file tells.
        """
        network = self.all.copy()
        nearest = nx.immediate_dominators(self.all, START)
        for source, target in self.all.edges:
            passed: str | None = source
            while passed is not None and passed != target:
                before = nearest.get(passed)
                passed = None if before == passed else before
            if passed == target:
                network.remove_edge(source, target)
        for part in list(nx.strongly_connected_components(network)):
            inside = [each for each in network.edges(part) if each[1] in part]
            network.remove_edges_from(
                [each for each in inside if self._order[each[1]] <= self._order[each[0]]]
            )
        return network

    def leads_back(self, source: str, target: str) -> bool:
        """Tell whether a way leads to where the flow has been before."""
        return self.all.has_edge(source, target) and not self.onward.has_edge(source, target)

    @cached_property
    def before(self) -> dict[str, frozenset[str]]:
        """The steps from which the flow can come to a step without going back."""
        return {step: frozenset(nx.ancestors(self.onward, step)) for step in self._order}

    @cached_property
    def meetings(self) -> frozenset[str]:
        """The steps that wait for every path that can still come to them.

        Those with `join: all`, and those without a join that several paths of a fork lead to:
        nothing says that one of these is enough.
        """
        forks = [
            each
            for field in _forks(self._procedure)
            if len(each := [t for t in field if t != END]) > 1
        ]
        found = set()
        for step in self._procedure.steps:
            if step.join is Join.ALL:
                found.add(step.id)
            elif step.join is None and forks and self.onward.in_degree(step.id) > 1:
                led = self.before[step.id] | {step.id}
                if any(sum(target in led for target in fork) > 1 for fork in forks):
                    found.add(step.id)
        return frozenset(found)


def _forks(procedure: Procedure) -> list[tuple[str, ...]]:
    """Give the targets of every field that names several steps at once."""
    found: dict[tuple[str, tuple[str | int, ...]], list[str]] = {}
    for way in flows(procedure):
        if way.path and isinstance(way.path[-1], int):
            found.setdefault((way.step, way.path[:-1]), []).append(way.target)
    return [tuple(dict.fromkeys(each)) for each in found.values()]
