"""Words that restrict which cases are meant: comparisons with a figure, and conditions."""

import re

from sopc.organization.name import folded

_NO_UNIT = r"(?!(?:is|are|was|were|has|have|or|and|in|on|at|to|for|from|with|by|of)\b)"
_NUMBER = r"\d[\d.,]*"
_UNIT = rf"(?: ?%| {_NO_UNIT}[A-Za-z]+)"
_FIGURE = rf"(?:(?:[$€£] ?|[A-Z]{{3}} ){_NUMBER}|{_NUMBER}{_UNIT}?)"
_COMPARED = (
    r"(?:\b(?:over|above|under|below|exceed(?:s|ing|ed)?|at least|at most|up to"
    r"|(?:more|less|fewer|greater|higher|lower|larger|smaller|older|newer|longer|later|earlier)"
    r" than)(?: or equal to)?|[<>]=?|≥|≤)"
)
_OR_MORE = r"or (?:more|less|fewer|over|above|below|under|higher|lower|older)\b"
_CONDITION = (
    r"(?:(?<=, )if|\b(?:(?:but )?only (?:if|when|where|for|with)|provided(?: that)?|as long as"
    r"|unless|except(?: for| when| if| where)?))"
)
_RESTRICTION = re.compile(
    rf"{_COMPARED} ?{_FIGURE}|(?<![\w-]){_FIGURE} {_OR_MORE}|{_CONDITION} [^,;.]+"
)

_OPENER = re.compile(r"\s*(?:but )?only (?:if|when|where|for|with)\b", re.IGNORECASE)


def restrictions(words: str) -> tuple[str, ...]:
    """Give the clauses that restrict, as they stand.

    An `if` or `only when` that begins the words tells the event itself, so only a later one counts.
    """
    begin = _OPENER.match(words)
    found = _RESTRICTION.finditer(words, begin.end() if begin else 0)
    return tuple(match.group().rstrip(" ,.") for match in found)


def says(words: str, clause: str) -> bool:
    """Tell whether words say a clause, whatever its case and marks."""
    return f" {folded(clause)} " in f" {folded(words)} "
