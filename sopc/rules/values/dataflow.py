"""Which values are there when the flow gets to a step: for certain, on some ways, or on none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce

from sopc.graph import CallStep, Procedure, ScheduleTrigger, Step
from sopc.graph.network import START, Flow
from sopc.graph.output import outputs_of
from sopc.rules.flow.procedure_flow import ProcedureFlow


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into a procedure, and the values that it brings."""

    words: str
    brings: frozenset[str]


@dataclass(frozen=True)
class DataFlow:
    """The values of one procedure, along its flow.

    Sets of names are whole numbers, one bit a name. Each is worked out in one walk: on the way
    back of a loop nothing is certain that was not certain before, and steps that lead to each other
    may all have run before one of them.

    Attributes:
        flow: The procedure.
        entries: How it is entered; none if nothing says how.
        always: The values that are there however it is entered.
    """

    flow: ProcedureFlow
    entries: tuple[Entry, ...]
    always: frozenset[str]

    def certain(self, step: str, name: str) -> bool:
        """Tell whether a value is there whenever a step begins."""
        return bool(self._certain.get(step, -1) & self._bit(name))

    def possible(self, step: str, name: str) -> bool:
        """Tell whether a value is there when a step begins, on one way at least."""
        return bool(self._possible.get(step, -1) & self._bit(name))

    def way_without(self, step: str, name: str) -> list[Flow]:
        """Give a way from the start to a step on which nothing gives a value."""
        bit, node, way = self._bit(name), step, list[Flow]()
        while node != START and len(way) < self._LONGEST_WAY:
            came = (
                each
                for each in self.flow.ways_in[node]
                if not self.flow.goes_back(each) and not self._after[each.step] & bit
            )
            taken = next(came, None)
            if taken is None:
                break
            way.append(taken)
            node = taken.step
        return way[::-1]

    _LONGEST_WAY = 200

    @cached_property
    def givers(self) -> Mapping[str, tuple[Step, ...]]:
        """The steps that give each value, in the order of the file."""
        found: dict[str, list[Step]] = defaultdict(list)
        for step in self.flow.procedure.steps:
            for name in dict.fromkeys(each.name for each in outputs_of(step)):
                found[name].append(step)
        return {name: tuple(steps) for name, steps in found.items()}

    @cached_property
    def entered_with(self) -> frozenset[str]:
        """The values that are there whichever way it is entered."""
        brought = [entry.brings for entry in self.entries]
        return self.always.union(frozenset.intersection(*brought) if brought else frozenset())

    @cached_property
    def may_be_entered_with(self) -> frozenset[str]:
        """The values that are there if it is entered in the right way."""
        return self.always.union(*(entry.brings for entry in self.entries))

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        names = [*sorted(self.may_be_entered_with), *self.givers]
        return {name: number for number, name in enumerate(dict.fromkeys(names))}

    def _bit(self, name: str) -> int:
        number = self._numbers.get(name)
        return 0 if number is None else 1 << number

    def _set(self, names: Iterable[str]) -> int:
        return reduce(int.__or__, map(self._bit, names), 0)

    @cached_property
    def _certain(self) -> Mapping[str, int]:
        return self._walked[0]

    @cached_property
    def _after(self) -> Mapping[str, int]:
        return self._walked[1]

    @cached_property
    def _walked(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """What is certain before and after each step."""
        flow = self.flow
        before: dict[str, int] = {}
        after = {START: self._set(self.entered_with)}
        for node in flow.order[1:]:
            came = [after[way.step] for way in flow.ways_in[node] if not flow.goes_back(way)]
            step = flow.steps.get(node)
            meet = int.__or__ if flow.waits_for_all(node) else int.__and__
            before[node] = reduce(meet, came)
            given = 0 if step is None or may_be_skipped(step) else self._given(step)
            after[node] = before[node] | given
        return before, after

    @cached_property
    def _possible(self) -> Mapping[str, int]:
        """What may be there before each step."""
        import networkx as nx

        groups = nx.condensation(self.flow.network.subgraph(self.flow.order))
        start = self._set(self.may_be_entered_with)
        before: dict[int, int] = defaultdict(int)
        found: dict[str, int] = {}
        for group in nx.topological_sort(groups):
            members = groups.nodes[group]["members"]
            steps = [self.flow.steps[each] for each in members if each in self.flow.steps]
            given = reduce(int.__or__, map(self._given, steps), start if START in members else 0)
            comes_round = any(self.flow.network.has_edge(each, each) for each in members)
            inside = before[group] | (given if len(members) > 1 or comes_round else 0)
            found |= dict.fromkeys(members, inside)
            for following in groups.successors(group):
                before[following] |= before[group] | given
        return found

    def _given(self, step: Step) -> int:
        return self._set(each.name for each in outputs_of(step))


def may_be_skipped(step: Step) -> bool:
    """Tell whether a step may be passed without being done."""
    return bool(step.when) or step.handles is not None


def entries_of(
    procedure: Procedure, callers: Iterable[tuple[Procedure, CallStep]]
) -> tuple[Entry, ...]:
    """Give the ways into a procedure: its triggers, and the steps that call it."""
    triggers = tuple(
        Entry(
            f"trigger `{trigger.id}`",
            frozenset(
                each.name
                for each in (() if isinstance(trigger, ScheduleTrigger) else trigger.payload)
            ),
        )
        for trigger in procedure.triggers
    )
    calls = tuple(
        Entry(
            f"step `{step.id}` of procedure `{caller.id}`",
            frozenset(argument.name for argument in step.inputs),
        )
        for caller, step in callers
    )
    return triggers + calls
