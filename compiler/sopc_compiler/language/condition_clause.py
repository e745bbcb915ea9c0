"""Condition clauses of a sentence: what decides whether, when or for whom something is done."""

import re
from dataclasses import dataclass

_OPENER = (
    r"only\s+if|if|unless|in\s+(?:the\s+)?(?:case|event)(?=\s+(?:that|of|where|you|the|there|a|an)\b)"
    r"|provided\s+that|wherever|whenever|when|once|in\s+which\s+case|as\s+long\s+as"
    r"|where(?=\s+(?:there|it|the|a|an|this|only|no)\b)|based\s+on(?=\s+the\b)"
    r"|should(?=\s+(?:you|the|a|an|this|there|any)\b(?!\s+\w+\s+be\b))"
    r"|(?:after|upon)(?=\s+(?:the|you|they|it|we|all|a|an|receipt|receiving|completion|approval)\b)"
)
_SHORT = (
    r"(?:if|as|where|when)\s+(?:needed|necessary|required|applicable|appropriate|available|known"
    r"|relevant|any|so|not)\b|(?:if|where|when)\s+possible\b|otherwise\b|in\s+some\s+cases|optional\s+for\s+[\w\s]+"
)
_MODIFIER = r"(?!(?:the|this|that|your|our|their|its|his|her|you|it)\b)[\w$€£.'’/+-]+\s+"
_KINDS = (
    r"(?:incident|issue|employee|teammate|contractor|customer|client|procurement|request|order"
    r"|invoice|case|ticket|candidate|intern|purchase|amount|system|account|project|hire|member"
    r"|staff|role|change|vendor|deal|refund|alarm|document|item|supplier|user|visitor|patient"
    r"|shipment|payment|expense|contract|leave|time\s+off)s?"
)
_FOR_WHOM = (
    rf"for\s+(?:(?:all|any|each|every|an?|those)\s+)?(?:{_MODIFIER}){{1,4}}?{_KINDS}\b"
    r"(?:\s+(?:and|or)\s+(?:above|over|more|below|higher|lower))?(?:\s+only)?"
    r"|for\s+(?:\w+\s+){1,4}only\b|for\s+(?:amounts?|purchases?|orders?|invoices?|refunds?)\s+"
    r"(?:over|under|above|below|of|between|up)\s+[$€£]?\d+(?:,\d{3})*(?:\.\d+)?(?:\s+and\s+[$€£]?\d+(?:,\d{3})*(?:\.\d+)?)?"
)
_CLAUSE = re.compile(
    rf"(?<![\w-])(?:(?P<short>{_SHORT})|(?P<opener>{_OPENER})\b|(?P<whom>{_FOR_WHOM}))",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:know|knows|decide|determine|define|describe|see|ask|explain|confirm|agree|check|note"
    r"|understand|just|even|especially|only|as|soon|particularly|except)\s+$",
    re.IGNORECASE,
)
_LEADING_STOP = re.compile(
    r",(?!\d)(?!\s+(?:or|and)\s+[^,.;]{1,40},)(?!\s*(?:an?\s|the\s)?[^,.;]{1,50},\s+(?:or|and)\s)|;|:(?=\s)|\.(?=\s|$)|\?|\s[–—-]\s|\(|\)"
    r"|\bthen\b|\bplease\b"
)
_TRAILING_STOP = re.compile(
    r"[.;?!](?=\s|$)|:(?=\s|$)|\s[–—-]\s|\)|\s\||,\s(?:and|then|so|but|or|which|you|we|the|please)\b"
)
_LABEL = re.compile(r"^(?P<label>[^\s:|][^:|.;!?]{0,70}?)\s*(?::|\s[–—-])\s+(?=\S)")
_NO_CASE = re.compile(
    r"^(?:notes?|examples?|tips?|important|warning|purpose|scope|goal|owners?|triggers?|who|what|when"
    r"|where|why|how|systems?|tools?|deadlines?|due|timing|time|frequency|steps?.*|phase.*|section.*"
    r"|result|outcome|output|inputs?|responsible|role|escalation|from|to|date|subject|version|contact"
    r"|reminder|template|channel|reference|background|definition|context|audience|status|approvers?"
    r"|approval|summary|overview|iteration.*|cc|starts?|start|actions?|\d.*)$",
    re.IGNORECASE,
)
_MOST_LABEL_WORDS = 7


@dataclass(frozen=True, slots=True)
class ConditionClause:
    """A condition at `start` to `end` of the passage; `opener` is its first word in lower case.

    `leading` where it opens its sentence, and so may state what starts a procedure.
    """

    start: int
    end: int
    opener: str
    leading: bool


def condition_clauses(text: str, sentences: list[tuple[int, int]]) -> list[ConditionClause]:
    """Find the condition clauses of a text, sentence by sentence, none overlapping another."""
    found: list[ConditionClause] = []
    for start, end in sentences:
        position = start
        while match := _CLAUSE.search(text, position, end):
            if match["short"] is None and _ASKED.search(text[start : match.start()]):
                position = match.end()
                continue
            clause = _bounded(text, match, start, end)
            position = max(clause.end, match.end())
            if match["whom"] and not clause.leading and " " not in match.group().strip():
                continue
            found.append(clause)
    return found


def _bounded(text: str, match: re.Match[str], start: int, end: int) -> ConditionClause:
    begin = match.start()
    opener = match.group().split()[0].lower()
    before = re.split(r"[;:]\s", text[start:begin])[-1].strip(" \"“'(*-–—[").lower().rstrip(":,")
    leading = before in {"", "and", "but", "or", "also", "then", "however", "please note", "note"}
    if match["short"]:
        return ConditionClause(begin, match.end(), opener, leading)
    if match["whom"] and not leading:
        return ConditionClause(begin, match.end(), opener, leading)
    stop = (_LEADING_STOP if leading else _TRAILING_STOP).search(text, match.end(), end)
    finish = stop.start() if stop else end
    trimmed = len(text[begin:finish].rstrip(" .;,:"))
    if not leading and opener in {"when", "where", "after", "once"}:
        inner = re.search(r"\s(?:if|unless)\s", text[match.end() : begin + trimmed])
        trimmed = trimmed if inner is None else match.end() - begin + inner.start()
    return ConditionClause(begin, begin + trimmed, opener, leading)


def case_label(text: str) -> tuple[int, int] | None:
    """Give the place of a leading label that names a case, as in "High severity: hourly"."""
    match = _LABEL.match(text)
    if match is None or _NO_CASE.match(match["label"]):
        return None
    if len(match["label"].split()) > _MOST_LABEL_WORDS:
        return None
    return match.span("label")
