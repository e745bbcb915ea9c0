"""Names: the distinct roles and systems of a document, where each is first named."""

import re
from collections.abc import Callable, Iterable, Sequence

from sopc_compiler.fact import Facts, NameFact, Span
from sopc_compiler.language.role_name import heads_role, is_certain_role
from sopc_compiler.language.system_name import is_certain_system, is_plain, is_titled
from sopc_compiler.passes.parse import ParsedPassage

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_ARTICLES = re.compile(r"^(?:the|a|an|your|our|their|its|his|her|this|that)\s+", re.IGNORECASE)


def name_key(name: str) -> frozenset[str]:
    """Give the words of a name, plurals and cases folded, by which mentions are compared."""
    return frozenset(folded(name))


def named_roles(parsed: Sequence[ParsedPassage], facts: Facts) -> list[NameFact]:
    """List the distinct roles that act, approve or are turned to, each at its first mention.

    A name counts where it acts, where the model quoted it as somebody, or where its noun and a
    modifier make it a role wherever it stands.
    """
    actors = {name_key(_words(parsed, fact.actor)) for fact in facts.acts if fact.actor is not None}

    def counts(item: ParsedPassage, span: tuple[int, int]) -> bool:
        name = item.text[span[0] : span[1]]
        return (
            _quoted(item, span)
            or any(name_key(name) <= actor for actor in actors)
            or (item.seen is None and item.passage.kind in {"heading", "row"})
            or is_certain_role(name.split())
        )

    return _distinct(parsed, lambda item: item.roles, counts)


def named_systems(parsed: Sequence[ParsedPassage], facts: Facts) -> list[NameFact]:
    """List the distinct systems that the procedures use, each at its first mention.

    A name counts where the model quoted it as a tool, or where its form alone tells.
    """
    working = {fact.span.passage for fact in facts.acts} | {t.span.passage for t in facts.triggers}

    def counts(item: ParsedPassage, span: tuple[int, int]) -> bool:
        name = item.text[span[0] : span[1]]
        if heads_role(name.split()):
            return False
        if _quoted(item, span):
            return not is_plain(name) or any(start == span[0] for start, _ in item.seen or ())
        if item.passage.index in working and is_titled(name):
            return True
        works = item.passage.index in working or item.passage.kind in {"row", "item", "heading"}
        return works and is_certain_system(name)

    found = _distinct(parsed, lambda item: item.systems, counts)
    return [
        fact
        for number, fact in enumerate(found)
        if not fact.name[0].isalnum()
        or not any(name_key(fact.name) < name_key(earlier.name) for earlier in found[:number])
    ]


def _quoted(item: ParsedPassage, span: tuple[int, int]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in item.seen or ())


def _words(parsed: Sequence[ParsedPassage], span: Span) -> str:
    return parsed[span.passage].text[span.start : span.end]


def _first_mention(parsed: Sequence[ParsedPassage], fact: NameFact) -> NameFact:
    """Find where the very words of a name stand first, which rules may have passed over."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(fact.name)}(?![\w-])")
    for item in parsed[: fact.span.passage]:
        match = pattern.search(item.text)
        if match and not item.informs:
            return NameFact(Span(item.passage.index, *match.span()), fact.name)
    return fact


def _repeats(name: str, earlier: str) -> bool:
    """Tell whether a name is an earlier one or its end, as "lead" of "incident lead"."""
    one, other = folded(name), folded(earlier)
    return (
        one == other
        or (len(one) < len(other) and other[-len(one) :] == one)
        or set(one) == set(other)
    )


def folded(name: str) -> list[str]:
    """Give the words of a name in lower case, plurals folded."""
    words = (word.lower() for word in _WORD.findall(name.replace("’s", "").replace("'s", "")))
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words]  # noqa: PLR2004


def _distinct(
    parsed: Sequence[ParsedPassage],
    spans: Callable[[ParsedPassage], Iterable[tuple[int, int]]],
    counts: Callable[[ParsedPassage, tuple[int, int]], bool],
) -> list[NameFact]:
    """Keep one fact a name: the first mention of each that counts somewhere."""
    first: dict[frozenset[str], NameFact] = {}
    for item in parsed:
        for start, end in spans(item):
            name = item.text[start:end]
            key = name_key(name)
            if not key:
                continue
            if key not in first and counts(item, (start, end)):
                first[key] = NameFact(Span(item.passage.index, start, end), _ARTICLES.sub("", name))
    kept: dict[frozenset[str], NameFact] = {}
    for key, found in first.items():
        fact = _first_mention(parsed, found)
        if not any(_repeats(fact.name, other.name) for other in kept.values()):
            kept[key] = fact
    return sorted(kept.values(), key=lambda fact: fact.span)
