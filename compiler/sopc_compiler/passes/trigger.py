"""Triggers: which clauses state what starts a procedure, or one of its parts."""

import re
from collections.abc import Sequence

from sopc_compiler.fact import ActFact, Span, TriggerFact
from sopc_compiler.language.threshold import threshold
from sopc_compiler.passes.parse import ParsedPassage

_STARTS = re.compile(
    r"^(?:[\w'’-]+\s+){1,7}?(?:starts?|begins?|runs?|kicks?\s+off|(?:is|are)\s+(?:triggered|started))\s+"
    r"(?:when(?:ever)?|once|every|each|on|at|as\s+soon|if|after|by|upon)\b"
    r"|^(?:trigger|starts?|when|begins?)\s*:",
    re.IGNORECASE,
)
_START_HEADING = re.compile(
    r"^(?:[\d.]+\s+)?(?:triggers?|starts?|when|when\s+(?:it|this)\s+(?:starts|runs|applies)|kick-?off)\W*$",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\bat\s+(?:the\s+|your\s+|their\s+)?[\w\s()'’]{1,60}?['’]s?\s+request\b|\b(?:up)?on\s+request\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?<![-\w])(?:asks?|asking|requesting|wants?|requests?(?=\s+(?:an?|the|to)\b))\b",
    re.IGNORECASE,
)
_FAILS = re.compile(r"\b(?:fail\w*|goes wrong|errors?|cannot be|step|rule)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"^(?:owner|scope|audience|version|tier|status|author|last\s+\w+|applies\s+to)\b[^.]{0,10}:",
    re.IGNORECASE,
)
"""Lines that tell about the document, before its procedure begins."""
_EVENT_OPENERS = {"when", "whenever", "once", "in", "upon", "after"}
_HEADING_EVENT = re.compile(r"^(?:[\d.]+\s+)?(?:when|once)\s+\w+(?:\s+\S+){3,}", re.IGNORECASE)


def triggers(parsed: Sequence[ParsedPassage], acts: Sequence[ActFact]) -> list[TriggerFact]:
    """Find the triggers of a document: clauses that open a section, or say what starts it."""
    acting = {fact.span.passage for fact in acts}
    found: list[TriggerFact] = []
    for item in parsed:
        index = item.passage.index
        if item.passage.kind == "heading":
            event = _HEADING_EVENT.match(item.text) and not _FAILS.search(item.text)
            if event and _acts_below(parsed, index, acting):
                found.append(TriggerFact(Span(index, 0, len(item.text)), "event"))
        elif not item.informs:
            found += _of_passage(parsed, item, acting)
    return found


def _of_passage(
    parsed: Sequence[ParsedPassage], item: ParsedPassage, acting: set[int]
) -> list[TriggerFact]:
    index = item.passage.index
    request = _REQUEST.search(item.text)
    if request:
        return [TriggerFact(Span(index, *request.span()), "request")]
    above = parsed[item.passage.headings[-1]].text if item.passage.headings else ""
    for start, end in item.sentences:
        if _STARTS.search(item.text[start:end]) or starts_here(above):
            stated = _stated(item, start, end)
            if stated is not None:
                return [stated]
    return _opening(parsed, item, acting)


def starts_here(heading: str) -> bool:
    """Tell whether what stands under a heading says what starts the procedure."""
    return _START_HEADING.match(heading) is not None


def _stated(item: ParsedPassage, start: int, end: int) -> TriggerFact | None:
    """Take the clause of a sentence that says that something starts."""
    index = item.passage.index
    for clause in item.conditions:
        if start <= clause.start < end and clause.opener in _EVENT_OPENERS | {"if"}:
            return TriggerFact(
                Span(index, clause.start, clause.end), _kind(item, clause.start, clause.end)
            )
    for time in item.times:
        if start <= time.start < end and time.kind in {"cadence", "deadline"}:
            return TriggerFact(Span(index, time.start, time.end), "schedule")
    return None


def _opening(
    parsed: Sequence[ParsedPassage], item: ParsedPassage, acting: set[int]
) -> list[TriggerFact]:
    """Take the clause that opens a section's first passage, where it names an event."""
    index = item.passage.index
    before = [other for other in parsed[:index] if not _ABOUT.match(other.text)]
    if before and before[-1].passage.kind != "heading":
        return []
    if not item.sentences or not (item.acts or _acts_below(parsed, index, acting)):
        return []
    start, end = item.sentences[0]
    for clause in item.conditions:
        if not start <= clause.start < end:
            continue
        words = item.text[clause.start : clause.end]
        if _FAILS.search(words) or threshold(words) is not None:
            continue
        scenario = clause.opener == "if" and clause.leading and _peers(parsed, item)
        if clause.opener in _EVENT_OPENERS or scenario:
            kind = _kind(item, clause.start, clause.end)
            return [TriggerFact(Span(index, clause.start, clause.end), kind)]
    if index <= 2 and not item.acts:  # noqa: PLR2004 - the document's opening
        for time in item.times:
            if start <= time.start < end and time.kind == "cadence":
                return [TriggerFact(Span(index, time.start, time.end), "schedule")]
    return []


def _peers(parsed: Sequence[ParsedPassage], item: ParsedPassage) -> bool:
    """Tell whether an "if" opens one of several short scenarios, each under its own heading."""
    below = [other for other in parsed if other.passage.headings == item.passage.headings]
    return len(below) <= 1 and item.passage.kind == "paragraph"


def _acts_below(parsed: Sequence[ParsedPassage], index: int, acting: set[int]) -> bool:
    return any(
        other.passage.index in acting
        and (index in other.passage.headings or other.passage.parent == index)
        for other in parsed[index + 1 :]
    )


def _kind(item: ParsedPassage, start: int, end: int) -> str:
    return "request" if _ASKS.search(item.text[start:end]) else "event"
