"""Timing: time expressions as the graph's deadlines, delays and cadences."""

import re

from sopc.graph import Cadence, Condition, Deadline, Delay, Relation
from sopc_compiler.fact import ActKind, TimeFact
from sopc_compiler.language import time_value
from sopc_compiler.passes.cite import Citer

_RECURRING = re.compile(
    r"\b(?:regular\w*|periodic\w*|frequent\w*|occasional\w*|time to time|ongoing|continuous\w*)\b",
    re.IGNORECASE,
)


def time_bound(
    fact: TimeFact, citer: Citer, when: tuple[Condition, ...] = ()
) -> Deadline | Delay | Cadence:
    """Read a time expression as the bound that it is; vague ones keep their words alone."""
    says, cite = citer.words(fact.span), citer.cite(fact.span)
    waits = fact.act is not None and fact.act.kind is ActKind.WAIT
    relation = Relation.BEFORE if time_value.comes_before(says) else Relation.AFTER
    length = time_value.duration(says)
    anchor = time_value.anchor(says)
    match fact.kind:
        case "vague" if _RECURRING.search(says):
            return Cadence(says=says, vague=True, when=when, cite=cite)
        case "vague":
            return Deadline(says=says, vague=True, of=anchor, when=when, cite=cite)
        case "cadence":
            rhythm = time_value.rhythm(says)
            return Cadence(
                says=says,
                every=rhythm.every,
                times=rhythm.times,
                schedule=rhythm.cron,
                when=when,
                cite=cite,
            )
        case "delay" if length is not None:
            return Delay(says=says, wait=length, relation=relation, of=anchor, when=when, cite=cite)
        case "delay":
            return Delay(says=says, until=time_value.point(says), when=when, cite=cite)
        case "length" if waits:
            return Delay(says=says, wait=length, when=when, cite=cite)
        case "during":
            return Deadline(says=says, by=says, when=when, cite=cite)
    if length is not None:
        return Deadline(
            says=says, within=length, relation=relation, of=anchor, when=when, cite=cite
        )
    if relation is Relation.BEFORE:
        return Deadline(
            says=says, relation=relation, of=anchor or time_value.point(says), when=when, cite=cite
        )
    return Deadline(says=says, by=time_value.point(says), when=when, cite=cite)
