"""The rule `endless-wait`, SOP409."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import ApprovalStep, Deadline, Failure, Rung, Step, WaitStep
from sopc.rules.context import CheckContext, StepPlace
from sopc.rules.rule import Flaw, GraphPath, rule
from sopc.rules.timing.reach import conditions

_OVERDUE = {Failure.ANY, Failure.TIMED_OUT}


@rule("SOP409", "endless-wait", Severity.WARNING, Confidence.MEDIUM)
def endless_wait(context: CheckContext) -> Iterator[Flaw]:
    """An approval, or a wait for an event, that looks bounded and can last for ever all the same.

    ## What it does
    Finds approvals and waits for an event whose bounds leave a gap: the only deadline is for some
    cases; there is a rhythm and no deadline; or the ladder deals with other failures alone, so that
    nothing happens when the time is up. Without any bound it is the matter of `missing-deadline`,
    without any ladder that of `no-escalation-path`. A rung with `after` closes each of these gaps,
    and a deadline of the procedure closes the first two.

    ## Why it matters
    People forget and messages get lost. A run that waits without an end is never late and never
    fails, so nobody sees that it stands still.

    ## Example
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: support-manager
      deadlines:
        - says: within 1 business day if it is urgent
          within: 1 business day
          when: [{says: if it is urgent}]
    ```

    ## Use instead
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: support-manager
      deadlines:
        - says: within 1 business day if it is urgent
          within: 1 business day
          when: [{says: if it is urgent}]
        - says: within 5 business days
          within: 5 business days
    ```

    ## Fix safety
    No fix is offered: how long it may take is for the people who own the procedure.
    """
    for at in context.steps:
        step = at.step
        if step.handles is not None or not _waits(step):
            continue
        own = step.escalation or at.procedure.escalation
        if any(rung.after is not None for rung in own):
            continue
        gap = _gap(context, at, own)
        if gap is None:
            continue
        fact, path, label = gap
        yield Flaw(
            at=path,
            message=f"step `{step.id}` may wait for ever: {fact}",
            about=at.about("deadlines"),
            key="endless",
            label=label,
            help="say by when it is over in all cases, and who is told if it is not",
            cite=at.cite(),
            step=step.id,
        )


def _waits(step: Step) -> bool:
    if isinstance(step, WaitStep):
        return step.event is not None and step.duration is None and step.until is None
    return isinstance(step, ApprovalStep)


def _gap(
    context: CheckContext, at: StepPlace, ladder: tuple[Rung, ...]
) -> tuple[str, GraphPath, str] | None:
    """Say what leaves the gap, where, and in a few words."""
    step = at.step
    if not step.deadlines and not at.procedure.deadlines:
        path = at.path if step.cadences else at.path[:2]
        if not step.cadences and not at.procedure.cadences:
            return None
        place = (*path, "cadences", 0, "says")
        return "it has a rhythm, but no deadline", place, "does not end it"
    if len(step.deadlines) == 1 and not at.procedure.deadlines:
        (deadline,) = step.deadlines
        if not deadline.vague and _for_some_cases(context, at, deadline):
            place = (*at.path, "deadlines", 0, "when", 0, "says")
            return "its only deadline is for some cases", place, "in all other cases there is none"
    told = context.organization is not None and context.organization.escalation is not None
    if ladder and not told and not any(_is_for_overdue(rung) for rung in ladder):
        root = at.path if step.escalation else at.path[:2]
        kinds = dict.fromkeys(each.value for rung in ladder for each in rung.on)
        failures = " or ".join(f"`{each}`" for each in kinds)
        place = (*root, "escalation", 0, "on")
        return f"its escalation is for {failures} alone", place, "not for when time is up"
    return None


def _for_some_cases(context: CheckContext, at: StepPlace, deadline: Deadline) -> bool:
    known = context.known[at.procedure.id].every(at.step.id)
    cases = {each.cel or each.says.casefold() for each in at.step.when}
    return not conditions(deadline) <= (known | cases)


def _is_for_overdue(rung: Rung) -> bool:
    return not rung.on or not _OVERDUE.isdisjoint(rung.on)
