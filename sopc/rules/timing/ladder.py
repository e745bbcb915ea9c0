"""Escalation ladders: the rungs that are climbed one after the other in the same case.

A step or procedure lists all its rungs together. Those with other conditions, or after other
failures, are of other cases: none of them follows on another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sopc.graph import Rung
from sopc.rules.context import CheckContext
from sopc.rules.rule import GraphPath


@dataclass(frozen=True, slots=True)
class RungPlace:
    """A rung, and where it stands."""

    rung: Rung
    path: GraphPath


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs of one case, in the order of the file.

    Attributes:
        rungs: At least one.
        about: The field that they are of, in words of the graph's ids.
        step: The step that they are of; None where they are of a procedure.
        role: The role that does that step, if it is said.
        role_path: Where that role stands.
    """

    rungs: tuple[RungPlace, ...]
    about: str
    step: str | None = None
    role: str | None = None
    role_path: GraphPath = ()


def ladders(context: CheckContext) -> Iterator[Ladder]:
    """Give every ladder, in the order of the file."""
    for procedure, path in context.procedures():
        about = f"procedures.{procedure.id}.escalation"
        for rungs in _by_case(procedure.escalation, path):
            yield Ladder(rungs, about)
    for at in context.steps:
        for rungs in _by_case(at.step.escalation, at.path):
            about, role = at.about("escalation"), at.step.role
            yield Ladder(rungs, about, at.step.id, role, (*at.path, "role"))


def circle_in(ladder: Ladder) -> list[tuple[GraphPath, str]] | None:
    """Give the first way from a role back to it, place by place; None if there is none."""
    way: list[tuple[GraphPath, str]] = []
    first = ladder.rungs[0]
    if first.rung.by is not None:
        way.append(((*first.path, "by"), first.rung.by))
    elif ladder.role is not None:
        way.append((ladder.role_path, ladder.role))
    place_of = {name: number for number, (_, name) in enumerate(way)}
    for rung in ladder.rungs:
        name = rung.rung.to
        if name is None or (way and way[-1][1] == name):
            continue
        way.append(((*rung.path, "to"), name))
        if name in place_of:
            return way[place_of[name] :]
        place_of[name] = len(way) - 1
    return None


def _by_case(rungs: Sequence[Rung], path: GraphPath) -> Iterator[tuple[RungPlace, ...]]:
    cases: dict[object, list[RungPlace]] = {}
    for number, rung in enumerate(rungs):
        words = frozenset(each.cel or each.says.casefold() for each in rung.when)
        case = words, frozenset(rung.on), (rung.if_says or "").casefold()
        cases.setdefault(case, []).append(RungPlace(rung, (*path, "escalation", number)))
    yield from map(tuple, cases.values())
