"""The rule `endless-loop`, SOP502."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph.network import endless, shortest_cycle
from sopc.rules.context import CheckContext
from sopc.rules.procedure_flow import ProcedureFlow
from sopc.rules.rule import Flaw, rule


@rule("SOP502", "endless-loop", Severity.ERROR)
def endless_loop(context: CheckContext) -> Iterator[Flaw]:
    """A loop that nothing ends.

    ## What it does
    Finds loops with neither `until` nor `at_most`, and steps that lead round to themselves with no
    way out.

    ## Why it matters
    The run never ends. It sends the same reminder for ever, and nobody is told that it got nowhere.

    ## Example
    ```yaml
    - id: remind-customer
      kind: action
      title: Remind the customer
      loop: {back_to: wait-for-answer}
    ```

    ## Use instead
    ```yaml
    - id: remind-customer
      kind: action
      title: Remind the customer
      loop:
        back_to: wait-for-answer
        until: {says: until the customer has answered}
        at_most: 3
    ```

    ## Fix safety
    No fix is offered: when to give up is for the people who own the procedure.
    """
    for at in context.steps:
        loop = at.step.loop
        if loop is None or loop.until is not None or loop.at_most is not None:
            continue
        yield Flaw(
            at=(*at.path, "loop", "back_to"),
            message=f"step `{at.step.id}` goes back to `{loop.back_to}` without an end",
            about=at.about("loop"),
            help="say until when it goes round, or how often `at_most`",
            cite=at.cite(),
            step=at.step.id,
        )
    for procedure, path in context.procedures():
        positions = {step.id: index for index, step in enumerate(procedure.steps)}
        for cycle in _traps(context.flows[procedure.id]):
            first = cycle[0]
            yield Flaw(
                at=(*path, "steps", positions[first], "title"),
                message=f"no way leads out of {' -> '.join(f'`{step}`' for step in cycle)}",
                about=f"steps.{first}.next",
                key="cycle",
                label="leads back to itself",
                help="let one of these steps lead on to another step, or to `end`",
                cite=procedure.steps[positions[first]].citations.get("title"),
                step=first,
            )


def _traps(flow: ProcedureFlow) -> Iterator[list[str]]:
    """Give a cycle for each group of reachable steps that the flow can get into but not out of."""
    import networkx as nx

    if flow.unknown_targets:
        return
    network = flow.network
    stuck = endless(network)
    if not stuck:
        return
    lost = set(flow.lost)
    groups = nx.condensation(network.subgraph(stuck))
    for group, ways in groups.out_degree():
        members = groups.nodes[group]["members"]
        if ways or not lost.isdisjoint(members):
            continue
        yield shortest_cycle(network.subgraph(members), min(members, key=flow.number.__getitem__))
