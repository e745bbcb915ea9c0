"""The rule `unknown-step`, SOP204."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph.network import unknown_targets
from sopc.rules.context import CheckContext
from sopc.rules.nearest import meant
from sopc.rules.rule import Flaw, rule


@rule("SOP204", "unknown-step", Severity.ERROR)
def unknown_step(context: CheckContext) -> Iterator[Flaw]:
    """The flow goes to a step that does not exist.

    ## What it does
    Finds ids in `next`, `then`, `otherwise`, `on_reject` and `back_to` that no step of the same
    procedure has. `end` is always there.

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
        known = [step.id for step in procedure.steps]
        for flow in unknown_targets(procedure):
            yield Flaw(
                at=(*path, "steps", known.index(flow.step), *flow.path),
                message=f"step `{flow.step}` leads to `{flow.target}`, which is no step of "
                f"procedure `{procedure.id}`",
                about=f"steps.{flow.step}.{flow.path[0]}",
                key=flow.target,
                help=meant(flow.target, known, kind="step"),
                step=flow.step,
            )
