"""The rule `incomplete-decision`, SOP503."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import DataField, DataType, DecisionStep
from sopc.rules.context import CheckContext
from sopc.rules.flow.exact_decision import ExactDecision, exact_decisions
from sopc.rules.flow.proof import always, uncovered
from sopc.rules.flow.words_cover import cover_all_cases
from sopc.rules.logic import Witness
from sopc.rules.rule import Flaw, rule
from sopc.rules.values.expression_place import ExpressionPlace

_NUMBERS = frozenset({DataType.INTEGER, DataType.MONEY, DataType.NUMBER})


@rule("SOP503", "incomplete-decision", Severity.ERROR)
def incomplete_decision(context: CheckContext) -> Iterator[Flaw]:
    """A decision whose branches do not cover every case.

    ## What it does
    Where all branches are expressions, it is worked out exactly whether one of them holds for any
    values that can get to the decision; where none does, those values are named. If they all are
    below zero, which most amounts never are, it is a warning. Where a branch has its condition in
    words, or there is only one, nobody can prove that the cases are complete: then the finding is a
    warning as well. "Otherwise" in words, or a yes beside a no, leaves no case out. A branch that
    never holds is the matter of `constant-condition`.

    ## Why it matters
    When none of the branches holds, the run stops. It does so for the unusual case, which nobody
    thought of when the procedure was written.

    ## Example
    ```yaml
    - id: refund-limit
      kind: decision
      title: Look at the amount
      branches:
        - when: {says: over $500, cel: amount > 50000}
          then: ask-manager
        - when: {says: under $500, cel: amount < 50000}
          then: issue-refund
    ```

    ## Use instead
    ```yaml
    - id: refund-limit
      kind: decision
      title: Look at the amount
      branches:
        - when: {says: over $500, cel: amount > 50000}
          then: ask-manager
        - when: {says: up to $500, cel: amount <= 50000}
          then: issue-refund
    ```
    An `otherwise` covers whatever is left.

    ## Fix safety
    No fix is offered: where the other cases lead is for the people who own the procedure.
    """
    for decision in exact_decisions(context):
        if decision.step.otherwise is None:
            yield from _proven(decision)
    for at in context.steps:
        step = at.step
        if not isinstance(step, DecisionStep) or step.otherwise is not None:
            continue
        if all(branch.when.cel for branch in step.branches):
            continue
        if cover_all_cases(branch.when.says for branch in step.branches):
            continue
        single = len(step.branches) == 1
        fact = "only one branch" if single else "conditions in words"
        yield Flaw(
            at=at.title,
            message=f"decision `{step.id}` has {fact} and no `otherwise`",
            about=at.about("otherwise"),
            label="may have a case that no branch covers",
            help="add an `otherwise`, or write the conditions as expressions",
            cite=step.branches[0].when.cite or at.cite(),
            step=step.id,
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM if single else Confidence.LOW,
        )


def _proven(decision: ExactDecision) -> Iterator[Flaw]:
    at, step = decision.at, decision.step
    left = uncovered(decision.branches, decision.fields, decision.given)
    if not isinstance(left, Witness) or not decision.all_known:
        return
    if any(_never_holds(each, decision) for each in decision.places):
        return
    sure = left.sure and not _is_below_zero(decision, left)
    first, *others = decision.places
    yield Flaw(
        at=first.path,
        message=f"decision `{step.id}` has no branch when {left.words}",
        about=at.about("otherwise"),
        key="" if left.sure else "unsure",
        label="does not hold then",
        help=_help(decision, left),
        notes=tuple(f"here, `{each.cel}` holds for certain" for each in decision.known),
        related=tuple((each.path, "neither does this one") for each in others),
        cite=step.branches[0].when.cite or at.cite(),
        step=step.id,
        severity=None if sure else Severity.WARNING,
        confidence=None if sure else Confidence.LOW,
    )


def _help(decision: ExactDecision, left: Witness) -> str:
    branches = [*decision.branches, left.cel]
    if left.cel and uncovered(branches, decision.fields, decision.given) is None:
        return f"add a branch for `{left.cel}`, or an `otherwise`"
    return "widen a branch so that it holds then, or add an `otherwise`"


def _never_holds(place: ExpressionPlace, decision: ExactDecision) -> bool:
    return place.typed and always(place.cel, decision.fields) is False


def _is_below_zero(decision: ExactDecision, left: Witness) -> bool:
    """Tell whether a number would have to be below zero for no branch to hold."""
    zeros = {
        name: "0.0" if _type(decision.fields.get(name)) is DataType.NUMBER else "0"
        for name in left.names
        if _type(decision.fields.get(name)) in _NUMBERS
    }
    usual = [f"{name} >= {zero}" for name, zero in zeros.items()]
    if not usual:
        return False
    return uncovered(decision.branches, decision.fields, [*decision.given, *usual]) is None


def _type(field: DataField | DataType | None) -> DataType | None:
    return field.type if isinstance(field, DataField) else field
