"""Vague words: those that leave a judgment to the reader."""

import re

_VAGUE = re.compile(
    r"\b(?:as\s+(?:needed|necessary|appropriate|required|applicable)|(?:if|when|where)\s+(?:needed|necessary"
    r"|appropriate|applicable|possible|reasonable)|appropriate(?:ly)?|suitable|reasonable|reasonably|relevant"
    r"|proper(?:ly)?|adequate(?:ly)?|sufficient(?:ly)?|significant|use\s+(?:your\s+)?(?:best\s+)?(?:discretion"
    r"|judge?ment)|at\s+(?:the|your|their)\s+discretion|best\s+(?:business\s+)?judge?ment|usual|the\s+right"
    r"|feel\s+free|etc\.?|and\s+so\s+on|some(?:how|thing)|carefully|timely|ideally|generally|typically)\b",
    re.IGNORECASE,
)


def vague_words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Give the places of the vague words between two places of a text."""
    return [match.span() for match in _VAGUE.finditer(text, start, end)]
