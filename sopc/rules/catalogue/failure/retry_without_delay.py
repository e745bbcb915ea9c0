"""The rule `retry-without-delay`, SOP404."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP404", "retry-without-delay", Severity.WARNING, Confidence.MEDIUM)
def retry_without_delay(context: CheckContext) -> Iterator[Flaw]:
    """A retry that does not say how long to wait before it.

    ## What it does
    Finds retries that say how often, but have no `delay`. One that says neither is the matter of
    `unlimited-retry`, whose answer is both.

    ## Why it matters
    What has failed just now mostly fails again at once: all attempts are used up before the system
    is back, and one that is overloaded gets more to do.

    ## Example
    ```yaml
    retry:
      says: try three more times
      times: 3
    ```

    ## Use instead
    ```yaml
    retry:
      says: try three more times, 15 minutes apart
      times: 3
      delay: PT15M
    ```

    ## Fix safety
    No fix is offered: how long to wait is for the people who own the procedure.
    """
    for at in context.steps:
        retry = at.step.retry
        if retry is None or retry.times is None or retry.delay is not None:
            continue
        yield Flaw(
            at=(*at.path, "retry", "says"),
            message=f"the retry of step `{at.step.id}` does not say how long to wait before it",
            about=at.about("retry"),
            key="delay",
            label="begins at once",
            help="say how long after the failure it is tried again",
            cite=retry.cite or at.cite(),
            step=at.step.id,
        )
