"""The rule `endless-cadence`, SOP306."""

import re
from collections.abc import Iterator, Sequence

from sopc.diagnostics import Confidence, Severity
from sopc.graph import (
    END,
    ApprovalStep,
    Cadence,
    Condition,
    EventTrigger,
    Procedure,
    RequestTrigger,
    Step,
    WaitStep,
)
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule

_BOUNDED = re.compile(
    r"\b(?:until|till|while|whilst|as\s+long\s+as|during|throughout"
    r"|for\s+the\s+(?:duration|rest|remainder|first|next|last)"
    r"|for\s+(?:up\s+to\s+|at\s+most\s+|another\s+)?(?:\d+|[a-z]+)"
    r"\s+(?:hour|day|week|month|quarter|year)s?)\b",
    re.IGNORECASE,
)


@rule("SOP306", "endless-cadence", Severity.WARNING, Confidence.MEDIUM)
def endless_cadence(context: CheckContext) -> Iterator[Flaw]:
    """Something that is repeated, and nothing ever ends it.

    ## What it does
    Finds cadences as "every 3 days" without an `until`, in procedures that are started anew for
    each case, by an event or on request. A cadence goes on as long as its run does, so only that of
    a procedure as a whole, or of a last step, goes on for ever: what stands before other steps ends
    with them. A deadline ends it too. Fixed times ("every Friday at 15:00"), and the routines of a
    procedure that no case starts, are meant to go on and are left alone.

    ## Why it matters
    Each case adds a repetition that never stops: the customer who paid long ago still gets
    reminders, and after a year of cases there are hundreds of them.

    ## Example
    ```yaml
    - id: remind-customer
      kind: action
      title: Remind the customer
      cadences:
        - says: every 3 days
          every: P3D
    ```

    ## Use instead
    ```yaml
    - id: remind-customer
      kind: action
      title: Remind the customer
      cadences:
        - says: every 3 days until the invoice is paid
          every: P3D
          until: {says: until the invoice is paid}
    ```

    ## Fix safety
    No fix is offered: what ends it is for the people who own the procedure.
    """
    for procedure, path in context.procedures():
        if not _is_of_a_case(procedure) or procedure.deadlines:
            continue
        for number, cadence in enumerate(procedure.cadences):
            if _goes_on(cadence, ()):
                yield Flaw(
                    at=(*path, "cadences", number, "says"),
                    message=f"nothing ends the repetition of procedure `{procedure.id}`",
                    about=f"procedures.{procedure.id}.cadences",
                    key=cadence.says,
                    label="goes on for ever",
                    help="say until when it is repeated",
                    cite=cadence.cite or procedure.cite,
                )
        last = _last_steps(context, procedure)
        for index, step in enumerate(procedure.steps):
            if step.id not in last:
                continue
            for number, cadence in enumerate(step.cadences):
                if _goes_on(cadence, step.when, step.title):
                    yield Flaw(
                        at=(*path, "steps", index, "cadences", number, "says"),
                        message=f"nothing ends the repetition of step `{step.id}`",
                        about=f"steps.{step.id}.cadences",
                        key=cadence.says,
                        label="goes on for ever",
                        help="say until when it is repeated",
                        cite=cadence.cite or step.citations.get("title"),
                        step=step.id,
                    )


def _is_of_a_case(procedure: Procedure) -> bool:
    triggers = procedure.triggers
    return bool(triggers) and all(
        isinstance(each, EventTrigger | RequestTrigger) for each in triggers
    )


def _goes_on(cadence: Cadence, cases: Sequence[Condition], *words: str) -> bool:
    if cadence.vague or cadence.every is None or cadence.schedule or cadence.until:
        return False
    said = (cadence.says, *(each.says for each in (*cadence.when, *cases)), *words)
    return not any(_BOUNDED.search(each) for each in said)


def _last_steps(context: CheckContext, procedure: Procedure) -> set[str]:
    """Give the steps that could be repeated for ever: nothing comes behind them or beside them."""
    if not any(step.cadences for step in procedure.steps):
        return set()
    flow = context.flows[procedure.id]
    if any(_is_forked(each.path) for each in flow.all_flows):
        return set()
    return {
        step.id
        for step in procedure.steps
        if step.id in flow.position
        and not _ends_otherwise(step)
        and all(way.target == END for way in flow.ways_out[step.id])
    }


def _is_forked(path: tuple[str | int, ...]) -> bool:
    return bool(path) and isinstance(path[-1], int)


def _ends_otherwise(step: Step) -> bool:
    """Tell whether a step has an end of its own; endless waits are the matter of another rule."""
    return bool(step.deadlines or step.loop) or isinstance(step, WaitStep | ApprovalStep)
