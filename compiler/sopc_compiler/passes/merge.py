"""Merge: what rules proposed and what the model quoted, each checked by the other.

Rules are sure of form, the model of sense. An act or a name that only one of them saw has to show
more: see `_plausible_act`, `_plausible_tool` and `_plausible_person`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sopc_compiler.language.act import Act, negation
from sopc_compiler.language.lexicon import AUTOMATED_VERBS, NO_IMPERATIVES, STATIVE_VERBS
from sopc_compiler.language.role_name import heads_role
from sopc_compiler.language.system_name import names_system
from sopc_compiler.language.word import Word, is_base_verb, verb_base
from sopc_compiler.passes.extract import Extracted, Quote
from sopc_compiler.passes.parse import ParsedPassage

_LONGEST_ROLE = 5
_NEEDS = frozenset({"necessary", "need", "needs", "have", "has"})
_OBLIGING = frozenset({"modal", "passive"})
"""Forms that oblige by their grammar, whether or not the model quoted them."""
_BETWEEN = " ,;:"
_DETERMINERS = frozenset("the a an its their each every".split())


def merge(
    parsed: Sequence[ParsedPassage], extracted: Mapping[int, Extracted]
) -> list[ParsedPassage]:
    """Give the parsed passages with acts and names that rules and model hold together."""
    return [
        item
        if (quoted := extracted.get(item.passage.index)) is None
        else replace(
            item,
            acts=_acts(item, quoted),
            roles=_roles(item, quoted),
            systems=_systems(item, quoted),
            seen=_seen(quoted),
        )
        for item in parsed
    ]


def _seen(quoted: Extracted) -> frozenset[tuple[int, int]]:
    return frozenset((q.span.start, q.span.end) for q in (*quoted.people, *quoted.tools))


def _acts(item: ParsedPassage, quoted: Extracted) -> tuple[Act, ...]:
    kept = [
        act
        for act in item.acts
        if _certain(item, act) or any(_meet((act.start, act.end), quote) for quote in quoted.acts)
    ]
    for quote in quoted.acts:
        if not any(_meet((act.start, act.end), quote) for act in item.acts):
            act = _plausible_act(item, quote)
            if act is not None:
                kept.append(act)
    return tuple(sorted(kept, key=lambda act: act.start))


def _certain(item: ParsedPassage, act: Act) -> bool:
    """Tell whether an act needs no word of the model: it obliges, or somebody named does it.

    "The analyst opens a ticket" is a duty; "GSA aims to redefine" is none.
    """
    if act.form in _OBLIGING:
        return True
    if act.form == "imperative" and any(
        case.leading and not item.text[case.end : act.start].strip(_BETWEEN)
        for case in item.conditions
        if case.end <= act.start
    ):
        return True  # "If the badge is missing, charge …": the case shows that it instructs
    if act.form != "present" or act.subject is None:
        return False
    words = item.text[act.subject[0] : act.subject[1]].split()
    by_system = any(act.subject[0] <= start < act.subject[1] for start, _ in item.systems)
    return words[0].lower() in _DETERMINERS or (by_system and act.verb in AUTOMATED_VERBS)


def _plausible_act(item: ParsedPassage, quote: Quote) -> Act | None:
    """Take a quote that rules did not see, if it is put as an instruction."""
    inside = [w for w in item.words if quote.span.start <= w.start < quote.span.end]
    if len(inside) < 2 or item.lists_cases:  # noqa: PLR2004 - a verb and its object
        return None
    if any(c.start < quote.span.end and quote.span.start < c.end for c in item.conditions):
        return None
    start, end = item.sentence_at(quote.span.start)
    before = [word for word in item.words if start <= word.start < quote.span.start]
    if item.text[start:end].rstrip().endswith("?") or not _instructs(inside[0], before):
        return None
    verb = verb_base(inside[0].lower) or inside[0].lower
    sentence = (*before, *inside)
    first = sentence[negation(sentence, len(before))]
    return Act(first.start, quote.span.end, verb, "quoted")


def _instructs(first: Word, before: Sequence[Word]) -> bool:
    """Tell whether a quote's first word, behind those before it, opens an instruction."""
    base = verb_base(first.lower)
    if base is None or base in STATIVE_VERBS or first.lower in NO_IMPERATIVES:
        return False
    last = before[-1].lower if before else ""
    match first.tag:
        case "VBZ":
            opens = bool(before) and last not in {"which", "that", "it", "this"}
        case "VBN":
            opens = not before
        case "VBG":
            opens = first.lower != "including" and last in {"by", "and", "or", "for", ","}
        case _ if last == "to":  # behind a need; else it is a purpose
            obliged = len(before) > 1 and before[-2].lower in _NEEDS
            opens = obliged and is_base_verb(first.lower)
        case _:
            opens = first.tag.startswith("VB") and is_base_verb(first.lower)
    return opens


def _roles(item: ParsedPassage, quoted: Extracted) -> tuple[tuple[int, int], ...]:
    kept = list(item.roles)
    for quote in quoted.people:
        words = item.text[quote.span.start : quote.span.end].split()
        if not any(_meet(span, quote) for span in kept) and _plausible_person(words):
            kept.append((quote.span.start, quote.span.end))
    return tuple(sorted(kept))


def _plausible_person(words: Sequence[str]) -> bool:
    return len(words) <= _LONGEST_ROLE and heads_role(words)


def _systems(item: ParsedPassage, quoted: Extracted) -> tuple[tuple[int, int], ...]:
    kept = list(item.systems)
    for quote in quoted.tools:
        name = item.text[quote.span.start : quote.span.end]
        if any(_meet(span, quote) for span in kept):
            continue
        before = [word.lower for word in item.words if word.end <= quote.span.start][-2:]
        if names_system(name, before):
            kept.append((quote.span.start, quote.span.end))
    return tuple(sorted(kept))


def _meet(span: tuple[int, int], quote: Quote) -> bool:
    return span[0] < quote.span.end and quote.span.start < span[1]
