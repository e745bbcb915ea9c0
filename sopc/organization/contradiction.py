"""What an organization file says of itself that cannot be."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sopc.organization.calendar import Holidays
from sopc.organization.holiday import country_problem, subdivision_problem
from sopc.organization.name import Named, folded, names, nearest
from sopc.organization.operation import Operation
from sopc.organization.organization import Organization
from sopc.organization.person import Holder, Role
from sopc.organization.system import System

At = tuple[str | int, ...]
"""Keys and indexes from the top of the file."""


@dataclass(frozen=True)
class Contradiction:
    """Where it stands, what is wrong, and the change that would mend it."""

    at: At
    message: str
    help: str | None = None


def contradictions(organization: Organization) -> Iterator[Contradiction]:
    """Find names of two things, references to what is not there, circles and twice the same."""
    yield from _shared_names("roles", organization.roles)
    yield from _shared_names("systems", organization.systems)
    yield from _shared_names("templates", organization.templates)
    yield from _shared_names("calendars", organization.calendars)
    yield from _twice(("limits",), "id", "limit", [each.id for each in organization.limits])
    yield from _roles(organization)
    yield from _systems(organization)
    yield from _references(organization)
    yield from _days_off(("holidays",), organization.holidays)
    for index, calendar in enumerate(organization.calendars):
        yield from _days_off(("calendars", index, "holidays"), calendar.holidays)


def _shared_names(field: str, entries: Sequence[Named]) -> Iterator[Contradiction]:
    owners: dict[str, int] = {}
    for index, entry in enumerate(entries):
        for name in names(entry):
            owner = owners.setdefault(folded(name), index)
            if owner != index:
                first = entries[owner].name
                yield Contradiction(
                    (field, index),
                    f"`{name}` is already a name of `{first}` in `{field}`",
                    "make them one entry with `aliases`, or rename one of them",
                )
                break


def _roles(organization: Organization) -> Iterator[Contradiction]:
    for index, role in enumerate(organization.roles):
        yield from _held_twice(("roles", index, "holders"), role)
    above = {role.id: role.reports_to for role in organization.roles}
    known = {role.id: index for index, role in enumerate(organization.roles)}
    for index, role in enumerate(organization.roles):
        if role.reports_to is not None:
            at = ("roles", index, "reports_to")
            yield from _unknown(at, "role", role.reports_to, known, organization.roles)
    for circle in _circles(above):
        yield Contradiction(
            ("roles", known[circle[0]], "reports_to"),
            f"role `{circle[0]}` reports to itself: {_path(circle)}",
            "leave `reports_to` out where the line ends",
        )


def _held_twice(at: At, role: Role) -> Iterator[Contradiction]:
    by_name: dict[str, list[int]] = defaultdict(list)
    for index, holder in enumerate(role.holders):
        by_name[folded(holder.name)].append(index)
    for indexes in by_name.values():
        for index in _overlapping(role.holders, indexes):
            holder = role.holders[index]
            yield Contradiction(
                (*at, index),
                f"`{holder.name}` holds `{role.name}` twice at the same time",
                "keep one of them, or end the first with `to` before the second begins",
            )


def _overlapping(holders: Sequence[Holder], indexes: Sequence[int]) -> Iterator[int]:
    """Give those of one name who begin before the same person ends; other addresses are others."""
    ends: dict[str | None, date] = {}
    for index in sorted(indexes, key=lambda each: (holders[each].first or date.min, each)):
        holder = holders[index]
        mail = holder.email.casefold() if holder.email else None
        same = ends.values() if mail is None else [ends.get(mail), ends.get(None)]
        if any(end is not None and end >= (holder.first or date.min) for end in same):
            yield index
        ends[mail] = max(ends.get(mail, date.min), holder.last or date.max)


def _systems(organization: Organization) -> Iterator[Contradiction]:
    known = {system.id: index for index, system in enumerate(organization.systems)}
    for index, system in enumerate(organization.systems):
        if system.replaced_by is not None:
            at = ("systems", index, "replaced_by")
            yield from _unknown(at, "system", system.replaced_by, known, organization.systems)
        yield from _operations(("systems", index, "operations"), system)
    for circle in _circles({system.id: system.replaced_by for system in organization.systems}):
        yield Contradiction(
            ("systems", known[circle[0]], "replaced_by"),
            f"system `{circle[0]}` is replaced by itself: {_path(circle)}",
            "leave `replaced_by` out at the one that is in use",
        )


def _operations(at: At, system: System) -> Iterator[Contradiction]:
    called = [operation.name for operation in system.operations]
    yield from _twice(at, "name", "operation", called)
    for index, operation in enumerate(system.operations):
        yield from _twice((*at, index, "inputs"), "name", "input", operation.input_names)
        outputs = [output.name for output in operation.outputs]
        yield from _twice((*at, index, "outputs"), "name", "output", outputs)


def _references(organization: Organization) -> Iterator[Contradiction]:
    roles = {role.id for role in organization.roles}
    systems = {system.id for system in organization.systems}
    for index, template in enumerate(organization.templates):
        if template.system is not None:
            at: At = ("templates", index, "system")
            yield from _unknown(at, "system", template.system, systems, organization.systems)
    if organization.escalation is not None:
        to, via = organization.escalation.to, organization.escalation.via
        yield from _unknown(("escalation", "to"), "role", to, roles, organization.roles)
        if via is not None:
            at = ("escalation", "via")
            yield from _unknown(at, "system", via, systems, organization.systems)
    for index, limit in enumerate(organization.limits):
        at = ("limits", index)
        for number, identity in enumerate(limit.systems):
            place = (*at, "systems", number)
            yield from _unknown(place, "system", identity, systems, organization.systems)
        if systems.issuperset(limit.systems):
            covered = [each for each in organization.systems if limit.concerns(each.id)]
            operations = [each for system in covered for each in system.operations]
            yield from _unknown_operations((*at, "operations"), limit.operations, operations)


def _unknown_operations(
    at: At, wanted: Sequence[str], known: Sequence[Operation]
) -> Iterator[Contradiction]:
    called = sorted({operation.name for operation in known})
    for number, name in enumerate(wanted):
        if name not in called:
            listed = ", ".join(f"`{each}`" for each in called[:12])
            yield Contradiction(
                (*at, number),
                f"there is no operation `{name}` in the systems of the limit",
                f"their operations are {listed}" if listed else "list their `operations` first",
            )


def _days_off(at: At, off: Holidays | None) -> Iterator[Contradiction]:
    if off is None:
        return
    if off.country is None:
        if off.subdivision is not None:
            message = f"subdivision `{off.subdivision}` stands without its country"
            yield Contradiction((*at, "subdivision"), message, "add `country: ...`")
        return
    problem = country_problem(off.country)
    if problem is not None:
        yield Contradiction((*at, "country"), *problem)
    elif off.subdivision is not None:
        problem = subdivision_problem(off.country, off.subdivision)
        if problem is not None:
            yield Contradiction((*at, "subdivision"), *problem)


def _twice(at: At, key: str, kind: str, called: Iterable[str]) -> Iterator[Contradiction]:
    seen: set[str] = set()
    for index, name in enumerate(called):
        if name in seen:
            yield Contradiction(
                (*at, index, key), f"{kind} `{name}` stands twice", f"give one {kind} another name"
            )
        seen.add(name)


def _unknown(
    at: At, kind: str, identity: str, known: Collection[str], entries: Sequence[Role | System]
) -> Iterator[Contradiction]:
    if identity in known:
        return
    near = nearest(identity, entries)
    meant = next((entry.id for entry in entries if entry.name == near), None)
    yield Contradiction(
        at,
        f"there is no {kind} with the id `{identity}`",
        f"the nearest is `{meant}`" if meant else f"list it among the `{kind}s` first",
    )


def _circles(following: Mapping[str, str | None]) -> Iterator[list[str]]:
    """Give each circle once, from the first of its members in the file's order back to it."""
    settled: set[str] = set()
    for start in following:
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here in following and here not in settled and here not in path:
            path[here] = None
            here = following[here]
        settled.update(path)
        if here is not None and here in path:
            circle = list(path)[list(path).index(here) :]
            order = list(following)
            least = min(range(len(circle)), key=lambda at: order.index(circle[at]))
            turned = [*circle[least:], *circle[:least]]
            yield [*turned, turned[0]]


def _path(circle: Sequence[str]) -> str:
    return " → ".join(f"`{each}`" for each in circle)
