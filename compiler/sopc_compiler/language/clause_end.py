"""Where the clause ends that a verb opens: after its object and what belongs to it."""

from collections.abc import Callable, Sequence

from sopc_compiler.language.lexicon import (
    BEFORE_VERB,
    CLAUSE_STOPS,
    EXTRA_VERBS,
    NO_IMPERATIVES,
    PREPOSITIONS,
    REPORTING_VERBS,
)
from sopc_compiler.language.word import Word, is_base_verb, verb_base

_MARKS = frozenset(".;:—–?!|(-")
_AS_DESCRIBED = frozenset(
    """
    indicated described soon per well required needed outlined specified
    """.split()
)
_OPENS_OBJECT = ("DT", "PRP", "TO", "CD", "WRB", "WP", "PRP$")
_PARTICLES = frozenset(["off", "out", "up", "over", "down", "away", "back"])
_NEVER_LAST = PREPOSITIONS | {"and", "or", "the", "a", "an", "then"}
_LONG = 10
"""Beyond so many words, the next preposition ends the clause."""


def clause_end(words: Sequence[Word], verb: int, blocked: Callable[[int], bool]) -> int:
    """Give the index of the last word of the clause that the verb at index `verb` opens."""
    reporting = (verb_base(words[verb].lower) or "") in REPORTING_VERBS
    last = verb
    for position in range(verb + 1, len(words)):
        word = words[position]
        if blocked(position) or word.lower in CLAUSE_STOPS or word.text in _MARKS:
            break
        if word.text == "," and not _enumerates(words, position):
            break
        if position > verb + 1:
            if word.lower in {"and", "or", "then"} and opens_act(words, position):
                break
            if word.lower == "that" and not reporting:
                break
        if _ends_before(words, position) or (
            word.lower in PREPOSITIONS and position - verb > _LONG
        ):
            break
        if word.is_word or word.text in {")", "%"}:
            last = position
    while last > verb and words[last].lower in _NEVER_LAST:
        last -= 1
    return last


def opens_act(words: Sequence[Word], conjunction: int) -> bool:
    """Tell whether another verb follows an "and", so that a new act begins there."""
    position = conjunction + 1
    while position < len(words) and words[position].lower in BEFORE_VERB | {"will"}:
        position += 1
    if position >= len(words):
        return False
    word = words[position]
    if word.lower in NO_IMPERATIVES:
        return False
    known = is_base_verb(word.lower) or word.lower in EXTRA_VERBS
    if position + 1 == len(words) or words[position + 1].text in {".", ";"}:
        return known and (word.tag.startswith("VB") or word.lower in EXTRA_VERBS)
    after = words[position + 1]
    if word.tag == "VBG" and words[conjunction - 1].tag != "VBG":
        return after.tag[:2] in {"DT", "PR", "IN", "NN", "JJ"}
    return _takes_object(word, after) if known else _third_person(word, after)


def _third_person(word: Word, after: Word) -> bool:
    """Tell whether a word is a verb in the third person with its object."""
    verb = word.tag == "VBZ" and verb_base(word.lower) is not None
    return verb and after.tag in {"DT", "PRP$", "PRP", "TO", "IN"}


def _takes_object(word: Word, after: Word) -> bool:
    """Tell whether what follows a word that can be a verb shows that it is one."""
    if after.tag in _OPENS_OBJECT or after.lower in _PARTICLES or after.text[0] in '[#"“`@':
        return True
    return word.tag.startswith("VB") and after.tag[:2] in {"IN", "JJ", "NN", "VB"}


def _ends_before(words: Sequence[Word], position: int) -> bool:
    """Tell whether a phrase of manner or reference begins here, which is no part of the object."""
    if position + 1 >= len(words):
        return False
    lower, after = words[position].lower, words[position + 1].lower
    return (
        (lower == "as" and after in _AS_DESCRIBED)
        or (lower == "by" and after.endswith("ing"))
        or (lower == "in" and after in {"order", "accordance", "line"})
        or (lower == "via" and position > 0)
    )


def _enumerates(words: Sequence[Word], comma: int) -> bool:
    """Tell whether a comma stands in a list of things rather than at a clause's end."""
    window = words[comma + 1 : comma + 7]
    if not window or window[0].tag in {"VB", "VBG", "VBZ", "MD", "RB", "IN", "PRP", "CC", "WDT"}:
        return False
    if window[0].lower in {"and", "or", "so", "but", "such", "please", "followed", "including"}:
        return False
    if is_base_verb(window[0].lower) and window[0].tag.startswith("V"):
        return False
    return any(word.lower in {"and", "or", "etc", "&"} for word in window)
