"""What an organization file says of itself that cannot be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sopc.organization.organization import Organization, folded, names
from sopc.organization.person import Role
from sopc.organization.system import System, Template


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Where it stands, by keys and indexes from the top of the file, and what is wrong."""

    at: tuple[str | int, ...]
    message: str


def contradictions(organization: Organization) -> Iterator[Contradiction]:
    """Find names of two things, and references to what is not there."""
    yield from _shared_names("roles", organization.roles)
    yield from _shared_names("systems", organization.systems)
    yield from _shared_names("templates", organization.templates)
    systems = {system.id for system in organization.systems}
    for index, system in enumerate(organization.systems):
        if system.replaced_by is not None and system.replaced_by not in systems:
            yield _missing(("systems", index, "replaced_by"), "system", system.replaced_by)
    for index, template in enumerate(organization.templates):
        if template.system is not None and template.system not in systems:
            yield _missing(("templates", index, "system"), "system", template.system)
    escalation = organization.escalation
    if escalation is not None:
        if escalation.to not in {role.id for role in organization.roles}:
            yield _missing(("escalation", "to"), "role", escalation.to)
        if escalation.via is not None and escalation.via not in systems:
            yield _missing(("escalation", "via"), "system", escalation.via)


def _shared_names(
    field: str, entries: Sequence[Role | System | Template]
) -> Iterator[Contradiction]:
    owners: dict[str, int] = {}
    for index, entry in enumerate(entries):
        for name in names(entry):
            owner = owners.setdefault(folded(name), index)
            if owner != index:
                first = entries[owner].name
                yield Contradiction(
                    (field, index), f"`{name}` is already a name of `{first}` in `{field}`"
                )
                break


def _missing(at: tuple[str | int, ...], kind: str, name: str) -> Contradiction:
    return Contradiction(at, f"there is no {kind} with the id `{name}`")
