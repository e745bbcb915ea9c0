"""Ids made from words: short, ASCII, and unique among those taken already."""

import re
import unicodedata
from collections.abc import Container

_LONGEST = 60
_BETWEEN = re.compile(r"[^a-z0-9]+")


def slug(words: str, taken: Container[str] = ()) -> str:
    """Make an id of words: accents folded, lower case, joined by hyphens.

    It is never empty (`x` where the words hold no Latin letter or digit), at most 60 characters,
    cut between words where that is possible, and not one of `taken`: the second `send-email` is
    `send-email-2`. For steps, `taken` should hold the reserved `END`.
    """
    folded = unicodedata.normalize("NFKD", words.replace("'", "").replace("\u2019", ""))
    plain = _BETWEEN.sub("-", folded.encode("ascii", "ignore").decode().lower()).strip("-")
    first = _shortened(plain, _LONGEST) or "x"
    number, chosen = 1, first
    while chosen in taken:
        number += 1
        ending = f"-{number}"
        chosen = _shortened(first, _LONGEST - len(ending)) + ending
    return chosen


def _shortened(plain: str, longest: int) -> str:
    if len(plain) <= longest:
        return plain
    cut = plain[:longest]
    if plain[longest] != "-" and "-" in cut:
        cut = cut.rpartition("-")[0]
    return cut.strip("-")
