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
        fields: What they name.
        known: What holds for certain when the decision is taken, as much as proofs can bear.
        all_known: Whether that is all.
        settled: The numbers of the branches that come out in one way only.
    """

    at: StepPlace
    step: DecisionStep
    places: tuple[ExpressionPlace, ...]
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


def exact_decisions(context: CheckContext) -> Iterator[ExactDecision]:
    """Give the decisions whose branches are expressions over names that something gives."""
    for at in context.steps:
        step = at.step
        if not isinstance(step, DecisionStep) or any(not each.when.cel for each in step.branches):
            continue
        places = tuple(
            context.expression_at[*at.path, "branches", number, "when", "cel"]
            for number in range(len(step.branches))
        )
        if any(not place.scope.knows(name) for place in places for name in place.names):
            continue
        holds = tuple(dict.fromkeys(each for place in places for each in given(context, place)))
        known = nearest(holds)
        constant = frozenset(
            number for number, place in enumerate(places) if settled(context, place) is not None
        )
        fields, all_known = all_fields(places, known), len(known) == len(holds)
        yield ExactDecision(at, step, places, fields, known, all_known, constant)
