"""How long a procedure takes at the least: the waits that no way to its end gets around."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sopc.graph import CallStep, Delay, Join, Step, WaitStep
from sopc.graph.network import START, Flow
from sopc.graph.step import END
from sopc.graph.timing import Relation
from sopc.organization import WorkingTime
from sopc.rules.flow.procedure_flow import ProcedureFlow
from sopc.rules.rule import GraphPath
from sopc.rules.timing.reach import NOTHING, Reach, added, least

_DEEPEST_CALL = 20


@dataclass(frozen=True, slots=True)
class Wait:
    """Time that passes in a step for certain: how long it is written, where, and its reach."""

    words: str
    path: GraphPath
    reach: Reach


@dataclass(frozen=True)
class ShortestWays:
    """The least time that each procedure takes; working time is None where it is not known."""

    flows: Mapping[str, ProcedureFlow]
    working: WorkingTime | None

    @cached_property
    def _done(self) -> dict[str, "_Way"]:
        return {}

    def takes(self, procedure: str, depth: int = 0) -> Reach:
        """Give what passes at the least from a procedure's start to its end."""
        way = self._way(procedure, depth)
        # A way that leads nowhere yet may turn out to be the shortest one.
        return NOTHING if way.flow.unknown_targets else way.before.get(END, NOTHING)

    def waits(self, procedure: str, measure: int) -> list[tuple[Step, Wait]]:
        """Give the waits on the way that is shortest in one measure, in the order of the flow."""
        way = self._way(procedure, 0)
        return list(way.back(measure))[::-1]

    def inside(self, step: Step, path: GraphPath, depth: int = 0) -> Wait | None:
        """Give what passes for certain in a step once its turn has come; None if nothing must."""
        if _may_be_skipped(step):
            return None
        if isinstance(step, WaitStep) and step.duration and not (step.until or step.event):
            return Wait(step.duration, (*path, "duration"), least(step.duration, self.working))
        called = step.procedure if isinstance(step, CallStep) else None
        if called is not None and called in self.flows and depth < _DEEPEST_CALL:
            takes = self.takes(called, depth + 1)
            return Wait(called, (*path, "procedure"), takes) if any(takes) else None
        return None

    def held_back(self, step: Step, path: GraphPath, depth: int) -> Wait | None:
        """Give what passes for certain in a step, the delays before it included."""
        inside = self.inside(step, path, depth)
        if _may_be_skipped(step):
            return None
        for number, delay in enumerate(step.delays):
            if inside is None and delay.wait and _counts_from_its_turn(delay):
                reach = least(delay.wait, self.working)
                return Wait(delay.wait, (*path, "delays", number, "wait"), reach)
        return inside

    def _way(self, procedure: str, depth: int) -> "_Way":
        if procedure not in self._done:
            # What calls itself takes nothing here, so that this comes to an end.
            self._done[procedure] = _Way(self.flows[procedure], {}, {})
            self._done[procedure] = self._walked(self.flows[procedure], depth)
        return self._done[procedure]

    def _walked(self, flow: ProcedureFlow, depth: int) -> "_Way":
        before: dict[str, Reach] = {START: NOTHING}
        waits: dict[str, Wait] = {}
        for node in flow.order:
            if node in flow.steps:
                wait = self.held_back(flow.steps[node], flow.step_path(node), depth)
                if wait is not None:
                    waits[node] = wait
            if node == START:
                continue
            came = [
                _after(way.step, before, waits)
                for way in flow.ways_in[node]
                if not flow.goes_back(way)
            ]
            choose = max if _joins_all(flow, node) else min
            before[node] = (
                choose(each[0] for each in came),
                choose(each[1] for each in came),
                choose(each[2] for each in came),
            )
        return _Way(flow, before, waits)


@dataclass(frozen=True)
class _Way:
    """What has passed at the least when the flow gets to each node, and what passes there."""

    flow: ProcedureFlow
    before: Mapping[str, Reach]
    waits: Mapping[str, Wait]

    def back(self, measure: int) -> Iterator[tuple[Step, Wait]]:
        """Go back from the end along the way that one measure was taken from."""
        node = END
        while node != START:
            way = self._taken(node, measure)
            if way.step in self.waits:
                yield self.flow.steps[way.step], self.waits[way.step]
            node = way.step

    def _taken(self, node: str, measure: int) -> Flow:
        return next(
            way
            for way in self.flow.ways_in[node]
            if not self.flow.goes_back(way)
            and _after(way.step, self.before, self.waits)[measure] == self.before[node][measure]
        )


def _after(node: str, before: Mapping[str, Reach], waits: Mapping[str, Wait]) -> Reach:
    return added(before[node], waits[node].reach) if node in waits else before[node]


def _joins_all(flow: ProcedureFlow, node: str) -> bool:
    return node in flow.steps and flow.steps[node].join is Join.ALL


def _may_be_skipped(step: Step) -> bool:
    return bool(step.when) or step.handles is not None or step.for_each is not None


def _counts_from_its_turn(delay: Delay) -> bool:
    return not (delay.vague or delay.when or delay.of) and delay.relation is Relation.AFTER
