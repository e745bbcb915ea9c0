"""The rule `decision-without-effect`, SOP510."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import DecisionStep
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP510", "decision-without-effect", Severity.WARNING)
def decision_without_effect(context: CheckContext) -> Iterator[Flaw]:
    """A decision whose branches all lead to the same place.

    ## What it does
    Finds decisions of which all branches, and the `otherwise` where there is one, lead to the same
    steps.

    ## Why it matters
    The cases were told apart for a reason. What should be done differently in one of them is not
    done.

    ## Example
    ```yaml
    - id: refund-limit
      kind: decision
      title: Look at the amount
      branches:
        - when: {says: over $500, cel: amount > 50000}
          then: issue-refund
      otherwise: issue-refund
    ```

    ## Use instead
    ```yaml
    - id: refund-limit
      kind: decision
      title: Look at the amount
      branches:
        - when: {says: over $500, cel: amount > 50000}
          then: ask-manager
      otherwise: issue-refund
    ```

    ## Fix safety
    No fix is offered: where the cases lead is for the people who own the procedure.
    """
    for at in context.steps:
        step = at.step
        if not isinstance(step, DecisionStep):
            continue
        targets = [each.then for each in step.branches]
        if step.otherwise is not None:
            targets.append(step.otherwise)
        if len(targets) == 1 or any(each != targets[0] for each in targets):
            continue
        yield Flaw(
            at=at.title,
            message=f"all branches of decision `{step.id}` lead to the same place",
            about=at.about("branches"),
            label="makes no difference",
            help="let one of the branches lead elsewhere, or leave the decision out",
            cite=at.cite(),
            step=step.id,
        )
