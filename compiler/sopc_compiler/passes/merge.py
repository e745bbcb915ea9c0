"""Merge: what rules proposed and what the model quoted, each checked by the other.

Rules are sure of form, the model of sense. An act or a name that only one of them saw has to show
more: see `_plausible_act`, `_plausible_tool` and `_plausible_person`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sopc_compiler.language.act import Act
from sopc_compiler.language.role_name import names_somebody
from sopc_compiler.language.system_name import is_plain, names_system
from sopc_compiler.language.word import Word, is_base_verb, verb_base
from sopc_compiler.passes.extract import Extracted, Quote
from sopc_compiler.passes.parse import ParsedPassage


def merge(
    parsed: Sequence[ParsedPassage], extracted: Mapping[int, Extracted]
) -> list[ParsedPassage]:
    """Give the parsed passages with acts and names that rules and model hold together."""
    return [
        item
        if (quoted := extracted.get(item.passage.index)) is None
        else replace(item, acts=_acts(item, quoted), roles=_roles(item, quoted), systems=_systems(item, quoted))
        for item in parsed
    ]


def _acts(item: ParsedPassage, quoted: Extracted) -> tuple[Act, ...]:
    kept = list(item.acts)
    for quote in quoted.acts:
        if not any(_meet((act.start, act.end), quote) for act in kept):
            act = _plausible_act(item, quote)
            if act is not None:
                kept.append(act)
    return tuple(sorted(kept, key=lambda act: act.start))


def _plausible_act(item: ParsedPassage, quote: Quote) -> Act | None:
    """Take a quote that rules did not see, if it opens with a verb and has an object."""
    inside = [w for w in item.words if quote.span.start <= w.start < quote.span.end]
    if len(inside) < 2 or item.lists_cases:  # noqa: PLR2004 - a verb and its object
        return None
    if any(c.start < quote.span.end and quote.span.start < c.end for c in item.conditions):
        return None
    first = inside[0]
    if not _opens_like_act(first):
        return None
    start, end = item.sentence_at(quote.span.start)
    if item.text[start:end].rstrip().endswith("?"):
        return None
    return Act(quote.span.start, quote.span.end, verb_base(first.lower) or first.lower, "quoted")


def _opens_like_act(word: Word) -> bool:
    return is_base_verb(word.lower) and word.tag.startswith("VB")


def _roles(item: ParsedPassage, quoted: Extracted) -> tuple[tuple[int, int], ...]:
    kept = list(item.roles)
    for quote in quoted.people:
        words = item.text[quote.span.start : quote.span.end].split()
        if not any(_meet(span, quote) for span in kept) and _plausible_person(words):
            kept.append((quote.span.start, quote.span.end))
    return tuple(sorted(kept))


def _plausible_person(words: Sequence[str]) -> bool:
    return len(words) <= 5 and names_somebody(words) and words[-1].lower() not in {"you", "we", "they"}  # noqa: PLR2004


def _systems(item: ParsedPassage, quoted: Extracted) -> tuple[tuple[int, int], ...]:
    kept = [
        span
        for span in item.systems
        if not is_plain(item.text[span[0] : span[1]]) or any(_meet(span, q) for q in quoted.tools)
    ]
    for quote in quoted.tools:
        name = item.text[quote.span.start : quote.span.end]
        if not any(_meet(span, quote) for span in kept) and names_system(name):
            kept.append((quote.span.start, quote.span.end))
    return tuple(sorted(kept))


def _meet(span: tuple[int, int], quote: Quote) -> bool:
    return span[0] < quote.span.end and quote.span.start < span[1]
