"""The rule `tier-too-low`, SOP605."""

import re
from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph import ActionStep, ApprovalStep, DecisionStep, HumanTaskStep, Step, Tier
from sopc.rules.acts.lasting_act import Lasting, lasting_acts
from sopc.rules.acts.raised_tier import raised_tier
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, GraphPath, rule

_PERSONAL = re.compile(
    r"(?:meets? with|(?:discuss|interview|negotiate|coach|brainstorm)(?:e?s)?)\s",
    re.IGNORECASE,
)
_DONE = {2: "somebody approves it", 3: "a person does it"}


@rule("SOP605", "tier-too-low", Severity.WARNING)
def tier_too_low(context: CheckContext) -> Iterator[Flaw]:
    """A step of tier 1 that only a person can do.

    ## What it does
    Finds steps of tier 1 that are an approval or a person's task, that decide by a condition in
    words alone, that have a guardrail in words alone, or whose verb is a person's work, as
    "interview" and "negotiate". A condition in words on an action is no reason: once a person has
    said that it holds, the action runs alone. Steps with judgment words are left to
    `judgment-words`, payments to `money-without-limit`.

    ## Why it matters
    Tier 1 says that the step needs nobody. Nobody is told of it then, and it does not happen, or it
    happens without the check that it is there for.

    ## Example
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: support-manager
      tier: {level: 1, reason: one click in one system}
    ```

    ## Use instead
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: support-manager
      tier: {level: 2, reason: somebody's approval is the step}
    ```

    ## Fix safety
    The fix sets the tier that the step allows. It is safe: more is left to people.
    """
    paying = {
        (act.at.procedure.id, act.action.id)
        for act in lasting_acts(context)
        if act.sort is Lasting.PAYMENT
    }
    for at in context.steps:
        step = at.step
        if step.tier is None or step.tier.level is not Tier.AUTONOMOUS or step.vague:
            continue
        if (at.procedure.id, step.id) in paying:
            continue
        found = _reason(step)
        if found is None:
            continue
        level, reason, shown, confidence = found
        yield Flaw(
            at=(*at.path, "tier", "level"),
            message=f"step `{step.id}` is of tier 1, but {reason}",
            about=at.about("tier"),
            key="too low",
            help=f"set tier {level}, where {_DONE[level]}",
            related=(((*at.path, *shown), "here"),) if shown else (),
            cite=at.cite(),
            step=step.id,
            confidence=confidence,
            repair=raised_tier(at, level, reason),
        )


def _reason(step: Step) -> tuple[int, str, GraphPath, Confidence] | None:
    """Say which tier a step allows and why, where that can be seen, and how sure that is."""
    match step:
        case ApprovalStep():
            return 2, "somebody's approval is the step", (), Confidence.HIGH
        case HumanTaskStep(judgment=True):
            return 2, "it is a judgment that a person takes", (), Confidence.HIGH
        case HumanTaskStep():
            return 3, "it is a person's task", (), Confidence.HIGH
        case DecisionStep(branches=branches):
            worded = next((n for n, each in enumerate(branches) if each.when.cel is None), None)
            shown = ("branches", worded or 0, "when", "says")
            reason = "a person decides what is in words alone"
            return None if worded is None else (2, reason, shown, Confidence.HIGH)
        case ActionStep():
            return _of_action(step)
    return None


def _of_action(step: ActionStep) -> tuple[int, str, GraphPath, Confidence] | None:
    if step.guardrails and all(each.limit is None for each in step.guardrails):
        reason = "a person has to see to a guardrail in words alone"
        return 2, reason, ("guardrails", 0, "says"), Confidence.MEDIUM
    if _PERSONAL.match(step.title):
        reason = f"`{step.title.split()[0]}` is a person's work"
        return 3, reason, ("title",), Confidence.MEDIUM
    return None
