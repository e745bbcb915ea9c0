"""The rule `fork-never-joined`, SOP506."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph.network import FlowKind
from sopc.rules.context import CheckContext
from sopc.rules.flow.fork_paths import Meeting
from sopc.rules.flow.procedure_flow import ProcedureFlow
from sopc.rules.rule import Flaw, rule


@rule("SOP506", "fork-never-joined", Severity.WARNING)
def fork_never_joined(context: CheckContext) -> Iterator[Flaw]:
    """A step in which the paths of a fork meet without a join.

    ## What it does
    Follows the paths that a `next` of several steps starts, and finds the first step that two of
    them lead to without a `join`. Paths that only meet at the end need none.

    ## Why it matters
    Nothing says whether the step waits for the other path, or is done once for each of them: a
    refund is paid twice, or paid before it was checked.

    ## Example
    ```yaml
    - id: start-checks
      kind: human_task
      title: Hand the case over for checks
      next: [check-order, look-up-payment]
    - id: check-order
      kind: action
      title: Check the order
      next: issue-refund
    - id: look-up-payment
      kind: action
      title: Look up the payment
    - id: issue-refund
      kind: action
      title: Issue the refund
    ```

    ## Use instead
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund
      join: all
    ```
    `join: any` goes on with the first path that arrives.

    ## Fix safety
    No fix is offered: whether to wait for all paths is for the people who own the procedure.
    """
    for flow in context.flows.values():
        if flow.unknown_targets:
            continue
        for node, meeting in flow.meetings.items():
            if flow.steps[node].join is None:
                yield _flaw(flow, node, meeting)


def _flaw(flow: ProcedureFlow, node: str, meeting: Meeting) -> Flaw:
    return Flaw(
        at=(*flow.step_path(node), "title"),
        message=f"paths of the fork at `{meeting.fork}` meet in step `{node}`, which does not say "
        "whether it waits for them",
        about=f"steps.{node}.join",
        key=meeting.fork,
        label="may be done twice, or too early",
        help=_help(node, meeting),
        cite=flow.steps[node].citations.get("title"),
        step=node,
        chain=(
            ((*flow.step_path(meeting.fork), *meeting.field), "several paths start"),
            *((flow.flow_path(way), f"one comes from `{way.step}`") for way in meeting.ways),
            ((*flow.step_path(node), "title"), "they meet"),
        ),
    )


def _help(node: str, meeting: Meeting) -> str:
    falls_into = next((way for way in meeting.ways if way.kind is FlowKind.SEQUENCE), None)
    if falls_into and any(way.step == meeting.fork for way in meeting.ways):
        return (
            f"say where `{falls_into.step}` leads with `next`: without it, the flow goes on to "
            f"`{node}`, the next step of the list"
        )
    return "write `join: all` to wait for all of them, or `join: any` to go on with the first"
