"""The rule `missing-trigger`, SOP101."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import CallStep
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP101", "missing-trigger", Severity.ERROR)
def missing_trigger(context: CheckContext) -> Iterator[Flaw]:
    """A procedure that nothing starts.

    ## What it does
    Finds procedures without a trigger. One that another procedure of the file calls needs none. In
    a document that says what starts others of its procedures it is a warning: what is left may
    belong to one of them.

    ## Why it matters
    A procedure that does not say when it starts depends on somebody remembering it. Nothing can
    start it but a person, and nobody can tell whether it should have run.

    ## Example
    ```yaml
    procedures:
      - id: client-onboarding
        title: Client onboarding
        steps: [...]
    ```

    ## Use instead
    ```yaml
    procedures:
      - id: client-onboarding
        title: Client onboarding
        triggers:
          - kind: event
            id: deal-won
            says: when a deal in HubSpot moves to Closed Won
            system: hubspot
            event: deal moved to Closed Won
    ```
    In the prose: "This procedure starts when a deal in HubSpot moves to `Closed Won`."

    ## Fix safety
    No fix is offered: only the people who own the procedure know what starts it.
    """
    called = {at.step.procedure for at in context.steps if isinstance(at.step, CallStep)}
    partly = bool(context.triggers)
    for procedure, path in context.procedures():
        if procedure.triggers or procedure.id in called:
            continue
        yield Flaw(
            at=(*path, "title"),
            message=f"procedure `{procedure.id}` does not say what starts it",
            about=f"procedures.{procedure.id}.triggers",
            label="has no trigger",
            help="name the event and its system, the schedule, or the role that asks for it",
            cite=procedure.cite,
            says="compiled from this heading",
            severity=Severity.WARNING if partly else None,
        )
