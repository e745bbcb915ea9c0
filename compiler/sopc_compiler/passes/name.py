"""Names: the distinct roles and systems of a document, where each is first named."""

import re
from collections.abc import Callable, Iterable, Sequence

from sopc_compiler.fact import Facts, NameFact, Span
from sopc_compiler.passes.parse import ParsedPassage

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_ARTICLES = re.compile(r"^(?:the|a|an|your|our|their|its|his|her|this|that)\s+", re.IGNORECASE)


def name_key(name: str) -> frozenset[str]:
    """Give the words of a name, plurals and cases folded, by which mentions are compared."""
    words = (word.lower() for word in _WORD.findall(name.replace("’s", "").replace("'s", "")))
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)  # noqa: PLR2004


def named_roles(parsed: Sequence[ParsedPassage], facts: Facts) -> list[NameFact]:
    """List the distinct roles that act, approve or are turned to, each at its first mention."""
    working = {fact.span.passage for fact in facts.acts} | {
        e.span.passage for e in facts.escalations
    }
    actors = {name_key(_words(parsed, fact.actor)) for fact in facts.acts if fact.actor is not None}

    def counts(item: ParsedPassage, span: tuple[int, int]) -> bool:
        name = item.text[span[0] : span[1]]
        if item.passage.kind in {"heading", "row"} or item.passage.index in working:
            return True
        return name[0].isupper() or name_key(name) in actors

    return _distinct(parsed, lambda item: item.roles, counts)


def named_systems(parsed: Sequence[ParsedPassage], facts: Facts) -> list[NameFact]:
    """List the distinct systems that the procedures use, each at its first mention."""
    working = {fact.span.passage for fact in facts.acts} | {t.span.passage for t in facts.triggers}

    def counts(item: ParsedPassage, span: tuple[int, int]) -> bool:
        del span
        return item.passage.index in working or item.passage.kind in {"row", "item"}

    return _distinct(parsed, lambda item: item.systems, counts)


def _words(parsed: Sequence[ParsedPassage], span: Span) -> str:
    return parsed[span.passage].text[span.start : span.end]


def _distinct(
    parsed: Sequence[ParsedPassage],
    spans: Callable[[ParsedPassage], Iterable[tuple[int, int]]],
    counts: Callable[[ParsedPassage, tuple[int, int]], bool],
) -> list[NameFact]:
    """Keep one fact a name: the first mention of each that counts somewhere."""
    first: dict[frozenset[str], NameFact] = {}
    used: set[frozenset[str]] = set()
    for item in parsed:
        for start, end in spans(item):
            name = item.text[start:end]
            key = name_key(name)
            if not key:
                continue
            first.setdefault(
                key, NameFact(Span(item.passage.index, start, end), _ARTICLES.sub("", name))
            )
            if counts(item, (start, end)):
                used.add(key)
    kept: dict[frozenset[str], NameFact] = {}
    for key, fact in first.items():
        if key in used and not any(key <= other for other in kept):
            kept[key] = fact
    return sorted(kept.values(), key=lambda fact: fact.span)
