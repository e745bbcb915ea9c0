"""The rule `unreachable-step`, SOP501."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.flow.procedure_flow import ProcedureFlow
from sopc.rules.rule import Flaw, rule


@rule("SOP501", "unreachable-step", Severity.ERROR)
def unreachable_step(context: CheckContext) -> Iterator[Flaw]:
    """A step that no way leads to.

    ## What it does
    Follows the flow from the first step of each procedure and finds steps that it never gets to.
    Of steps that only follow from one another, the first is shown.

    ## Why it matters
    The prose asks for it, and it will never be done.

    ## Example
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund
      next: end
    - id: tell-customer
      kind: action
      title: Tell the customer
    ```

    ## Use instead
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund
    - id: tell-customer
      kind: action
      title: Tell the customer
    ```
    Without a `next`, the flow goes to the next step of the list.

    ## Fix safety
    No fix is offered: where the step belongs is for the people who own the procedure.
    """
    for procedure, path in context.procedures():
        flow = context.flows[procedure.id]
        if flow.unknown_targets:
            continue
        roots = set(_roots(flow))
        for index, step in enumerate(procedure.steps):
            if step.id not in roots:
                continue
            yield Flaw(
                at=(*path, "steps", index, "title"),
                message=f"no way leads to step `{step.id}`",
                about=f"steps.{step.id}.next",
                label="is never done",
                help=f"name `{step.id}` in the `next` of a step, or move it where it belongs",
                cite=step.citations.get("title"),
                step=step.id,
            )


def _roots(flow: ProcedureFlow) -> Iterator[str]:
    """Give the first of those lost steps that no other lost steps lead to."""
    import networkx as nx

    if not flow.lost:
        return
    place = {step: number for number, step in enumerate(flow.lost)}
    groups = nx.condensation(flow.network.subgraph(flow.lost))
    for group, ways in groups.in_degree():
        if not ways:
            yield min(groups.nodes[group]["members"], key=place.__getitem__)
