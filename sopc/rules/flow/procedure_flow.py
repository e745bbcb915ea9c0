"""The flow of one procedure, worked out once for all rules that ask about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sopc.graph import END, ApprovalStep, DecisionStep, Join, Procedure, Step
from sopc.graph.network import (
    START,
    Flow,
    FlowKind,
    flows,
    procedure_network,
    unreachable,
)
from sopc.rules.flow.fork_paths import ForkPaths, Meeting
from sopc.rules.rule import GraphPath

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True)
class ProcedureFlow:
    """A procedure, where it stands, and what its flow shows. Ways to unknown steps are left out."""

    procedure: Procedure
    path: GraphPath

    @cached_property
    def all_flows(self) -> tuple[Flow, ...]:
        """Every way, those to unknown steps included."""
        return tuple(flows(self.procedure))

    @cached_property
    def unknown_targets(self) -> tuple[Flow, ...]:
        """The ways that lead to no step of the procedure."""
        return tuple(each for each in self.all_flows if each.target not in self._known)

    @cached_property
    def network(self) -> "nx.DiGraph[str]":
        """The flow as a network."""
        return procedure_network(self.procedure)

    @cached_property
    def lost(self) -> tuple[str, ...]:
        """The steps that no way from the start leads to."""
        return tuple(unreachable(self.network))

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The steps by their ids, in the order of the file."""
        return {step.id: step for step in self.procedure.steps}

    @cached_property
    def ways_out(self) -> Mapping[str, tuple[Flow, ...]]:
        """The ways from each node, in the order of the file."""
        found: dict[str, list[Flow]] = {node: [] for node in (START, *self.steps, END)}
        for flow in self.all_flows:
            if flow.target in self._known:
                found[flow.step].append(flow)
        return {node: tuple(ways) for node, ways in found.items()}

    @cached_property
    def ways_in(self) -> Mapping[str, tuple[Flow, ...]]:
        """The ways to each node that can be reached, from nodes that can be reached."""
        found: dict[str, list[Flow]] = {node: [] for node in self.order}
        for node in self.order:
            for flow in self.ways_out[node]:
                found[flow.target].append(flow)
        return {node: tuple(ways) for node, ways in found.items()}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The nodes that can be reached: each behind those that lead to it, loops left aside."""
        done: list[str] = []
        seen = {START}
        stack: list[tuple[str, Iterator[Flow]]] = [(START, iter(self._ways_to_follow(START)))]
        while stack:
            node, ways = stack[-1]
            for flow in ways:
                if flow.target not in seen:
                    seen.add(flow.target)
                    stack.append((flow.target, iter(self._ways_to_follow(flow.target))))
                    break
            else:
                done.append(node)
                stack.pop()
        return tuple(reversed(done))

    @cached_property
    def meetings(self) -> Mapping[str, Meeting]:
        """The steps in which paths that run at once come together."""
        return ForkPaths(self).meetings

    def waits_for_all(self, node: str) -> bool:
        """Tell whether all the ways into a step have been taken when it begins."""
        step = self.steps.get(node)
        if step is None or step.join is None:
            # Whether it waits is not said, which is a finding of its own.
            return node in self.meetings
        return step.join is Join.ALL

    @cached_property
    def position(self) -> Mapping[str, int]:
        """The place of each node in `order`."""
        return {node: number for number, node in enumerate(self.order)}

    def goes_back(self, flow: Flow) -> bool:
        """Tell whether a way leads to where the flow has been before."""
        return self.position[flow.target] <= self.position[flow.step]

    def step_path(self, step: str) -> GraphPath:
        """Give the place of a step."""
        return (*self.path, "steps", self.number[step])

    def flow_path(self, flow: Flow) -> GraphPath:
        """Give the place where a way is written: the step's title where it only follows."""
        return (*self.step_path(flow.step), *(flow.path or ("title",)))

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The place of each step in the file's list."""
        return {step.id: number for number, step in enumerate(self.procedure.steps)}

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset((*self.steps, END))

    def _ways_to_follow(self, node: str) -> list[Flow]:
        # The last one first, so that the order is that of the file where the flow leaves a choice.
        return sorted(self.ways_out[node], key=lambda flow: flow.kind is FlowKind.LOOP)[::-1]


def choices(flow: Flow) -> str:
    """Say in a few words which way out of a step a flow is."""
    match flow.kind:
        case FlowKind.BRANCH if flow.condition is not None:
            return f"goes to `{flow.target}` when `{flow.condition.cel or flow.condition.says}`"
        case FlowKind.OTHERWISE:
            return f"goes to `{flow.target}` otherwise"
        case FlowKind.REJECT:
            return f"goes to `{flow.target}` when it is rejected"
        case FlowKind.LOOP:
            return f"goes back to `{flow.target}`"
        case _:
            return f"goes to `{flow.target}`"


def is_choice(flow: Flow, flow_of: ProcedureFlow) -> bool:
    """Tell whether the flow could have gone another way."""
    step = flow_of.steps.get(flow.step)
    if isinstance(step, DecisionStep):
        return True
    return flow.kind is FlowKind.REJECT or (
        isinstance(step, ApprovalStep) and step.on_reject is not None
    )
