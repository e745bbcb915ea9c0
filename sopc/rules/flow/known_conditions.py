"""Which conditions hold for certain when the flow gets to a step.

A condition is known at a step when every way to it took the branch that asks for it. It is
forgotten where a value that it names is worked out anew, and where the flow comes round again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce

from sopc.graph import Condition, DecisionStep, EventTrigger, Step
from sopc.graph.expression_tree import names_in
from sopc.graph.network import START, FlowKind
from sopc.graph.output import outputs_of
from sopc.rules.flow.procedure_flow import ProcedureFlow
from sopc.rules.rule import GraphPath

_Way = tuple[str, GraphPath]
"""A way by its step and the field that names its target."""


@dataclass(frozen=True, slots=True)
class Known:
    """A condition as people or programs read it, and the place that asks for it."""

    words: str
    cel: str | None
    path: GraphPath


@dataclass(frozen=True)
class KnownConditions:
    """What is known at each step of a procedure.

    Sets of conditions are whole numbers, one bit a condition, so that thousands are no trouble.
    """

    flow: ProcedureFlow
    is_called: bool

    def at(self, step: str, names: Iterable[str], most: int) -> list[Known]:
        """Give the last expressions that are known when a step begins and concern any name."""
        known = self._before.get(step, 0) & self._about(names)
        found: list[Known] = []
        while known and len(found) < most:
            highest = known.bit_length() - 1
            found.append(self._all[highest])
            known ^= 1 << highest
        return found[::-1]

    def every(self, step: str) -> frozenset[str]:
        """Give the words of everything that is known when a step begins."""
        return frozenset(self._all[bit].words for bit in _bits(self._before.get(step, 0)))

    @cached_property
    def _gathered(self) -> tuple[list[Known], Mapping[_Way, int], int]:
        """All conditions; those that each way makes certain; those that are certain at first."""
        found: dict[str, int] = {}
        conditions: list[Known] = []

        def add(words: str, cel: str | None, path: GraphPath) -> int:
            if words not in found:
                found[words] = len(conditions)
                conditions.append(Known(words, cel, path))
            return 1 << found[words]

        flow, at_first = self.flow, 0
        for number, scope in enumerate(flow.procedure.scope):
            at_first |= add(words(scope), scope.cel, (*flow.path, "scope", number))
        match flow.procedure.triggers:
            case (EventTrigger(filter=str(cel)),) if not self.is_called:
                at_first |= add(cel, cel, (*flow.path, "triggers", 0, "filter"))
        ways: dict[_Way, int] = {}
        for way in flow.all_flows:
            if way.kind is FlowKind.BRANCH and way.condition is not None:
                path = (*flow.step_path(way.step), *way.path[:2], "when")
                ways[way.step, way.path] = add(words(way.condition), way.condition.cel, path)
            elif way.kind is FlowKind.OTHERWISE:
                for condition in _ruled_out(flow.steps[way.step]):
                    negated = f"!({condition})"
                    place = way.step, way.path
                    ways[place] = ways.get(place, 0) | add(negated, negated, flow.flow_path(way))
        return conditions, ways, at_first

    @property
    def _all(self) -> list[Known]:
        return self._gathered[0]

    @cached_property
    def _by_name(self) -> tuple[Mapping[str, int], int]:
        """The conditions that name each value, and those in words alone."""
        found: dict[str, int] = {}
        in_words = 0
        for number, known in enumerate(self._all):
            if known.cel is None:
                in_words |= 1 << number
            for name in names_in(known.cel) if known.cel else ():
                found[name] = found.get(name, 0) | 1 << number
        return found, in_words

    def _about(self, names: Iterable[str]) -> int:
        return _united(self._by_name[0].get(name, 0) for name in names)

    @cached_property
    def _before(self) -> Mapping[str, int]:
        _, ways, at_first = self._gathered
        after: dict[str, int] = {START: at_first}
        before: dict[str, int] = {}
        for node in self.flow.order[1:]:
            came = [
                after[way.step] | ways.get((way.step, way.path), 0)
                for way in self.flow.ways_in[node]
                if not self.flow.goes_back(way)
            ]
            step = self.flow.steps.get(node)
            known = _united(came) if self.flow.waits_for_all(node) else _shared(came)
            known &= ~self._forgotten_round.get(node, 0)
            before[node] = known
            if step is not None:
                known &= ~self._about(each.name for each in outputs_of(step))
            after[node] = known
        return before

    @cached_property
    def _forgotten_round(self) -> Mapping[str, int]:
        """What is not certain any more where the flow comes round: values may have changed."""
        import networkx as nx

        heads = {
            way.target
            for node in self.flow.order
            for way in self.flow.ways_out[node]
            if self.flow.goes_back(way)
        }
        if not heads:
            return {}
        forgotten: dict[str, int] = {}
        for members in nx.strongly_connected_components(self.flow.network):
            inside = heads.intersection(members)
            if inside:
                steps = (self.flow.steps[each] for each in members)
                changed = (each.name for step in steps for each in outputs_of(step))
                lost = self._about(changed) | self._by_name[1]
                forgotten |= dict.fromkeys(inside, lost)
        return forgotten


def words(condition: Condition) -> str:
    """Give what tells a condition from others: its expression, or its words without capitals."""
    return condition.cel.strip() if condition.cel else condition.says.lower()


def _ruled_out(step: Step) -> Iterator[str]:
    if isinstance(step, DecisionStep):
        yield from (branch.when.cel for branch in step.branches if branch.when.cel)


def _united(sets: Iterable[int]) -> int:
    return reduce(int.__or__, sets, 0)


def _shared(sets: list[int]) -> int:
    return reduce(int.__and__, sets) if sets else 0


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
