"""Which steps the flow can come to without a person having been asked."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from sopc.graph import (
    ApprovalStep,
    CallStep,
    Condition,
    DecisionStep,
    HumanTaskStep,
    Procedure,
    Step,
    StepGraph,
    WaitStep,
)
from sopc.graph.network import START, Flow, flows

Settles = Callable[[Condition], bool]
"""Tells whether a condition of a decision settles the matter as well as a person would."""

StepKey = tuple[str, str]
"""A procedure's id and a step's."""


_APPROVED = re.compile(
    r"\b(?:approv(?:es?|ed|al)|authori[sz](?:es?|ed|ation)|sign(?:s|ed) off|consent(?:s|ed)?"
    r"|confirm(?:s|ed))\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not?|nobody|never|without|until|unless|\w+n't|reject\w*|declin\w*|missing|pending)\b",
    re.IGNORECASE,
)


def unasked_steps(graph: StepGraph, settles: Settles | None = None) -> frozenset[StepKey]:
    """Give the steps that some way leads to on which nobody approves and nobody decides.

    Steps under the condition that something was approved are left out, and so are procedures that
    an approval triggers, and ways that lead through a decision that `settles` the matter. A
    procedure that others call and that nothing else triggers begins where they call it.
    """
    callers = {
        step.procedure
        for procedure in graph.procedures
        for step in procedure.steps
        if isinstance(step, CallStep) and step.procedure is not None
    }
    known = {procedure.id: procedure for procedure in graph.procedures}
    begun = [each for each in graph.procedures if _begins_unasked(each, callers)]
    seen = {procedure.id for procedure in begun}
    found: set[StepKey] = set()
    while begun:
        procedure = begun.pop()
        for step in _unasked(procedure, settles):
            found.add((procedure.id, step.id))
            called = step.procedure if isinstance(step, CallStep) else None
            if called in known and called not in seen:
                seen.add(called)
                begun.append(known[called])
    return frozenset(found)


def _begins_unasked(procedure: Procedure, callers: AbstractSet[str]) -> bool:
    if not procedure.triggers:
        return procedure.id not in callers
    return not all(_is_approved(trigger.says) for trigger in procedure.triggers)


def _unasked(procedure: Procedure, settles: Settles | None) -> Iterator[Step]:
    steps = {step.id: step for step in procedure.steps}
    ways: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows(procedure):
        ways[flow.step].append(flow)
    seen = {START}
    waiting = [START]
    while waiting:
        here = waiting.pop()
        step = steps.get(here)
        if step is not None:
            if not any(_is_approved(condition.says) for condition in step.when):
                yield step
            if _asks(step) or _decided(step, settles):
                continue
        for flow in ways[here]:
            if flow.target in steps and flow.target not in seen:
                seen.add(flow.target)
                waiting.append(flow.target)


def _is_approved(words: str) -> bool:
    return _APPROVED.search(words) is not None and _DENIED.search(words) is None


def _asks(step: Step) -> bool:
    if isinstance(step, WaitStep):
        return step.event is not None and _is_approved(step.event.says)
    return isinstance(step, ApprovalStep) or (isinstance(step, HumanTaskStep) and step.judgment)


def _decided(step: Step, settles: Settles | None) -> bool:
    return (
        settles is not None
        and isinstance(step, DecisionStep)
        and any(settles(each.when) for each in step.branches)
    )
