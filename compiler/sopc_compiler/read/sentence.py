"""Cuts a passage into sentences, by rules: abbreviations, initials and decimals end none."""

import re

# Words that a full stop follows without ending the sentence, whatever comes next.
_NEVER_LAST = (
    " e.g i.e cf vs viz approx dept ext fig figs gen gov hon jr mr mrs ms mx dr prof rev sen "
    "sec ch art para pp vol ca resp incl excl "
)
# Those that a name may follow, so that only a word like "The" or "Then" shows a new sentence.
_BEFORE_NAME = " u.s u.k e.u u.n d.c inc ltd co corp llc st sr est "
_BEFORE_FIGURE = " no nos jan feb mar apr jun jul aug sep sept oct nov dec "
_BEFORE_TIME = " a.m p.m am pm "
_TIME_WORD = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?s?|[ecmp][sd]?t|utc|gmt"
    r"|eastern|central|mountain|pacific)\b",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"(?:a|after|all|an|and|any|as|at|before|but|by|do|each|every|for|he|however|if|in|it|no|not"
    r"|note|on|once|only|otherwise|please|she|that|the|then|there|these|they|this|those|to|we"
    r"|when|you|your)\b",
    re.IGNORECASE,
)

_STOP = re.compile(r"""([.!?…]+)(["'\u201d\u2019»)\]*]*)(?=\s)""")
_WORD = re.compile(r"[^\s(\[\"\u201c\u2018'/]+$")
_OPENING = "\"'\u201c\u2018«([*"
_SIGHT = 1000  # code points looked ahead for a closing bracket


def sentences(text: str) -> list[tuple[int, int]]:
    """Give the span of each sentence, without blanks around it.

    A stop inside of brackets or after an abbreviation ends no sentence. Text without a stop is
    one sentence; blank text has none.
    """
    cuts, start = [0], 0
    for stop in _STOP.finditer(text):
        if not _goes_on(text, start, stop):
            start = stop.end()
            cuts.append(start)
    spans = zip(cuts, [*cuts[1:], len(text)], strict=True)
    return [
        (a + len(part) - len(part.lstrip()), a + len(part.rstrip()))
        for a, b in spans
        if (part := text[a:b]).strip()
    ]


def _goes_on(text: str, start: int, stop: re.Match[str]) -> bool:
    """Tell whether the sentence that begins at `start` goes on after a stop."""
    said, after = text[start : stop.end()], text[stop.end() : stop.end() + _SIGHT].lstrip()
    for opening, closing in ("()", "[]"):
        if said.count(opening) > said.count(closing):
            return closing in after
    following = after.lstrip(_OPENING)
    if following[:1].islower():
        return stop[1] not in {"?", "!"} or bool(stop[2])
    if stop[1] != "." or stop[2]:
        return False
    found = _WORD.search(said, 0, stop.start() - start)
    if found is None:
        return False
    word = found.group()
    if not said[: found.start()].strip() and (word.isdigit() or len(word) == 1):
        return True  # a typed marker
    return _is_abbreviation(word, following)


def _is_abbreviation(word: str, following: str) -> bool:
    """Tell whether the full stop between two words belongs to the first."""
    listed = f" {word.lower()} "
    if listed in _NEVER_LAST:
        return True
    if listed in _BEFORE_FIGURE:
        return following[:1].isdigit()
    if listed in _BEFORE_TIME:
        return bool(_TIME_WORD.match(following))
    initial = len(word) == 1 and word.isupper() and word != "I"
    return (initial or listed in _BEFORE_NAME) and not _OPENER.match(following)
