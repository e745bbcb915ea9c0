"""The rule `circular-escalation`, SOP408."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule
from sopc.rules.timing.ladder import circle_in, ladders


@rule("SOP408", "circular-escalation", Severity.WARNING)
def circular_escalation(context: CheckContext) -> Iterator[Flaw]:
    """A ladder that comes back to a role it has been at.

    ## What it does
    Finds rungs that turn to a role to which, in the same case, an earlier rung has turned already,
    or that does the step or began the escalation, with another role in between. The first time that
    the ladder comes round is shown, as a path.

    ## Why it matters
    The matter goes round in a circle between people who have both had it. Whoever could decide it
    is never asked.

    ## Example
    ```yaml
    - id: approve-refund
      kind: approval
      role: support-manager
      escalation:
        - {says: escalate to the finance manager, after: 1 business day, to: finance-manager}
        - {says: escalate to the support manager, after: 3 business days, to: support-manager}
    ```

    ## Use instead
    ```yaml
    - id: approve-refund
      kind: approval
      role: support-manager
      escalation:
        - {says: escalate to the finance manager, after: 1 business day, to: finance-manager}
        - {says: escalate to the managing director, after: 3 business days, to: managing-director}
    ```

    ## Fix safety
    No fix is offered: who has the last word is for the people who own the procedure.
    """
    for ladder in ladders(context):
        circle = circle_in(ladder)
        if circle is None:
            continue
        path, label = circle[-1]
        names = [name for _, name in circle]
        rung = next(each.rung for each in ladder.rungs if (*each.path, "to") == path)
        yield Flaw(
            at=path,
            message=f"an escalation goes round in a circle: {' -> '.join(map(_quoted, names))}",
            about=ladder.about,
            key=" ".join(names),
            label=f"comes back to `{label}`",
            help="let the ladder end with a role that has not had it yet",
            cite=rung.to_cite or rung.cite,
            step=ladder.step,
            chain=tuple(
                (where, f"{'comes back' if number == len(circle) - 1 else 'turns'} to `{name}`")
                if number
                else (where, f"begins with `{name}`")
                for number, (where, name) in enumerate(circle)
            ),
        )


def _quoted(name: str) -> str:
    return f"`{name}`"
