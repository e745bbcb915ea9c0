"""Sections: which passages make one procedure, where a document holds several."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sopc_compiler.fact import Facts, TriggerFact
from sopc_compiler.passes.parse import ParsedPassage
from sopc_compiler.passes.trigger import starts_here


@dataclass(slots=True)
class Section:
    """Passages that make one procedure: `heading` names it, `triggers` start it."""

    heading: int | None
    passages: set[int] = field(default_factory=set)
    triggers: list[TriggerFact] = field(default_factory=list)


def sections(parsed: Sequence[ParsedPassage], facts: Facts) -> list[Section]:
    """Divide a document into procedures.

    A heading whose own passages hold a trigger and an act opens a procedure, which lasts until the
    next heading of its level or above. All that stands outside of such sections is one procedure,
    the document's own; the sole trigger of a document starts all of it.
    """
    main = Section(None)
    opened = _opened(parsed, facts) if len(facts.triggers) > 1 else {}
    for item in parsed:
        owner = next((opened[h] for h in reversed(item.passage.headings) if h in opened), main)
        owner = opened.get(item.passage.index, owner)
        owner.passages.add(item.passage.index)
    for trigger in facts.triggers:
        owner = next(
            (s for s in [*opened.values(), main] if trigger.span.passage in s.passages), main
        )
        owner.triggers.append(trigger)
    acting = {fact.span.passage for fact in facts.acts}
    found = [s for s in [main, *opened.values()] if s.passages & acting or s.triggers]
    return sorted(found, key=lambda s: min(s.passages)) or [main]


def _opened(parsed: Sequence[ParsedPassage], facts: Facts) -> dict[int, Section]:
    """Give the sections that a trigger opens, by heading: the nearest one that holds an act too."""
    acting = {fact.span.passage for fact in facts.acts}
    opened: dict[int, Section] = {}
    for trigger in facts.triggers:
        place = parsed[trigger.span.passage].passage
        around = place.index if place.kind == "heading" else None
        candidates = ([around] if around is not None else []) + list(reversed(place.headings))
        title = _title(parsed)
        for heading in candidates:
            if heading == title:
                break
            if starts_here(parsed[heading].text):
                continue
            below = {p.passage.index for p in parsed if heading in p.passage.headings}
            if below & acting:
                opened.setdefault(heading, Section(heading))
                break
    return opened


def _title(parsed: Sequence[ParsedPassage]) -> int | None:
    """Give the heading that titles the document: the first, where all others stand below it."""
    headings = [item.passage for item in parsed if item.passage.kind == "heading"]
    if not headings:
        return None
    first = headings[0]
    rest = [item.passage for item in parsed if item.passage.index > first.index]
    return first.index if all(first.index in other.headings for other in rest) else None
