"""The rule `uncited-step`, SOP701."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP701", "uncited-step", Severity.WARNING)
def uncited_step(context: CheckContext) -> Iterator[Flaw]:
    """A step of which nobody can say where it comes from.

    ## What it does
    Finds steps without a citation of their title, in graphs that were compiled from prose. An
    answer that a person gave is a citation too.

    ## Why it matters
    The graph may say no more than the prose. What is cited nowhere was added by somebody, or made
    up, and cannot be reviewed against anything.

    ## Example
    ```yaml
    - id: notify-legal
      kind: action
      title: Notify the legal department
      system: gmail
    ```

    ## Use instead
    Write the sentence into the prose and compile it again, or say in the answers file who wants it:
    ```yaml
      citations:
        title: {answer: notify-legal, by: Ana Pires}
    ```

    ## Fix safety
    No fix is offered: a citation says that somebody looked.
    """
    if context.graph.source is None:
        return
    for at in context.steps:
        if "title" in at.step.citations:
            continue
        yield Flaw(
            at=at.title,
            message=f"step `{at.step.id}` cites neither the prose nor an answer",
            about=at.about("title"),
            label="comes from nowhere",
            help="write it into the prose and compile again, or cite the answer that adds it",
            step=at.step.id,
        )
