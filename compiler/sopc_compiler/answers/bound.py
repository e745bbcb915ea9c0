"""Time bounds, retries and ladders, made of what answers give in place of what the graph had."""

from collections.abc import Sequence
from typing import TypeVar

from sopc.graph import AnswerCitation, Cadence, Deadline, Delay, Retry, Rung
from sopc_compiler.answers.names import Names
from sopc_compiler.answers.value import (
    GivenCadence,
    GivenDeadline,
    GivenDelay,
    GivenRetry,
    GivenRung,
)

_Bound = TypeVar("_Bound", Deadline, Delay, Cadence)


def deadlines(
    had: tuple[Deadline, ...], given: Sequence[GivenDeadline], cite: AnswerCitation
) -> tuple[Deadline, ...]:
    """Replace the vague deadlines, or all where none is vague."""
    made = [
        Deadline(
            says=one.says or _said("within", one.within, one.relation, one.of) or f"by {one.by}",
            within=one.within,
            by=one.by,
            relation=one.relation,
            of=one.of,
            cite=cite,
        )
        for one in given
    ]
    return _replaced(had, made)


def delays(
    had: tuple[Delay, ...], given: Sequence[GivenDelay], cite: AnswerCitation
) -> tuple[Delay, ...]:
    """Replace the vague delays, or all where none is vague."""
    made = [
        Delay(
            says=one.says or _said("wait", one.wait, one.relation, one.of) or f"until {one.until}",
            wait=one.wait,
            until=one.until,
            relation=one.relation,
            of=one.of,
            cite=cite,
        )
        for one in given
    ]
    return _replaced(had, made)


def cadences(
    had: tuple[Cadence, ...], given: Sequence[GivenCadence], cite: AnswerCitation
) -> tuple[Cadence, ...]:
    """Replace the vague cadences, or all where none is vague; what ends them stays."""
    until = had[0].until if len(had) == 1 else None
    made = [
        Cadence(
            says=one.says or (f"every {one.every}" if one.every else str(one.schedule)),
            every=one.every,
            times=one.times,
            schedule=one.schedule,
            until=until,
            cite=cite,
        )
        for one in given
    ]
    return _replaced(had, made)


def retry(had: Retry | None, given: GivenRetry, cite: AnswerCitation) -> Retry:
    """Replace a retry; the prose's words for it stay."""
    return Retry(
        says=had.says if had else given.says or f"{given.times} times",
        times=given.times,
        delay=given.delay,
        backoff=given.backoff,
        on=given.on,
        cite=cite,
    )


def ladder(
    had: tuple[Rung, ...], given: Sequence[GivenRung], cite: AnswerCitation, names: Names
) -> tuple[Rung, ...]:
    """Replace an escalation ladder; a single answer names whom, where rungs name nobody."""
    if len(given) == 1 and any(rung.to is None for rung in had):
        one = given[0]
        to = names.role(one.to, cite)
        via = names.system(one.via, cite) if one.via else None
        return tuple(
            rung.model_copy(
                update={
                    "to": to,
                    "to_cite": cite,
                    "after": rung.after or one.after,
                    "via": rung.via or via,
                }
            )
            if rung.to is None
            else rung
            for rung in had
        )
    return tuple(
        Rung(
            says=one.says or f"to {one.to}",
            after=one.after,
            on=one.on,
            if_says=one.if_says,
            to=names.role(one.to, cite),
            via=names.system(one.via, cite) if one.via else None,
            cite=cite,
            to_cite=cite,
        )
        for one in given
    )


def _said(verb: str, length: str | None, relation: str, of: str | None) -> str | None:
    if length is None:
        return None
    return f"{verb} {length} {relation} {of}" if of else f"{verb} {length}"


def _replaced(had: tuple[_Bound, ...], made: list[_Bound]) -> tuple[_Bound, ...]:
    """Put the new bounds for the old; the cases of a single old one hold for the new."""
    gone: list[_Bound] = [bound for bound in had if bound.vague] or list(had)
    if len(gone) == 1 and gone[0].when:
        made = [bound.model_copy(update={"when": gone[0].when}) for bound in made]
    kept: list[_Bound] = [bound for bound in had if bound not in gone]
    return tuple(kept + made)
