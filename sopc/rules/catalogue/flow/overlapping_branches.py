"""The rule `overlapping-branches`, SOP504."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph.edit import Put
from sopc.rules.context import CheckContext
from sopc.rules.flow.exact_decision import ExactDecision, exact_decisions
from sopc.rules.flow.proof import overlaps
from sopc.rules.logic import Overlap, implies
from sopc.rules.rule import Flaw, Repair, rule

_MOST_COMPARED = 24
"""Of decisions with more branches than that, each is compared with its neighbours."""


@rule("SOP504", "overlapping-branches", Severity.WARNING)
def overlapping_branches(context: CheckContext) -> Iterator[Flaw]:
    """Two branches of a decision that hold at the same time.

    ## What it does
    Works out whether two branches that lead to different steps can hold for the same values, and
    names such values. Conditions in words are left aside. Of a branch that overlaps several others,
    the first is shown.

    ## Why it matters
    Exactly one branch is taken. Where two hold, which one it is depends on their order in the file,
    which nobody reads as a rule of the procedure.

    ## Example
    ```yaml
    branches:
      - when: {says: over $500, cel: amount > 50000}
        then: ask-manager
      - when: {says: over $5000, cel: amount > 500000}
        then: ask-director
    otherwise: issue-refund
    ```

    ## Use instead
    ```yaml
    branches:
      - when: {says: over $500, cel: amount > 50000 && amount <= 500000}
        then: ask-manager
      - when: {says: over $5000, cel: amount > 500000}
        then: ask-director
    otherwise: issue-refund
    ```

    ## Fix safety
    The fix takes the shared cases out of the wider branch. It is unsafe: they may belong there.
    """
    for decision in exact_decisions(context, in_part=True):
        if not decision.all_known:
            continue
        said: set[int] = set()
        for overlap in _overlaps(decision):
            if overlap.second not in said:
                said.add(overlap.second)
                yield _flaw(decision, overlap)


def _overlaps(decision: ExactDecision) -> Iterator[Overlap]:
    branches = decision.branches
    then = [decision.step.branches[number].then for number in decision.numbers]
    for start in range(0, max(len(branches) - _MOST_COMPARED // 2, 1), _MOST_COMPARED // 2):
        part = branches[start : start + _MOST_COMPARED]
        for found in overlaps(part, decision.fields, decision.given):
            first, second = found.first + start, found.second + start
            apart = then[first] != then[second]
            if apart and found.witness.sure and decision.settled.isdisjoint((first, second)):
                yield Overlap(first, second, found.witness)


def _flaw(decision: ExactDecision, overlap: Overlap) -> Flaw:
    at, step = decision.at, decision.step
    first, second = decision.places[overlap.first], decision.places[overlap.second]
    one, other = decision.numbers[overlap.first], decision.numbers[overlap.second]
    return Flaw(
        at=second.path,
        message=f"branches {one + 1} and {other + 1} of decision `{step.id}` "
        f"both hold when {overlap.witness.words}",
        about=at.about("branches"),
        key=f"{first.cel} and {second.cel}",
        label="holds as well",
        help="narrow one of them, so that they exclude each other",
        related=((first.path, "holds"),),
        cite=step.branches[other].when.cite or at.cite(),
        step=step.id,
        repair=_repair(decision, overlap),
    )


def _repair(decision: ExactDecision, overlap: Overlap) -> Repair | None:
    """Take the narrower branch out of the wider one; none where they are the same."""
    one, other = decision.places[overlap.first], decision.places[overlap.second]
    if implies([other.cel, *decision.given], one.cel, decision.fields):
        one, other = other, one
    if implies([other.cel, *decision.given], one.cel, decision.fields):
        return None
    narrowed = f"({other.cel}) && !({one.cel})"
    return Repair(f"leave the cases of `{one.cel}` to its branch", (Put(other.path, narrowed),))
