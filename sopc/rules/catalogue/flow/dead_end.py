"""The rule `dead-end`, SOP505."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import END
from sopc.rules.context import CheckContext
from sopc.rules.flow.procedure_flow import ProcedureFlow
from sopc.rules.rule import Flaw, rule


@rule("SOP505", "dead-end", Severity.ERROR)
def dead_end(context: CheckContext) -> Iterator[Flaw]:
    """A way that leads to nothing.

    ## What it does
    Finds procedures without a step, and paths of a fork that end where they begin: the fork names
    `end` beside other steps, or the same step twice.

    ## Why it matters
    What starts the procedure, or calls it, is answered with nothing; what the path was meant to do
    is not done.

    ## Example
    ```yaml
    - id: start-checks
      kind: human_task
      title: Hand the case over for checks
      next: [check-order, end]
    ```

    ## Use instead
    ```yaml
    - id: start-checks
      kind: human_task
      title: Hand the case over for checks
      next: [check-order, look-up-payment]
    ```

    ## Fix safety
    No fix is offered: what is missing is for the people who own the procedure.
    """
    for flow in context.flows.values():
        procedure = flow.procedure
        if not procedure.steps:
            yield Flaw(
                at=(*flow.path, "title"),
                message=f"procedure `{procedure.id}` has no steps",
                about=f"procedures.{procedure.id}.steps",
                label="ends where it starts",
                help="say what is to be done, or leave the procedure out",
                cite=procedure.cite,
            )
        yield from _lost_paths(flow)


def _lost_paths(flow: ProcedureFlow) -> Iterator[Flaw]:
    seen: set[tuple[str, tuple[str | int, ...], str]] = set()
    listed = [way for way in flow.all_flows if way.path and isinstance(way.path[-1], int)]
    forks = {(way.step, way.path[:-1]) for way in listed if way.path[-1] != 0}
    for way in listed:
        fork = way.step, way.path[:-1]
        twice = (*fork, way.target) in seen
        seen.add((*fork, way.target))
        if fork not in forks or not (twice or way.target == END):
            continue
        fact = f"starts `{way.target}` twice" if twice else "has a path that ends at once"
        yield Flaw(
            at=flow.flow_path(way),
            message=f"the fork at step `{way.step}` {fact}",
            about=f"steps.{way.step}.{way.path[0]}",
            key=way.target,
            label="leads to nothing" if not twice else "is started already",
            help="name the step that the path begins with, or leave it out",
            cite=flow.steps[way.step].citations.get("title"),
            step=way.step,
        )
