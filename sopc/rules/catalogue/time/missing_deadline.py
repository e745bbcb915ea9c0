"""The rule `missing-deadline`, SOP301."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import ActionStep, ApprovalStep, HumanTaskStep, Procedure, Step, WaitStep
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP301", "missing-deadline", Severity.WARNING, Confidence.LOW)
def missing_deadline(context: CheckContext) -> Iterator[Flaw]:
    """A step that somebody waits for, and that may take for ever.

    ## What it does
    Finds actions, people's tasks, approvals and waits for an event that have neither a deadline nor
    a cadence, in a procedure that as a whole has neither. For actions and tasks a delay does too
    ("3 days after the due date"), because it says when they are due. A step that handles
    another's failure is bounded by the ladder of that one. An escalation's `after` is no deadline:
    it says when somebody else learns of it, not by when it is done. Bounds that leave a gap are the
    matter of `endless-wait`.

    ## Why it matters
    What has no deadline is never late, so nobody is reminded and nothing escalates. Work stops
    there without anybody noticing.

    ## Example
    ```yaml
    - id: approve-refund
      kind: approval
      title: The support manager approves the refund
      role: support-manager
    ```

    ## Use instead
    ```yaml
    - id: approve-refund
      kind: approval
      title: The support manager approves the refund within 1 business day
      role: support-manager
      deadlines:
        - says: within 1 business day
          within: 1 business day
    ```
    One deadline for the whole procedure does for all of its steps.

    ## Fix safety
    No fix is offered: how long it may take is for the people who own the procedure.
    """
    for at in context.steps:
        step = at.step
        if (
            step.handles is not None
            or not _waited_for(step)
            or _bounded(step)
            or _bounded(at.procedure)
        ):
            continue
        yield Flaw(
            at=at.title,
            message=f"step `{step.id}` has no deadline",
            about=at.about("deadlines"),
            label="may take for ever",
            help="say by when it is done, or bound the procedure as a whole",
            cite=at.cite(),
            step=step.id,
        )


def _waited_for(step: Step) -> bool:
    if isinstance(step, WaitStep):
        return step.duration is None and step.until is None
    return isinstance(step, ActionStep | HumanTaskStep | ApprovalStep)


def _bounded(bounded: Step | Procedure) -> bool:
    due = isinstance(bounded, ActionStep | HumanTaskStep) and bool(bounded.delays)
    return due or bool(bounded.deadlines or bounded.cadences)
