"""The rule `action-without-system`, SOP201."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import ActionStep
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP201", "action-without-system", Severity.ERROR)
def action_without_system(context: CheckContext) -> Iterator[Flaw]:
    """An action that names no system to act in.

    ## What it does
    Finds steps of kind `action` without a `system`.

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
    No fix is offered: the system is not in the prose.
    """
    for at in context.steps:
        if not isinstance(at.step, ActionStep) or at.step.system is not None:
            continue
        yield Flaw(
            at=at.title,
            message=f"action `{at.step.id}` names no system",
            about=at.about("system"),
            label="says what, but not where",
            help="name the tool, form, inbox or channel that this is done in",
            cite=at.cite(),
            step=at.step.id,
        )
