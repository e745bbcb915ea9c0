"""The rule `unlimited-retry`, SOP403."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP403", "unlimited-retry", Severity.WARNING)
def unlimited_retry(context: CheckContext) -> Iterator[Flaw]:
    """A retry that does not say how often.

    ## What it does
    Finds retries without `times`.

    ## Why it matters
    "Keep trying" never gives up, so the escalation behind it never comes, and a system that refuses
    is asked for ever.

    ## Example
    ```yaml
    retry:
      says: keep trying
    ```

    ## Use instead
    ```yaml
    retry:
      says: try twice more, an hour apart
      times: 2
      delay: PT1H
    ```

    ## Fix safety
    No fix is offered: how often is enough is for the people who own the procedure.
    """
    for at in context.steps:
        retry = at.step.retry
        if retry is None or retry.times is not None:
            continue
        yield Flaw(
            at=(*at.path, "retry", "says"),
            message=f"the retry of step `{at.step.id}` does not say how often",
            about=at.about("retry"),
            label="has no last attempt",
            help="say how many attempts there are, and how far apart",
            cite=retry.cite or at.cite(),
            step=at.step.id,
        )
