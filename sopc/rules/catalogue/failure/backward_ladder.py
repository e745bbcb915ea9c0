"""The rule `backward-ladder`, SOP407."""

import re
from collections.abc import Iterator
from itertools import pairwise

from sopc.diagnostics import Severity
from sopc.graph import Rung
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule
from sopc.rules.timing.ladder import ladders
from sopc.rules.timing.reach import exceeds

_COUNTS_FROM_BEFORE = re.compile(
    r"\b(?:later|more|further|another|additional|again|still|since|thereafter|afterwards?"
    r"|from\s+then|in\s+turn)\b",
    re.IGNORECASE,
)


@rule("SOP407", "backward-ladder", Severity.WARNING)
def backward_ladder(context: CheckContext) -> Iterator[Flaw]:
    """A ladder whose later rung comes earlier.

    ## What it does
    Finds rungs whose `after` is shorter than that of the rung before, in the same case. Times that
    are equal turn to two roles at once, which may be meant. A rung that counts from the one before
    ("after 1 more day") is left alone, and so are times of which only a calendar could tell which
    is shorter.

    ## Why it matters
    The ladder is climbed by the clock, so the last resort is called before the first one, and the
    first learns of it when it is all over.

    ## Example
    ```yaml
    escalation:
      - says: after 5 business days, escalate to the support manager
        after: 5 business days
        to: support-manager
      - says: after 2 business days, escalate to the managing director
        after: 2 business days
        to: managing-director
    ```

    ## Use instead
    ```yaml
    escalation:
      - says: after 2 business days, escalate to the support manager
        after: 2 business days
        to: support-manager
      - says: after 5 business days, escalate to the managing director
        after: 5 business days
        to: managing-director
    ```

    ## Fix safety
    No fix is offered: whether the order or the times are wrong is for the people who own the
    procedure.
    """
    for ladder in ladders(context):
        timed = [each for each in ladder.rungs if each.rung.after is not None]
        for before, place in pairwise(timed):
            first, then = before.rung.after or "", place.rung.after or ""
            if _counts_from_before(place.rung) or not exceeds(first, then, context.working):
                continue
            yield Flaw(
                at=(*place.path, "after"),
                message=f"an escalation after `{then}` stands behind one after `{first}`",
                about=ladder.about,
                key=f"{place.rung.says}: {then}",
                label="comes earlier",
                related=(((*before.path, "after"), "comes later"),),
                help="put the rungs in the order in which they come, or correct their times",
                cite=place.rung.cite,
                step=ladder.step,
            )


def _counts_from_before(rung: Rung) -> bool:
    # Its conditions are those of the rung before, too, so they say nothing of the order.
    return any(each.of for each in rung.delays) or any(
        _COUNTS_FROM_BEFORE.search(words)
        for words in (rung.says, *(each.says for each in rung.delays))
    )
