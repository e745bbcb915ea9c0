"""The rule `incomplete-decision`, SOP503."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import DecisionStep
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP503", "incomplete-decision", Severity.WARNING, Confidence.LOW)
def incomplete_decision(context: CheckContext) -> Iterator[Flaw]:
    """A decision whose branches may not cover every case.

    ## What it does
    Finds decisions without an `otherwise` that have one branch only, or of which a branch has a
    condition in words, so that nobody can prove that one of the branches always holds.

    ## Why it matters
    When none of the branches holds, the run stops. It does so for the unusual case, which nobody
    thought of when the procedure was written.

    ## Example
    ```yaml
    - id: kind-of-request
      kind: decision
      title: Look at the kind of request
      branches:
        - when: {says: if it is a complaint}
          then: call-back
        - when: {says: if it is a question}
          then: answer
    ```

    ## Use instead
    ```yaml
    - id: kind-of-request
      kind: decision
      title: Look at the kind of request
      branches:
        - when: {says: if it is a complaint}
          then: call-back
        - when: {says: if it is a question}
          then: answer
      otherwise: ask-team-lead
    ```

    ## Fix safety
    No fix is offered: where the other cases lead is for the people who own the procedure.
    """
    for at in context.steps:
        step = at.step
        if not isinstance(step, DecisionStep) or step.otherwise is not None:
            continue
        in_words = any(branch.when.cel is None for branch in step.branches)
        single = len(step.branches) == 1
        if not in_words and not single:
            continue
        fact = "only one branch" if single else "conditions in words"
        yield Flaw(
            at=at.title,
            message=f"decision `{step.id}` has {fact} and no `otherwise`",
            about=at.about("otherwise"),
            label="may have a case that no branch covers",
            help="add an `otherwise`, or write the conditions as expressions",
            cite=step.branches[0].when.cite or at.cite(),
            step=step.id,
            confidence=Confidence.MEDIUM if single else None,
        )
