"""An organization file as compiled graphs suggest it, for a person to complete."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from sopc.graph import StepGraph
from sopc.graph.scalar import is_hidden, written
from sopc.graph.slug import slug
from sopc.organization.calendar import is_time_zone
from sopc.organization.mention import Mention, Mentions, mentions
from sopc.organization.name import alike, folded
from sopc.organization.organization import FORMAT
from sopc.organization.system import SystemKind

_KINDS: dict[str, SystemKind] = {
    "form": "form",
    "inbox": "inbox",
    "mailbox": "inbox",
    "channel": "channel",
    "document": "document",
    "spreadsheet": "document",
}
_HOLDERS = "who holds it: holders: [{name: ..., email: ..., from: 2026-01-31}]"
_BINDING = "how it is reached: binding: {connector: mcp, settings: {token: env:NAME}}"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def proposal(graphs: Iterable[StepGraph], name: str) -> str:
    """Give the text of an organization file that knows every role and system of graphs.

    Names that are nearly the same stay two entries, with a question in a comment. What graphs do
    not say stands as a comment to be filled in. The same graphs give the same text.
    """
    return "".join(f"{line}\n" for line in _lines(mentions(graphs), name))


def _lines(found: Mentions, name: str) -> Iterator[str]:
    yield "# Proposed from what compiled graphs name. Read it, merge what is one thing under two"
    yield "# names, fill in what graphs do not say, and remove these comments."
    yield f"format: {FORMAT}"
    yield f"name: {written(name)}  # the folder's; write the organization's"
    yield from _time_zone(found.time_zones)
    yield "# business_hours: {from: 09:00, to: 17:00}  # Monday to Friday; `days` says others"
    yield "# holidays: {country: US}"
    yield from _entries("roles", found.roles, "role", example=_HOLDERS)
    yield from _entries("systems", found.systems, "system", more=_kind, example=_BINDING)
    yield from _entries("templates", found.templates, "template")
    yield "# Whom a step turns to that does not say so itself:"
    first = _identities(found.roles)[0] if found.roles else "head-of-operations"
    yield f"# escalation: {{to: {first}, after: 1 business day}}"


def _time_zone(zones: Sequence[Mention]) -> Iterator[str]:
    known = [zone for zone in zones if is_time_zone(zone.name)]
    if not known:
        yield "# time_zone: Europe/London"
    for zone in known[:1]:
        yield f"time_zone: {zone.name}  # {_counted(zone)}"
    for zone in known[1:]:
        yield f"# time_zone: {zone.name}  # {_counted(zone)}"


def _entries(
    field: str,
    found: Sequence[Mention],
    noun: str,
    *,
    more: Callable[[str], Iterator[str]] | None = None,
    example: str | None = None,
) -> Iterator[str]:
    if not found:
        yield f"# {field}: the graphs name no {noun}"
        return
    yield f"{field}:"
    near = _alike(found)
    if example:
        yield f"  # {example}"
    for mention, identity in zip(found, _identities(found), strict=True):
        said = written(mention.name)
        if mention.ids:
            yield f"  - id: {identity}  # {_counted(mention)}"
            yield f"    name: {said}"
        else:
            yield f"  - name: {said}  # {_counted(mention)}"
        if near[mention.name]:
            others = _listed(near[mention.name])
            yield f"    # also called {others}? if so, make them one entry with `aliases: [...]`"
        if more is not None:
            yield from more(mention.name)


def _kind(name: str) -> Iterator[str]:
    words = folded(name).split()
    kinds = [_KINDS[word] for word in (words[0], words[-1]) if word in _KINDS]
    if name.startswith("#"):
        kinds = ["channel"]
    elif _EMAIL.fullmatch(name):
        kinds = ["inbox"]
    if kinds:
        yield f"    kind: {kinds[0]}"


def _identities(found: Sequence[Mention]) -> list[str]:
    """Give each entry an id that is no name or id of another, the graphs' own where it can be."""
    names = {folded(mention.name): index for index, mention in enumerate(found)}
    taken: set[str] = set()
    chosen = []
    for index, mention in enumerate(found):
        wanted = mention.id or slug(mention.name)
        others = {name for name, at in names.items() if at != index}
        number, identity = 1, wanted
        while identity in taken or folded(identity) in others:
            number += 1
            identity = f"{wanted[:70].rstrip('-')}-{number}"
        taken.add(identity)
        chosen.append(identity)
    return chosen


def _alike(found: Sequence[Mention]) -> dict[str, list[str]]:
    """Give for each name the others that may mean the same: nearly the name, or the same id."""
    others: dict[str, list[str]] = {mention.name: [] for mention in found}
    for one, other in combinations(found, 2):
        if alike(one.name, other.name) or one.ids.keys() & other.ids.keys():
            others[one.name].append(other.name)
            others[other.name].append(one.name)
    return others


def _listed(names: Sequence[str]) -> str:
    return ", ".join(written(name) if is_hidden(name) else f'"{name}"' for name in names)


def _counted(mention: Mention) -> str:
    if mention.times == 0:
        return f"listed in {_graphs(mention.listed)}, used in no step"
    times = "once" if mention.times == 1 else f"{mention.times} times"
    return f"named {times}, in {_graphs(mention.graphs)}"


def _graphs(number: int) -> str:
    return "1 graph" if number == 1 else f"{number} graphs"
