"""Where expressions ask for values that are not there for certain."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sopc.graph import ComputedValue, ComputeStep, DataField, Step, WaitStep
from sopc.graph.expression_tree import (
    Call,
    Constant,
    Name,
    Node,
    expression_tree,
    names_in,
    parts,
)
from sopc.graph.output import outputs_of
from sopc.rules.context import CheckContext
from sopc.rules.flow.given import ASKED_LATER, MOST_GIVEN
from sopc.rules.flow.known_conditions import words
from sopc.rules.flow.procedure_flow import choices, is_choice
from sopc.rules.flow.proof import implies, uncovered
from sopc.rules.flow.words_cover import cover_all_cases
from sopc.rules.rule import GraphPath
from sopc.rules.values.dataflow import DataFlow
from sopc.rules.values.expression_place import TYPE_NAMES, ExpressionPlace


@dataclass(frozen=True)
class UncertainUse:
    """An expression that asks for a value that some or all ways to it do not give.

    Attributes:
        context: The check.
        place: The expression.
        name: The value.
        possible: Whether some way gives it.
    """

    context: CheckContext
    place: ExpressionPlace
    name: str
    possible: bool

    @property
    def data(self) -> DataFlow:
        """The values of its procedure."""
        return self.context.data[self.place.procedure]

    @cached_property
    def givers(self) -> tuple[Step, ...]:
        """The steps that give the value, the asking one left aside."""
        found = self.data.givers.get(self.name, ())
        return tuple(each for each in found if each.id != self.place.step)

    def places_of_givers(self) -> Iterator[tuple[GraphPath, str]]:
        """Give the places where the value is given, with what is to be known of each."""
        for step in self.givers:
            unless = [condition.says for condition in step.when]
            said = f", but is only done {unless[0]}" if unless else ""
            yield self._giving(step), f"step `{step.id}` gives it{said}"
        for index, trigger in enumerate(self.data.flow.procedure.triggers):
            for number, field in enumerate(getattr(trigger, "payload", ())):
                if field.name == self.name:
                    path = (*self.data.flow.path, "triggers", index, "payload", number, "name")
                    yield path, f"trigger `{trigger.id}` brings it"

    def way(self) -> tuple[tuple[GraphPath, str], ...]:
        """Give the turns of a way that does not give the value, and where it is asked for.

        It is empty where there is no turn: then the place alone says it.
        """
        turns = tuple(self._turns())
        return (*turns, (self.place.path, f"asks for `{self.name}`")) if turns else ()

    def _turns(self) -> Iterator[tuple[GraphPath, str]]:
        flow, step = self.data.flow, self.place.step
        missed = {each.id for each in self.givers}
        for each in self.data.way_without(step, self.name) if step else ():
            if each.step in missed:
                yield (*flow.step_path(each.step), "title"), "may be passed over"
            elif is_choice(each, flow):
                yield flow.flow_path(each), f"`{each.step}` {choices(each)}"

    def guarded(self) -> bool:
        """Tell whether it is only asked for where it was given, as far as can be told."""
        step = self.data.flow.steps.get(self.place.step or "")
        if step is None:
            return False
        if self._provides_for_none():
            return True
        if any(condition.cel is None for condition in step.when):
            # A person decides whether this is the case; the words may well ask for the value.
            return True
        return any(self._only_with(step, giver) for giver in self.givers) or self._in_all_cases(
            step
        )

    def _provides_for_none(self) -> bool:
        """Tell whether it says itself what holds where there is no value, which is null then."""
        field = self.place.scope.fields.get(self.name)
        if not isinstance(field, DataField) or field.required:
            return False
        tree = expression_tree(self.place.cel)
        return tree is not None and _compares_with_null(tree, self.name)

    def _in_all_cases(self, step: Step) -> bool:
        """Tell whether one of several steps before has given it, whatever the case is."""
        position, needs = self.data.flow.position, self._needs(step)
        cases = [
            sorted(self._needs(giver) - needs)
            for giver in self.givers[:MOST_GIVEN]
            if position.get(giver.id, position[step.id]) < position[step.id]
        ]
        cases = [each for each in cases if each]
        if cover_all_cases(case[0] for case in cases if len(case) == 1):
            return True
        names = frozenset[str]().union(*(names_in(each) for case in cases for each in case))
        known = sorted(each for each in needs if not names.isdisjoint(names_in(each)))
        if len(cases) < 2 or not names or len(known) > MOST_GIVEN:  # noqa: PLR2004  # both of a pair
            return False
        fields = self.place.scope.of(names.union(*map(names_in, known)))
        held = [" && ".join(f"({each})" for each in case) for case in cases]
        return uncovered(held, fields, known) is None

    def _only_with(self, step: Step, giver: Step) -> bool:
        """Tell whether a step is only done, or its expression only asked, where another one was."""
        if self.data.flow.position.get(giver.id, -1) > self.data.flow.position[step.id]:
            return False
        if not self._needs(giver):
            # It is missed for another reason than a condition.
            return False
        needs = self._needs(step)
        missing = sorted(self._needs(giver) - needs)
        asked_for = frozenset[str]().union(*map(names_in, missing))
        if asked_for & (self.place.names - {self.name}):
            return True
        return len(missing) <= MOST_GIVEN and all(self._follows(each, needs) for each in missing)

    def _follows(self, condition: str, needs: frozenset[str]) -> bool:
        """Tell whether a condition holds wherever all that a step needs does."""
        names = names_in(condition)
        known = sorted(each for each in needs if not names.isdisjoint(names_in(each)))
        if not names or not known or len(known) > MOST_GIVEN:
            return False
        fields = self.place.scope.of(names.union(*map(names_in, known)))
        return implies(known, condition, fields)

    def _needs(self, step: Step) -> frozenset[str]:
        known = self.context.known[self.place.procedure].every(step.id)
        handled = {f"after {step.handles} failed"} if step.handles else set()
        return known.union(map(words, step.when), handled)

    def _giving(self, step: Step) -> GraphPath:
        place = self.data.flow.step_path(step.id)
        index = next(n for n, each in enumerate(outputs_of(step)) if each.name == self.name)
        match step:
            case ComputeStep():
                return (*place, "values", index, "name")
            case WaitStep():
                return (*place, "event", "payload", index, "name")
            case _:
                return (*place, "outputs", index, "name")


def _compares_with_null(node: Node, name: str) -> bool:
    match node:
        case Call(function="_==_" | "_!=_", arguments=(Name(name=asked), Constant(value=None))):
            if asked == name:
                return True
        case Call(function="_==_" | "_!=_", arguments=(Constant(value=None), Name(name=asked))):
            if asked == name:
                return True
    return any(_compares_with_null(each, name) for each in parts(node))


def uncertain_uses(context: CheckContext) -> Iterator[UncertainUse]:
    """Give each value that a step asks for without certainty, once for each step."""
    said: set[tuple[str, str | None, str]] = set()
    for place in context.expressions:
        flow = context.flows[place.procedure]
        if flow.unknown_targets or not _follows_the_flow(place):
            continue
        for name in sorted(place.names):
            key = (place.procedure, place.step, name)
            if key in said or not place.scope.knows(name) or _is_own(context, place, name):
                continue
            data = context.data[place.procedure]
            certain, possible = _state(data, place.step, name)
            if not certain:
                said.add(key)
                yield UncertainUse(context, place, name, possible)


def _state(data: DataFlow, step: str | None, name: str) -> tuple[bool, bool]:
    if step is None:
        return name in data.entered_with, name in data.may_be_entered_with
    return data.certain(step, name), data.possible(step, name)


def _follows_the_flow(place: ExpressionPlace) -> bool:
    """Leave aside what bounds a whole procedure: it may be asked at any time of a run."""
    return place.step is not None or place.path[2] == "scope"


def _is_own(context: CheckContext, place: ExpressionPlace, name: str) -> bool:
    """Tell a name that is known at the place itself, or that its own step has given by then."""
    if name in place.scope.inner or name in TYPE_NAMES or place.step is None:
        return name not in place.scope.fields or name in place.scope.inner
    step = context.flows[place.procedure].steps[place.step]
    if step.for_each is not None and step.for_each.name == name:
        return True
    given = outputs_of(step)
    if isinstance(place.part, ComputedValue):
        given = given[: int(place.path[5])]
    elif place.path[4] not in ASKED_LATER:
        return False
    return any(each.name == name for each in given)
