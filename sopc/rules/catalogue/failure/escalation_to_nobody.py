"""The rule `escalation-to-nobody`, SOP402."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.rules.context import CheckContext
from sopc.rules.naming.use import rungs
from sopc.rules.rule import Flaw, rule


@rule("SOP402", "escalation-to-nobody", Severity.WARNING, Confidence.MEDIUM)
def escalation_to_nobody(context: CheckContext) -> Iterator[Flaw]:
    """An escalation that does not say whom to turn to.

    ## What it does
    Finds rungs of escalation ladders without a role in `to`.

    ## Why it matters
    "Escalate if needed" reaches nobody. When the time comes, somebody has to find out who is meant,
    and until then nothing happens.

    ## Example
    ```yaml
    escalation:
      - says: if there is no answer, escalate
        after: 2 business days
    ```

    ## Use instead
    ```yaml
    escalation:
      - says: if there is no answer within 2 business days, escalate to the support manager
        after: 2 business days
        to: support-manager
    ```

    ## Fix safety
    No fix is offered: whom to turn to is for the people who own the procedure.
    """
    for rung, path, about, step in rungs(context):
        if rung.to is not None:
            continue
        yield Flaw(
            at=(*path, "says"),
            message="an escalation does not say whom to turn to",
            about=about,
            key=rung.says,
            label="names no role",
            help="name the role that takes over",
            notes=(f"`{rung.via}` is where it is said, not who has to answer",) if rung.via else (),
            cite=rung.cite,
            step=step,
        )
