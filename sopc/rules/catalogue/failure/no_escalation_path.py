"""The rule `no-escalation-path`, SOP401."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import ActionStep, ApprovalStep, Step, WaitStep
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP401", "no-escalation-path", Severity.WARNING, Confidence.LOW, leans_on_organization=True)
def no_escalation_path(context: CheckContext) -> Iterator[Flaw]:
    """A step that can fail, and nothing said of what happens then.

    ## What it does
    Finds actions in a system, approvals and waits for an event that have no escalation, in a
    procedure that as a whole has none, of an organization without a default one. A default that
    turns to the very role that does the step is none for it, unless the organization file says whom
    that role reports to. Retrying alone is no way out: the last attempt can fail too. A step that
    handles another's failure is itself part of that one's way out.

    ## Why it matters
    The day that a system is down, or an approver on leave, is the day that a procedure is for.
    Without a way out the run stops, and nobody is told.

    ## Example
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund in Stripe
      system: stripe
    ```

    ## Use instead
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund in Stripe
      system: stripe
      retry: {says: once after 24 hours, times: 1, delay: PT24H}
      escalation:
        - says: if Stripe declines it again, escalate to the finance manager in Slack
          to: finance-manager
          via: slack
    ```
    One escalation for the whole procedure, or one in `organization.yaml`, does for all steps.

    ## Fix safety
    No fix is offered: whom to turn to is for the people who own the procedure.
    """
    handled = {(at.procedure.id, at.step.handles) for at in context.steps}
    for at in context.steps:
        step = at.step
        fact = _failure(step)
        if fact is None or step.escalation or at.procedure.escalation:
            continue
        if step.handles is not None or (at.procedure.id, step.id) in handled:
            continue
        default = context.organization and context.organization.escalation
        if context.organization and context.organization.escalates_to(step.role) is not None:
            continue
        yield Flaw(
            at=at.title,
            message=f"step `{step.id}` does not say what happens {fact}",
            about=at.about("escalation"),
            label="has no way out",
            help="say who is turned to, after how long, and through which channel",
            cite=at.cite(),
            step=step.id,
            notes=tuple(_notes(step, default.to if default else None)),
        )


def _notes(step: Step, default: str | None) -> Iterator[str]:
    if step.retry:
        yield "its retry ends, and then the run stops"
    if default is not None:
        yield f"the organization's default turns to `{default}`, which does this step"


def _failure(step: Step) -> str | None:
    match step:
        case ActionStep(system=str(system)):
            return f"when `{system}` fails or refuses"
        case ApprovalStep():
            return "when nobody decides"
        case WaitStep(event=event) if event is not None:
            return "when the event does not come"
    return None
