"""The rule `escalation-to-same-role`, SOP405."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.graph.edit import Put
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, GraphPath, Repair, rule
from sopc.rules.timing.ladder import Ladder, RungPlace, circle_in, ladders


@rule("SOP405", "escalation-to-same-role", Severity.WARNING)
def escalation_to_same_role(context: CheckContext) -> Iterator[Flaw]:
    """An escalation to the role that has the matter already.

    ## What it does
    Finds rungs of escalation ladders that turn to the role that turns (`by`), to the role that does
    the step, or once more, through the same channel, to that of the rung before. Rungs of several
    cases are not compared with each other. A role further down the ladder is the matter of
    `circular-escalation`.

    ## Why it matters
    Who could not do it, or did not see it, is asked again. Nobody else learns of it.

    ## Example
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: support-manager
      escalation:
        - says: if there is no decision after 2 business days, escalate to the support manager
          after: 2 business days
          to: support-manager
    ```

    ## Use instead
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      role: support-manager
      escalation:
        - says: if there is no decision after 2 business days, escalate to the finance manager
          after: 2 business days
          to: finance-manager
    ```

    ## Fix safety
    Where the organization file says whom the role reports to, and the graph lists that role, the
    fix turns to that role. It is unsafe, because it is a guess.
    """
    for ladder in ladders(context):
        circle = circle_in(ladder)
        comes_back = circle[-1][0] if circle else None
        for number, place in enumerate(ladder.rungs):
            same = _same(ladder, number, place)
            if same is None or (*place.path, "to") == comes_back:
                continue
            fact, where, confidence = same
            to = place.rung.to or ""
            above = _above(context, to)
            yield Flaw(
                at=(*place.path, "to"),
                message=f"an escalation turns to `{to}`, {fact}",
                about=ladder.about,
                key=f"{place.rung.says}: {to}",
                label="has it already",
                related=((where, "the same role"),),
                help=f"turn to `{above}`, the role above" if above else "turn to another role",
                cite=place.rung.to_cite or place.rung.cite,
                step=ladder.step,
                confidence=confidence,
                repair=Repair(f"turn to `{above}`", (Put((*place.path, "to"), above),))
                if above
                else None,
            )


def _same(
    ladder: Ladder, number: int, place: RungPlace
) -> tuple[str, GraphPath, Confidence | None] | None:
    """Say why the rung turns to who has the matter already, where that stands, and how sure."""
    rung = place.rung
    if rung.to is None:
        return None
    if rung.to == rung.by:
        return "who escalates", (*place.path, "by"), None
    if number == 0:
        if rung.to != ladder.role:
            return None
        sure = None if rung.by is None else Confidence.MEDIUM
        return f"who does step `{ladder.step}`", ladder.role_path, sure
    before = ladder.rungs[number - 1]
    if rung.to == before.rung.to and rung.via == before.rung.via:
        return "as the rung before", (*before.path, "to"), None
    return None


def _above(context: CheckContext, role: str) -> str | None:
    known = context.organization.role(role) if context.organization else None
    above = known.reports_to if known else None
    return above if above in {each.id for each in context.graph.roles} else None
