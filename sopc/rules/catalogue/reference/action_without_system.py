"""The rule `action-without-system`, SOP201."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import ActionStep, Tier
from sopc.graph.edit import Put
from sopc.rules.context import CheckContext
from sopc.rules.prose.addressee import is_unaddressed
from sopc.rules.rule import Flaw, Repair, rule


@rule("SOP201", "action-without-system", Severity.WARNING, Confidence.LOW)
def action_without_system(context: CheckContext) -> Iterator[Flaw]:
    """An action that names no system to act in.

    ## What it does
    Finds steps of kind `action` without a `system`. It is a warning where a person can do the work
    until the system is known: the step names a role, or its words ask whoever reads them. Where
    they ask nobody ("clients must be notified"), or the step is of tier 1 and would run alone, it
    is an error, because neither a program nor a person does it.

    ## Why it matters
    "Send the usual welcome email" can be done from any mailbox with any text. A program cannot do
    it at all, and no two people do it alike.

    ## Example
    ```yaml
    - id: send-welcome-email
      kind: action
      title: Send the usual welcome email
    ```

    ## Use instead
    ```yaml
    - id: send-welcome-email
      kind: action
      title: Send template welcome-1 in Gmail from hello@example.com
      system: gmail
      template: welcome-1
    ```
    Where it is a person's work and no system is involved, make it a `human_task`.

    ## Fix safety
    The system is not in the prose, so a fix is offered only where the organization file says which
    system keeps the step's template, and the graph lists that. It is unsafe: the template may be
    sent from elsewhere.
    """
    listed = {system.id for system in context.graph.systems}
    for at in context.steps:
        if not isinstance(at.step, ActionStep) or at.step.system is not None:
            continue
        keeper = _keeper(context, at.step)
        lost = at.step.role is None and is_unaddressed(at.step.title)
        alone = at.step.tier is not None and at.step.tier.level is Tier.AUTONOMOUS
        fact = "names neither a system nor who does it" if lost else "names no system"
        yield Flaw(
            at=at.title,
            message=f"action `{at.step.id}` {fact}" + (", and would run alone" if alone else ""),
            about=at.about("system"),
            label="says what, but not where",
            help=f"write `system: {keeper}`, which keeps template `{at.step.template}`"
            if keeper
            else "name the tool, form, inbox or channel that this is done in",
            cite=at.cite(),
            step=at.step.id,
            severity=Severity.ERROR if lost or alone else None,
            confidence=Confidence.MEDIUM if lost else Confidence.HIGH if alone else None,
            notes=(f"without one, it is a task of `{at.step.role}`",) if at.step.role else (),
            repair=Repair(f"write `system: {keeper}`", (Put((*at.path, "system"), keeper),))
            if keeper in listed
            else None,
        )


def _keeper(context: CheckContext, step: ActionStep) -> str | None:
    """Give the id of the system that keeps the step's template."""
    if context.organization is None or step.template is None:
        return None
    template = context.organization.template(step.template)
    return template.system if template else None
