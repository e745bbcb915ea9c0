"""Timing: time expressions as the graph's deadlines, delays and cadences."""

import re
from typing import Any

from sopc.graph import Cadence, Citation, Condition, Deadline, Delay, Relation
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
    if fact.kind == "cadence":
        return _cadence(says, when, cite)
    if fact.kind == "vague" and _RECURRING.search(says):
        return Cadence(says=says, vague=True, when=when, cite=cite)
    if fact.kind == "delay" or (fact.kind == "length" and waits):
        return _delay(says, when, cite)
    return _deadline(fact.kind, says, when, cite)


def _cadence(says: str, when: tuple[Condition, ...], cite: Citation) -> Cadence:
    rhythm = time_value.rhythm(says)
    return Cadence(
        says=says,
        every=rhythm.every,
        times=rhythm.times,
        schedule=rhythm.cron,
        when=when,
        cite=cite,
    )


def _delay(says: str, when: tuple[Condition, ...], cite: Citation) -> Delay:
    length = time_value.duration(says)
    if length is None:
        return Delay(says=says, until=time_value.point(says), when=when, cite=cite)
    anchor = time_value.anchor(says)
    return Delay(says=says, wait=length, relation=_relation(says), of=anchor, when=when, cite=cite)


def _deadline(kind: str, says: str, when: tuple[Condition, ...], cite: Citation) -> Deadline:
    length, anchor = time_value.duration(says), time_value.anchor(says)
    relation = _relation(says)
    bound: dict[str, Any]
    if kind == "vague":
        bound = {"vague": True, "of": anchor}
    elif kind == "during":
        bound = {"by": says}
    elif length is not None:
        bound = {"within": length, "relation": relation, "of": anchor}
    elif relation is Relation.BEFORE:
        bound = {"relation": relation, "of": anchor or time_value.point(says)}
    else:
        bound = {"by": time_value.point(says)}
    return Deadline(says=says, **bound, when=when, cite=cite)


def _relation(says: str) -> Relation:
    return Relation.BEFORE if time_value.comes_before(says) else Relation.AFTER
