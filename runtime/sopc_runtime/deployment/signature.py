"""Sign-offs: who vouches for a graph, and whether that counts."""

from collections.abc import Iterable
from datetime import date, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from sopc.errors import UsageError
from sopc.graph import SignOff, StepGraph
from sopc.graph.file import graph_hash
from sopc.organization import Organization, Person
from sopc.organization.name import folded

_ALIKE = 0.5


def day_of(organization: Organization | None, at: datetime) -> date:
    """Give the day of an instant where the organization is."""
    zone = organization.time_zone if organization is not None else None
    return at.astimezone(ZoneInfo(zone or "UTC")).date()


def known_person(
    organization: Organization | None, name: str, at: datetime, *, role: str | None = None
) -> str:
    """Give the name of a person who may sign, as the organization file writes it.

    Where there is no file, or it names nobody at all, every name is taken.

    Raises:
        UsageError: The person is not known, has left, or does not hold the role.
    """
    name = name.strip()
    if not name:
        raise UsageError("nobody signs with an empty name", hint="name the person with `--by`")
    if organization is None or not _people(organization):
        return name
    person = organization.person(name)
    if person is None:
        raise UsageError(
            f"nobody in the organization file is called `{name}`",
            hint=_near(name, _people(organization)),
        )
    day = day_of(organization, at)
    if person.left(day):
        left = f" on {person.last_day}" if person.last_day else ""
        raise UsageError(
            f"`{person.name}` has left{left}", hint="somebody who is there has to sign"
        )
    if role is not None:
        _hold(organization, person, role, day)
    return person.name


def _hold(organization: Organization, person: Person, role: str, day: date) -> None:
    """Refuse a role that a person does not hold."""
    known = organization.role(role)
    if known is None:
        near = organization.nearest_role(role)
        hint = f"did you mean `{near}`" if near else "`sopc org check` lists the roles"
        raise UsageError(f"there is no role `{role}` in the organization file", hint=hint)
    held = person.roles(day)
    if known not in held:
        roles = ", ".join(f"`{each.name}`" for each in held) or "no role on this day"
        hint = f"{person.name} holds {roles}"
        raise UsageError(f"`{person.name}` does not hold the role `{known.name}`", hint=hint)


def counting(graph: StepGraph, organization: Organization | None) -> tuple[SignOff, ...]:
    """Give the sign-offs that count: of this very graph, by people who were there when they signed.

    One whose hash differs was of an earlier version, and counts no more.
    """
    own = graph_hash(graph)
    return tuple(
        each
        for each in graph.signoffs
        if each.graph == own and _could_sign(organization, each.by, each.at)
    )


def signed(
    graph: StepGraph, *, by: str, at: datetime, role: str | None = None, note: str | None = None
) -> StepGraph:
    """Give the graph with one more sign-off, of what it says now."""
    own = SignOff(by=by, role=role, at=at, graph=graph_hash(graph), note=note)
    return graph.model_copy(update={"signoffs": (*graph.signoffs, own)})


def signers(signoffs: Iterable[SignOff]) -> tuple[str, ...]:
    """Give who signed, each once, in the order of the signatures."""
    return tuple(dict.fromkeys(each.by for each in signoffs))


def _could_sign(organization: Organization | None, name: str, at: datetime) -> bool:
    try:
        known_person(organization, name, at)
    except UsageError:
        return False
    return True


def _people(organization: Organization) -> list[str]:
    names = (holder.name for role in organization.roles for holder in role.holders)
    return list(dict.fromkeys(names))


def _near(name: str, people: list[str]) -> str:
    by_fold = {folded(each): each for each in people}
    # A first name alone is no name to sign with, but says whom one means.
    parts = [each for each in people if folded(name) in folded(each).split()]
    near = parts or [
        by_fold[each] for each in get_close_matches(folded(name), by_fold, n=1, cutoff=_ALIKE)
    ]
    if near:
        return f"did you mean `{near[0]}`"
    return "list the person as a holder of a role"
