"""The rule `unreasoned-suppression`, SOP007."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.rule import Flaw, suppression_rule
from sopc.rules.suppressing import Suppressing, scope_key


@suppression_rule("SOP007", "unreasoned-suppression", Severity.WARNING)
def unreasoned_suppression(suppressing: Suppressing) -> Iterator[Flaw]:
    """A suppression that does not say why.

    ## What it does
    Finds entries of `suppressions` without a `reason`. They suppress all the same.

    ## Why it matters
    Whoever signs the graph signs what it accepts. Without a reason nobody can tell whether the
    mistake is none, or was only in the way.

    ## Example
    ```yaml
    suppressions:
      - rule: missing-deadline
        step: file-the-contract
    ```

    ## Use instead
    ```yaml
    suppressions:
      - rule: missing-deadline
        step: file-the-contract
        reason: nobody waits for the filing
        by: Grace Okafor
    ```

    ## Fix safety
    No fix is offered: the reason is somebody's to give.
    """
    for index, suppression in enumerate(suppressing.graph.suppressions):
        if suppression.reason is not None:
            continue
        yield Flaw(
            at=("suppressions", index, "rule"),
            message=f"`{suppression.rule}` is suppressed without a reason",
            about="suppressions",
            key=scope_key(suppression),
            help="add a `reason`",
            step=suppression.step,
        )
