"""The rule `rejection-ignored`, SOP606."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import END, ApprovalStep, DecisionStep
from sopc.graph.step import Next
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP606", "rejection-ignored", Severity.WARNING)
def rejection_ignored(context: CheckContext) -> Iterator[Flaw]:
    """An approval after which the same happens whether it is given or not.

    ## What it does
    Finds approvals whose `on_reject` leads to the same step as their approval does, where that step
    has no condition and decides nothing, and the approval has no outputs for later steps to read.

    ## Why it matters
    Somebody who rejects means to stop what follows. Here it goes on all the same.

    ## Example
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: support-manager
      on_reject: issue-refund
    - id: issue-refund
      kind: action
      title: Issue the refund in Stripe
      system: stripe
    ```

    ## Use instead
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: support-manager
      on_reject: tell-customer
    ```

    ## Fix safety
    No fix is offered: what follows a rejection is for the people who own the procedure.
    """
    for procedure, path in context.procedures():
        following = (*(step.id for step in procedure.steps[1:]), END)
        steps = {step.id: step for step in procedure.steps}
        for index, (approval, after) in enumerate(zip(procedure.steps, following, strict=False)):
            if not isinstance(approval, ApprovalStep) or approval.on_reject is None:
                continue
            rejected = _only(approval.on_reject)
            target = steps.get(rejected or "")
            if target is None or rejected != _only(approval.next or after):
                continue
            if target.when or isinstance(target, DecisionStep) or approval.outputs:
                continue
            citations = approval.citations
            yield Flaw(
                at=(*path, "steps", index, "on_reject"),
                message=f"`{target.id}` follows whether `{approval.id}` approves or rejects",
                about=f"steps.{approval.id}.on_reject",
                help="lead the rejection to another step, or to `end`",
                cite=citations.get("on_reject") or citations.get("title"),
                step=approval.id,
            )


def _only(target: Next) -> str | None:
    """Give the one step that a way leads to; None where it leads to several at once."""
    if isinstance(target, str):
        return target
    return target[0] if len(target) == 1 else None
