"""The rule `lost-handler`, SOP509."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.flow.procedure_flow import ProcedureFlow
from sopc.rules.naming.nearest import meant
from sopc.rules.rule import Flaw, rule


@rule("SOP509", "lost-handler", Severity.ERROR)
def lost_handler(context: CheckContext) -> Iterator[Flaw]:
    """A step that deals with the failure of a step that it never comes after.

    ## What it does
    Finds steps whose `handles` names no step of the procedure, the step itself, or a step from
    which no way leads to it.

    ## Why it matters
    It is only done when the other step has failed. As that has not even been tried, it is always
    passed over, and nobody deals with the failure when it happens.

    ## Example
    ```yaml
    - id: ask-for-other-card
      kind: action
      title: Ask for another card
      handles: issue-refund
    - id: issue-refund
      kind: action
      title: Issue the refund
    ```

    ## Use instead
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund
    - id: ask-for-other-card
      kind: action
      title: Ask for another card
      handles: issue-refund
    ```

    ## Fix safety
    No fix is offered: where the step belongs is for the people who own the procedure.
    """
    for flow in context.flows.values():
        handlers = [step for step in flow.procedure.steps if step.handles is not None]
        before = _before(flow) if handlers and not flow.unknown_targets else {}
        for step in handlers:
            handled = step.handles or ""
            known = handled in flow.steps
            if known and handled in before.get(step.id, {handled}):
                continue
            fact, advice = "but does not come after it", f"move `{step.id}` behind `{handled}`"
            if handled == step.id:
                advice = "name the step whose failure it deals with"
            if not known:
                fact = "which is no step of the procedure"
                advice = meant(handled, flow.steps, kind="step")
            yield Flaw(
                at=(*flow.step_path(step.id), "handles"),
                message=f"step `{step.id}` handles the failure of `{handled}`, {fact}",
                about=f"steps.{step.id}.handles",
                key=handled,
                label="is always passed over",
                help=advice,
                related=(((*flow.step_path(handled), "title"), "fails here"),) if known else (),
                cite=step.citations.get("title"),
                step=step.id,
            )


def _before(flow: ProcedureFlow) -> Mapping[str, set[str]]:
    """Give for each handler that can be reached the handled steps that come before it."""
    import networkx as nx

    asked = {step.handles for step in flow.procedure.steps if step.handles in flow.steps}
    bits = {step: 1 << number for number, step in enumerate(sorted(filter(None, asked)))}
    network = flow.network.subgraph(flow.order)
    groups = nx.condensation(network)
    reached: dict[int, int] = defaultdict(int)
    found: dict[str, set[str]] = {}
    for group in nx.topological_sort(groups):
        members = groups.nodes[group]["members"]
        own = sum(bits.get(each, 0) for each in members)
        for each in members:
            step = flow.steps.get(each)
            if step is not None and step.handles in bits:
                round_again = len(members) > 1 and step.handles != step.id
                seen = reached[group] | (own if round_again else 0)
                found[each] = {step.handles} if seen & bits[step.handles] else set()
        for following in groups.successors(group):
            reached[following] |= reached[group] | own
    return found
