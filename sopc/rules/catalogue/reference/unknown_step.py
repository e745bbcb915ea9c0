"""The rule `unknown-step`, SOP204."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph.edit import Put
from sopc.graph.network import unknown_targets
from sopc.rules.context import CheckContext
from sopc.rules.naming.nearest import Known
from sopc.rules.rule import Flaw, Repair, rule


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
    The fix writes the nearest id of a step of the procedure. It is unsafe, because that is a guess.
    """
    for procedure, path in context.procedures():
        wrong = unknown_targets(procedure)
        if not wrong:
            continue
        places = {step.id: index for index, step in enumerate(procedure.steps)}
        known = Known(places, kind="step")
        for flow in wrong:
            at = (*path, "steps", places[flow.step], *flow.path)
            near = known.nearest(flow.target)
            yield Flaw(
                at=at,
                message=f"step `{flow.step}` leads to `{flow.target}`, which is no step of "
                f"procedure `{procedure.id}`",
                about=f"steps.{flow.step}.{flow.path[0]}",
                key=flow.target,
                help=known.meant(flow.target),
                cite=procedure.steps[places[flow.step]].citations.get("title"),
                step=flow.step,
                repair=Repair(f"write `{near}`", (Put(at, near),)) if near else None,
            )
