"""What each rule is about, done to a graph that has none of it, in every place where it can be."""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mutation.precise import Data
from sopc.diagnostics import Prose
from sopc.organization import Organization

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Break:
    """A graph that was broken in one place.

    Attributes:
        where: What was broken, for people.
        data: The broken graph.
        steps: The ids of which a finding has to name one; empty where it is about no step.
        message: What the finding has to say besides.
        organization: The organization file that goes with it, where that was changed.
        prose: What is known of the prose, where that was changed.
    """

    where: str
    data: Data
    steps: tuple[str, ...] = ()
    message: str = ""
    organization: Organization | None = None
    prose: Prose | None = None


Breaker = Callable[[Data, Organization], Iterator[Break]]
BREAKERS: dict[str, list[Breaker]] = {}


def breaks(rule: str) -> Callable[[Breaker], Breaker]:
    """Register a function that breaks graphs in the way that a rule is about."""

    def registered(breaker: Breaker) -> Breaker:
        BREAKERS.setdefault(rule, []).append(breaker)
        return breaker

    return registered


def steps(data: Data, *kinds: str) -> Iterator[tuple[Place, Data]]:
    """Give every step with its place, of some kinds if they are named."""
    for p, procedure in enumerate(data["procedures"]):
        for s, step in enumerate(procedure.get("steps", ())):
            if not kinds or step["kind"] in kinds:
                yield ("procedures", p, "steps", s), step


def triggers(data: Data, kind: str) -> Iterator[tuple[Place, Data]]:
    """Give every trigger of a kind with its place."""
    for p, procedure in enumerate(data["procedures"]):
        for t, trigger in enumerate(procedure.get("triggers", ())):
            if trigger["kind"] == kind:
                yield ("procedures", p, "triggers", t), trigger


def at(data: Data, place: Place) -> Any:
    """Give the value at a place."""
    value: Any = data
    for part in place:
        value = value[part]
    return value


def without(data: Data, place: Place, *keys: str) -> Data:
    """Give the graph without keys of the record at a place."""
    changed = copy.deepcopy(data)
    for key in keys:
        at(changed, place).pop(key, None)
    return changed


def having(data: Data, place: Place, **values: Any) -> Data:
    """Give the graph with other values in the record at a place."""
    changed = copy.deepcopy(data)
    at(changed, place).update(copy.deepcopy(values))
    return changed


def owner(place: Place) -> Place:
    """Give the place of the procedure that a place lies in."""
    return place[:2]


def records(value: Any, place: Place = ()) -> Iterator[tuple[Place, Data]]:
    """Give every mapping of a graph with its place, the outer before the inner."""
    if isinstance(value, dict):
        yield place, value
        for key, each in value.items():
            yield from records(each, (*place, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from records(each, (*place, index))


def step_at(data: Data, place: Place) -> tuple[str, ...]:
    """Give the id of the step that a place lies in, as the expectation of a break."""
    if len(place) > 3 and place[2] == "steps":
        return (at(data, place[:4])["id"],)
    return ()


def misspelt(name: str) -> str:
    """Give a name with a slip of the pen."""
    return f"{name[:-1]}x{name[-1]}"


def expressions(data: Data) -> Iterator[tuple[Place, str, str]]:
    """Give every expression: the place of its record, its key, and its text."""
    for place, record in records(data):
        for key in ("cel", "filter", "limit"):
            if isinstance(record.get(key), str):
                yield place, key, record[key]


def flipped(cel: str) -> str | None:
    """Give a comparison opened or closed by one value; None if there is none to change."""
    for old, new in ((" <= ", " < "), (" >= ", " > ")):
        if re.search(re.escape(old), cel):
            return cel.replace(old, new, 1)
    return None


def inserted(data: Data, place: Place, step: Data) -> Data:
    """Give the graph with another step before the one at a place."""
    changed = copy.deepcopy(data)
    at(changed, place[:-1]).insert(place[-1], copy.deepcopy(step))
    return changed


def appended(data: Data, place: Place, value: Any) -> Data:
    """Give the graph with another element in the list at a place, which is made if need be."""
    changed = copy.deepcopy(data)
    at(changed, place[:-1]).setdefault(place[-1], []).append(copy.deepcopy(value))
    return changed


AMOUNT = {"name": "an_amount", "type": "money", "currency": "USD"}


def with_amount(data: Data) -> Data:
    """Give the graph with an input to write expressions about."""
    return appended(data, ("inputs",), AMOUNT)
