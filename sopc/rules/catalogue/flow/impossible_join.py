"""The rule `impossible-join`, SOP507."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import Join, Step
from sopc.graph.edit import Drop
from sopc.graph.network import Flow
from sopc.rules.context import CheckContext
from sopc.rules.flow.procedure_flow import ProcedureFlow, choices
from sopc.rules.rule import Flaw, Repair, rule


@rule("SOP507", "impossible-join", Severity.ERROR)
def impossible_join(context: CheckContext) -> Iterator[Flaw]:
    """A step that waits for paths of which a run takes only one.

    ## What it does
    Finds steps with `join: all` that no two paths of a fork lead to: only one way leads there, or
    the ways are branches of a decision, of which exactly one is taken.

    ## Why it matters
    No second path was ever started. A run that waits for none goes on at once, so what the join was
    meant to wait for is not waited for.

    ## Example
    ```yaml
    - id: refund-limit
      kind: decision
      title: Look at the amount
      branches:
        - when: {says: over $500, cel: amount > 50000}
          then: ask-manager
      otherwise: check-order
    ...
    - id: issue-refund
      kind: action
      title: Issue the refund
      join: all
    ```

    ## Use instead
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund
    ```
    Branches of a decision come together without a `join`.

    ## Fix safety
    The fix leaves the `join` out. It is unsafe, because a fork may have been meant instead.
    """
    for flow in context.flows.values():
        if flow.unknown_targets:
            continue
        for step in flow.procedure.steps:
            if step.join is Join.ALL and step.id in flow.position and step.id not in flow.meetings:
                yield _flaw(flow, step)


def _flaw(flow: ProcedureFlow, step: Step) -> Flaw:
    ways = [way for way in flow.ways_in[step.id] if not flow.goes_back(way)]
    path = (*flow.step_path(step.id), "join")
    single = len(ways) == 1
    fact = "only one way leads to it" if single else "a run takes only one of them"
    return Flaw(
        at=path,
        message=f"step `{step.id}` waits for all paths that lead to it, but {fact}",
        about=f"steps.{step.id}.join",
        label="waits in vain" if not single else "has nothing to wait for",
        help="leave `join` out, or start the paths at once with a `next` of several steps",
        related=tuple((flow.flow_path(way), _said(way)) for way in ways if way.step in flow.steps),
        cite=step.citations.get("title"),
        step=step.id,
        severity=Severity.WARNING if single else None,
        repair=Repair("leave `join` out", (Drop(path),)),
    )


def _said(way: Flow) -> str:
    return f"`{way.step}` {choices(way)}"
