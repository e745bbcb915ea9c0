"""Whether conditions in words leave no case out: an "otherwise" among them, or a yes and a no."""

import re
from collections.abc import Iterable
from itertools import combinations

_OPENING = re.compile(r"(?:(?:and|but)\s+)?(?:if|when|where|in\s+case)\s+", re.IGNORECASE)
_ELSE = re.compile(
    r"otherwise|else|if\s+not|if\s+none\s+of\s+(?:these|the\s+above)(?:\s+appl(?:y|ies))?"
    r"|(?:(?:in|for)\s+)?(?:all|any|every|each)\s+others?(?:\s+cases?)?"
    r"|(?:in\s+)?(?:anything|everything|everyone|anyone|all)\s+else",
    re.IGNORECASE,
)
_ANSWERS = ({"yes"}, {"no"}), ({"true"}, {"false"})
_EMPTY = {"a", "an", "the", "any", "do", "does", "did", "it", "is", "are", "was", "were", "has"}
_NEGATIONS = {"not", "no"}
_MOST_COMPARED = 12


def cover_all_cases(conditions: Iterable[str]) -> bool:
    """Tell whether one of the conditions holds in every case, going by their words alone."""
    said = list(conditions)
    if any(_ELSE.fullmatch(each.strip(" .,:;")) for each in said):
        return True
    return any(_are_opposite(*pair) for pair in combinations(said[:_MOST_COMPARED], 2))


def _are_opposite(one: str, other: str) -> bool:
    first, second = _words(one), _words(other)
    if any({*first} == yes and {*second} == no for yes, no in (*_ANSWERS, *_swapped())):
        return True
    said, denied = _split(first), _split(second)
    return said[0] == denied[0] != [] and abs(said[1] - denied[1]) == 1


def _swapped() -> Iterable[tuple[set[str], set[str]]]:
    return ((no, yes) for yes, no in _ANSWERS)


def _words(condition: str) -> list[str]:
    text = _OPENING.sub("", condition.strip().lower().replace("\u2019", "'"), count=1)
    text = re.sub(r"\bcan(?:'t|not)\b", "can not", text).replace("n't", " not")
    return re.findall(r"[\w'$%.-]*\w", text)


def _split(words: list[str]) -> tuple[list[str], int]:
    """Give what is said, leaving away the ways of saying it, and how often it is denied."""
    kept = [each for each in words if each not in _EMPTY | _NEGATIONS]
    return [each.removesuffix("s") for each in kept], sum(each in _NEGATIONS for each in words)
