"""The rule `unknown-operation`, SOP212."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import ActionStep
from sopc.graph.edit import Put
from sopc.organization import System
from sopc.rules.context import CheckContext
from sopc.rules.naming.listing import systems
from sopc.rules.naming.nearest import Known
from sopc.rules.rule import Flaw, Repair, rule

TELLING = "notify"
"""The graph's own word for telling somebody, in whatever way the system has."""


@rule("SOP212", "unknown-operation", Severity.ERROR)
def unknown_operation(context: CheckContext) -> Iterator[Flaw]:
    """An operation that its system does not have.

    ## What it does
    Finds actions whose `operation` is none of those that the organization file lists for the
    system. Systems without a list are left alone, and so is `notify`, by which a graph says that
    somebody is told. While the system is not bound, it is a warning.

    ## Why it matters
    The connector refuses what it does not know, so the step fails whenever it runs.

    ## Example
    ```yaml
    # organization.yaml: {id: stripe, name: Stripe, operations: [{name: create_refund}]}
    - id: issue-refund
      kind: action
      title: Issue the refund in Stripe
      system: stripe
      operation: issue_refund
    ```

    ## Use instead
    ```yaml
      operation: create_refund
    ```

    ## Fix safety
    The fix writes the nearest operation of the system. It is unsafe, because that is a guess.
    """
    listed = systems(context).known_by_id
    operations: dict[str, Known] = {}
    for at in context.steps:
        step = at.step
        if not isinstance(step, ActionStep) or step.operation in {None, TELLING}:
            continue
        system = listed.get(step.system or "")
        if not isinstance(system, System) or not system.operations:
            continue
        if step.operation is None or system.operation(step.operation):
            continue
        if system.id not in operations:
            names = (operation.name for operation in system.operations)
            operations[system.id] = Known(names, kind="operation")
        known = operations[system.id]
        near = known.nearest(step.operation)
        path = (*at.path, "operation")
        yield Flaw(
            at=path,
            message=f"`{system.name}` has no operation `{step.operation}`",
            about=at.about("operation"),
            key=step.operation,
            help=known.meant(step.operation),
            cite=at.cite("operation"),
            step=step.id,
            severity=None if system.binding else Severity.WARNING,
            repair=Repair(f"write `{near}`", (Put(path, near),)) if near else None,
        )
