"""Escalations: whom to turn to, or what is done, when something fails, is late or is disputed."""

import re
from collections.abc import Sequence

from sopc_compiler.fact import ActFact, ActKind, EscalationFact, Facts, Span
from sopc_compiler.passes.parse import ParsedPassage

_ESCALATES = {"escalate", "elevate"}
_FAILS = re.compile(
    r"\b(?:no\s+(?:response|answer|reply|decision|assistance|movement|one|matching|notes|slot)|nobody"
    r"|(?:not|n['’]t)\s+(?:\w+\s+)?(?:respon|answer|repl|receiv|availab|been|complet|arriv|accept|able"
    r"|confirm|paid|approv|show|reach|succe|work|resolv|done|finish|match|access|attend|list|find"
    r"|sign|agree|know|sure|clear|there|in\s)\w*|cannot|can['’]t|couldn|unable|fail\w*|bounc\w*"
    r"|missing|missed|late\b|disput\w*|unclear|unsure|in\s+doubt|unavailable|reject\w*|declin\w*|refus\w*"
    r"|errors?\b|breach\w*|stuck|exhausted|incomplete|beyond|concerns?|wrong|down\b|lost"
    r"|empty|unanswered|overruns?|(?:has|have|had|shows?|finds?|lists?|contains?|is|are)\s+no\b)",
    re.IGNORECASE,
)
_HEADS = re.compile(r"\bescalat", re.IGNORECASE)
_TURNING = frozenset(
    """
    contact consult call page ping alert notify inform tell ask engage let raise report phone slack
    email message
    """.split()
)
_NEAR = 24
"""Code points between somebody's name and their act for both to make one clause."""
_CONSEQUENCE = re.compile(r"^failure to\b", re.IGNORECASE)


def escalations(parsed: Sequence[ParsedPassage], facts: Facts) -> list[EscalationFact]:
    """Find the escalations among a document's acts."""
    found = []
    for fact in facts.acts:
        item = parsed[fact.span.passage]
        if _is_escalation(parsed, item, fact, facts):
            span = _main_clause(item, fact)
            found.append(EscalationFact(span, _to(item, fact), fact))
    for item in parsed:
        for start, end in item.sentences:
            if _CONSEQUENCE.match(item.text[start:end]):
                found.append(EscalationFact(Span(item.passage.index, start, end)))
    return found


def _is_escalation(
    parsed: Sequence[ParsedPassage], item: ParsedPassage, fact: ActFact, facts: Facts
) -> bool:
    if fact.verb in _ESCALATES:
        return True
    turning = fact.verb in _TURNING or fact.kind is ActKind.NOTIFY
    names = _to(item, fact) is not None
    headings = [parsed[index].text for index in item.passage.headings[-1:]]
    if turning and names and any(_HEADS.search(heading) for heading in headings):
        return True
    failing = [
        condition
        for condition in facts.conditions
        if condition.span.passage == fact.span.passage
        and _governs(item, condition.span, fact)
        and (
            _FAILS.search(item.text[condition.span.start : condition.span.end])
            or (condition.opener == "otherwise" and names)
        )
    ]
    trigger = any(
        trigger.span.passage == fact.span.passage
        and _governs(item, trigger.span, fact)
        and _FAILS.search(item.text[trigger.span.start : trigger.span.end])
        for trigger in facts.triggers
    )
    if failing and (names or turning or item.passage.kind != "paragraph"):
        return True
    return trigger and turning and names and fact is _first(item, facts)


def _first(item: ParsedPassage, facts: Facts) -> ActFact | None:
    return next((f for f in facts.acts if f.span.passage == item.passage.index), None)


def _governs(item: ParsedPassage, condition: Span, fact: ActFact) -> bool:
    """Tell whether a condition decides an act: in its sentence, or in its row."""
    if item.passage.cells:
        return condition.start <= fact.span.start
    start, end = item.sentence_at(fact.span.start)
    return start <= condition.start < end


def _main_clause(item: ParsedPassage, fact: ActFact) -> Span:
    """Take the act with the words that name who does it, where they stand right before it."""
    actor = fact.actor
    if (
        actor is not None
        and actor.passage == fact.span.passage
        and 0 <= fact.span.start - actor.end <= _NEAR
    ):
        start, end = item.sentence_at(fact.span.start)
        if start <= actor.start < end:
            return Span(actor.passage, actor.start, fact.span.end)
    return fact.span


def _to(item: ParsedPassage, fact: ActFact) -> Span | None:
    """Find the role or channel that an act turns to."""
    place = (
        fact.actor if fact.actor is not None and fact.actor.passage == fact.span.passage else None
    )
    for start, end in item.roles:
        if fact.span.start <= start < fact.span.end and (place is None or start != place.start):
            return Span(fact.span.passage, start, end)
    for start, end in item.systems:
        if fact.span.start <= start < fact.span.end and item.text[start] == "#":
            return Span(fact.span.passage, start, end)
    return None
