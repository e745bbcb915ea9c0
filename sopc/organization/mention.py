"""What compiled graphs name: roles, systems, templates and time zones, and how often."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel

from sopc.graph import (
    ActionStep,
    ApprovalStep,
    EventTrigger,
    Guardrail,
    HumanTaskStep,
    RequestTrigger,
    Rung,
    ScheduleTrigger,
    StepGraph,
)
from sopc.organization.name import folded


@dataclass
class Mention:
    """One thing that graphs name, under names that are compared as the same.

    Attributes:
        spellings: Every way the name is written, and how often.
        ids: Every id that graphs give it, and how often.
        times: In how many places it is named.
        graphs: In how many graphs it is named.
        listed: How many graphs list it, in a step or in none.
    """

    spellings: Counter[str] = field(default_factory=Counter)
    ids: Counter[str] = field(default_factory=Counter)
    times: int = 0
    graphs: int = 0
    listed: int = 0

    @property
    def name(self) -> str:
        """The spelling that is used most; the first by alphabet of several."""
        return _most(self.spellings)

    @property
    def id(self) -> str | None:
        """The id that is used most; None for what has none."""
        return _most(self.ids) if self.ids else None


@dataclass(frozen=True)
class Mentions:
    """All that graphs name, most named first."""

    roles: tuple[Mention, ...]
    systems: tuple[Mention, ...]
    templates: tuple[Mention, ...]
    time_zones: tuple[Mention, ...]


def mentions(graphs: Iterable[StepGraph]) -> Mentions:
    """Collect what graphs name; a name counts wherever the graph refers to it."""
    roles: dict[str, Mention] = {}
    systems: dict[str, Mention] = {}
    templates: dict[str, Mention] = {}
    zones: dict[str, Mention] = {}
    for graph in graphs:
        named = _named(graph)
        counts = Counter((kind, name) for kind, name in named)
        for found, uses, kind in ((roles, graph.roles, "role"), (systems, graph.systems, "system")):
            for use in uses:
                _add(found, use.name, counts[kind, use.id], use.id)
        for found, kind in ((templates, "template"), (zones, "time zone")):
            for name in dict.fromkeys(name for each, name in named if each == kind):
                _add(found, name, counts[kind, name])
    return Mentions(*(_sorted(found) for found in (roles, systems, templates, zones)))


def _add(found: dict[str, Mention], name: str, times: int, identity: str | None = None) -> None:
    mention = found.setdefault(folded(name), Mention())
    mention.spellings[name] += max(times, 1)
    if identity is not None:
        mention.ids[identity] += max(times, 1)
    mention.times += times
    mention.graphs += times > 0
    mention.listed += 1


def _sorted(found: dict[str, Mention]) -> tuple[Mention, ...]:
    order = sorted(found.items(), key=lambda item: (-item[1].times, -item[1].listed, item[0]))
    return tuple(mention for _, mention in order)


def _named(graph: StepGraph) -> list[tuple[str, str]]:
    return [
        (kind, name)
        for record in _records(graph)
        for kind, name in _names_in(record)
        if name is not None
    ]


def _names_in(record: BaseModel) -> Iterator[tuple[str, str | None]]:
    if isinstance(record, RequestTrigger):
        yield "role", record.by
    elif isinstance(record, Rung):
        yield from (("role", record.by), ("role", record.to), ("system", record.via))
    elif isinstance(record, Guardrail):
        yield "role", record.ask
    elif isinstance(record, EventTrigger):
        yield "system", record.system
    elif isinstance(record, ScheduleTrigger):
        yield "time zone", record.time_zone
    else:
        if isinstance(record, ActionStep | HumanTaskStep | ApprovalStep):
            yield from (("system", record.system), ("template", record.template))
        yield "role", getattr(record, "role", None)


def _records(value: object) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for name in value.model_fields_set:
            yield from _records(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _records(item)


def _most(counts: Counter[str]) -> str:
    return min(counts, key=lambda name: (-counts[name], name))
