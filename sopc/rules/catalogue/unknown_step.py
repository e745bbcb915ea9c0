"""The rule `unknown-step`, SOP204."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import END
from sopc.rules.context import CheckContext
from sopc.rules.goal import goals
from sopc.rules.nearest import meant
from sopc.rules.rule import Flaw, rule


@rule("SOP204", "unknown-step", Severity.ERROR)
def unknown_step(context: CheckContext) -> Iterator[Flaw]:
    """The flow goes to a step that does not exist.

    ## What it does
    Finds ids in `next`, `then`, `otherwise`, `on_reject` and `back_to` that no step of the same
    procedure has. `end` is always there, except to go back to.

    ## Why it matters
    A run that gets there cannot go on.

    ## Example
    ```yaml
    - id: check-amount
      kind: decision
      branches:
        - when: {says: over $500, cel: amount > 50000}
          then: ask-manger
    ```

    ## Use instead
    ```yaml
          then: ask-manager
    ```

    ## Fix safety
    No fix is offered: the nearest id is a guess.
    """
    for procedure, path in context.procedures():
        known = {step.id for step in procedure.steps}
        for index, step in enumerate(procedure.steps):
            for goal in goals(step):
                if goal.id in known or (goal.id == END and not goal.backwards):
                    continue
                yield Flaw(
                    at=(*path, "steps", index, *goal.path),
                    message=f"step `{step.id}` leads to `{goal.id}`, which is no step of "
                    f"procedure `{procedure.id}`",
                    about=f"steps.{step.id}.{goal.path[0]}",
                    key=goal.id,
                    help=meant(goal.id, known, kind="step"),
                    step=step.id,
                )
