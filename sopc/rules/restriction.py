"""Words that restrict which cases are meant: comparisons with a figure, and conditions."""

import re

from sopc.organization.name import folded

_FIGURE = r"(?:[A-Z]{3} ?|[$€£] ?)?\d[\d.,]*\d*(?: ?%)?(?: [A-Za-z]+)?"
_COMPARED = (
    r"(?:over|above|under|below|exceed(?:s|ing|ed)?|at least|at most|up to|[<>]=?|≥|≤"
    r"|(?:more|less|fewer|greater|higher|lower|larger|smaller|older|newer|longer|later|earlier)"
    r" than)(?: or equal to)?"
)
_RESTRICTION = re.compile(
    rf"(?<!\w)(?:{_COMPARED} ?{_FIGURE}"
    rf"|{_FIGURE}(?: [A-Za-z]+)? or (?:more|less|fewer|over|above|below|under|higher|lower|older)"
    r"|(?:, ?if|(?:but )?only (?:if|when|where|for|with)|provided(?: that)?|as long as|unless"
    r"|except(?: for| when| if| where)?) [^,;.]+)"
)


def restrictions(words: str) -> tuple[str, ...]:
    """Give the clauses that restrict, as they stand.

    An `if` that begins the words tells the event itself, so only a later one counts.
    """
    return tuple(match.group().lstrip(", ").rstrip(" ,.") for match in _RESTRICTION.finditer(words))


def says(words: str, clause: str) -> bool:
    """Tell whether words say a clause, whatever its case and marks."""
    return f" {folded(clause)} " in f" {folded(words)} "
