"""A decision whose branches are expressions, as exact proofs take it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sopc.graph import DecisionStep
from sopc.rules.context import CheckContext, StepPlace
from sopc.rules.flow.given import all_fields, given, nearest, settled
from sopc.rules.flow.known_conditions import Known
from sopc.rules.values.expression_place import ExpressionPlace, Fields


@dataclass(frozen=True)
class ExactDecision:
    """A decision that holds nothing but expressions over known names.

    Attributes:
        at: The step.
        step: The step again, as a decision.
        places: The branches' expressions, in order.
        numbers: Which branch each of them is, from 0.
        fields: What they name.
        known: What holds for certain when the decision is taken, as much as proofs can bear.
        all_known: Whether that is all.
        settled: The places, by their numbers, that come out in one way only.
    """

    at: StepPlace
    step: DecisionStep
    places: tuple[ExpressionPlace, ...]
    numbers: tuple[int, ...]
    fields: Fields
    known: tuple[Known, ...]
    all_known: bool
    settled: frozenset[int]

    @property
    def branches(self) -> list[str]:
        """The branches' conditions."""
        return [place.cel for place in self.places]

    @property
    def given(self) -> list[str]:
        """The conditions that hold for certain."""
        return [each.cel for each in self.known if each.cel]


def exact_decisions(context: CheckContext, *, in_part: bool = False) -> Iterator[ExactDecision]:
    """Give the decisions whose branches are expressions over names that something gives.

    In part, those too of which only some branches are so, with these alone.
    """
    for at in context.steps:
        step = at.step
        if not isinstance(step, DecisionStep):
            continue
        found = {
            number: context.expression_at[*at.path, "branches", number, "when", "cel"]
            for number, branch in enumerate(step.branches)
            if branch.when.cel
        }
        numbers = tuple(number for number, place in found.items() if _is_known(place))
        if not numbers or (len(numbers) < len(step.branches) and not in_part):
            continue
        places = tuple(found[number] for number in numbers)
        holds = tuple(dict.fromkeys(each for place in places for each in given(context, place)))
        known = nearest(holds)
        constant = frozenset(
            number for number, place in enumerate(places) if settled(context, place) is not None
        )
        fields, all_known = all_fields(places, known), len(known) == len(holds)
        yield ExactDecision(at, step, places, numbers, fields, known, all_known, constant)


def _is_known(place: ExpressionPlace) -> bool:
    return all(place.scope.knows(name) for name in place.names)
