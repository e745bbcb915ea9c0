"""Locate: the place of a quote in its passage, and how it was found."""

import re

from rapidfuzz import fuzz

from sopc.graph import Match

_EDGES = re.compile(r"^[\s\"“”'.,;:]+|[\s\"“”'.,;:]+$")
"""Blanks and marks around a quote, which a model adds or leaves out at will."""
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_ENOUGH = 90.0
"""From this similarity on (0 to 100), words count as nearly the same."""
_LEAST_FUZZY = 3
"""Shorter quotes must stand there as they are: in few words, one other word is another thing."""


def locate(
    quote: str, text: str, taken: tuple[tuple[int, int], ...] = ()
) -> tuple[int, int, Match] | None:
    """Find a quote in a text: its very characters, else its words in a row, else nearly its words.

    Of several mentions the first that is not `taken` is given. None where it does not stand there.
    """
    quote = _EDGES.sub("", quote)
    if not quote:
        return None
    for match in re.finditer(re.escape(quote), text):
        if _free(match.span(), taken) and _whole(match.span(), text):
            return match.start(), match.end(), Match.EXACT
    wanted = [word.lower() for word in _WORD.findall(quote)]
    if not wanted:
        return None
    found = [(match.group().lower(), match.start(), match.end()) for match in _WORD.finditer(text)]
    count = len(wanted)
    best: tuple[float, int, int] | None = None
    for first in range(len(found) - count + 1):
        window = found[first : first + count]
        span = (window[0][1], window[-1][2])
        if not _free(span, taken):
            continue
        words = [word for word, _, _ in window]
        if words == wanted:
            return (*span, Match.PARTIAL)
        if count >= _LEAST_FUZZY:
            alike = fuzz.ratio(" ".join(words), " ".join(wanted))
            if alike >= _ENOUGH and (best is None or alike > best[0]):
                best = (alike, *span)
    return None if best is None else (best[1], best[2], Match.FUZZY)


def _free(span: tuple[int, int], taken: tuple[tuple[int, int], ...]) -> bool:
    return all(span[1] <= start or span[0] >= end for start, end in taken)


def _whole(span: tuple[int, int], text: str) -> bool:
    """Tell whether a stretch begins and ends between words."""
    before = text[span[0] - 1 : span[0]] if span[0] else ""
    after = text[span[1] : span[1] + 1]
    starts = not (before.isalnum() and text[span[0]].isalnum())
    return starts and not (after.isalnum() and text[span[1] - 1].isalnum())
