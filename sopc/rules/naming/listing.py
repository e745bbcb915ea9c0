"""The graph's lists of roles and of systems, where each is used, and what else knows it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sopc.graph import RoleUse, SystemUse
from sopc.graph.edit import Change, Drop, Put
from sopc.organization import Role, System, Template
from sopc.organization.name import folded, names
from sopc.rules.context import CheckContext
from sopc.rules.naming.nearest import Known
from sopc.rules.naming.use import Use, role_uses, system_uses
from sopc.rules.rule import GraphPath


@dataclass(frozen=True)
class Listing:
    """The roles or the systems of a graph."""

    context: CheckContext
    kind: Literal["role", "system"]

    @property
    def entries(self) -> Sequence[RoleUse | SystemUse]:
        """What the graph lists."""
        graph = self.context.graph
        return graph.roles if self.kind == "role" else graph.systems

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every place that names one, listed or not, in the order of the file."""
        given = role_uses if self.kind == "role" else system_uses
        return tuple(given(self.context))

    @cached_property
    def uses_of(self) -> dict[str, list[Use]]:
        """The places that name each id."""
        found: dict[str, list[Use]] = defaultdict(list)
        for use in self.uses:
            found[use.id].append(use)
        return dict(found)

    @property
    def in_organization(self) -> bool:
        """Whether there is an organization file, and it lists any."""
        organization = self.context.organization
        if organization is None:
            return False
        return bool(organization.roles if self.kind == "role" else organization.systems)

    def known(self, entry: RoleUse | SystemUse) -> Role | System | Template | None:
        """Give what the organization file knows an entry as, by its name or else its id."""
        organization = self.context.organization
        if organization is None:
            return None
        for name in (entry.name, entry.id):
            found: Role | System | Template | None
            if self.kind == "role":
                found = organization.role(name)
            else:
                found = organization.system(name) or organization.template(name)
            if found is not None:
                return found
        return None

    @cached_property
    def known_by_id(self) -> dict[str, Role | System | Template]:
        """What the organization file knows, by the graph's ids."""
        found = ((entry.id, self.known(entry)) for entry in self.entries)
        return {identity: thing for identity, thing in found if thing is not None}

    def nearest(self, name: str) -> Role | System | Template | None:
        """Give what the organization file calls most nearly so, if anything."""
        near = self._near.nearest(folded(name))
        return self._called[near] if near is not None else None

    @cached_property
    def _near(self) -> Known:
        return Known(self._called, kind=self.kind)

    @cached_property
    def _called(self) -> dict[str, Role | System | Template]:
        """Everything of this kind in the organization file, by all its names."""
        organization = self.context.organization
        if organization is None:
            return {}
        things: tuple[Role | System | Template, ...] = organization.roles
        if self.kind == "system":
            things = (*organization.systems, *organization.templates)
        return {folded(name): thing for thing in reversed(things) for name in names(thing)}

    def place(self, index: int, field: str) -> GraphPath:
        """Give where a field of an entry stands."""
        return (f"{self.kind}s", index, field)

    def changed_to(self, index: int, thing: Role | System | Template) -> tuple[Change, ...]:
        """Give the changes that make an entry, wherever it is used, what the organization knows."""
        if isinstance(thing, Template):
            return (Put(self.place(index, "name"), thing.name),)
        return self.renamed(index, thing.id, thing.name)

    def renamed(self, index: int, identity: str, name: str) -> tuple[Change, ...]:
        """Give the changes that rename an entry; it becomes one with an entry of that id."""
        entry = self.entries[index]
        changes: list[Change] = []
        if entry.id != identity:
            changes += [Put(use.path, identity) for use in self.uses_of.get(entry.id, ())]
            if identity in self._listed:
                return (*changes, Drop((f"{self.kind}s", index)))
            changes.append(Put(self.place(index, "id"), identity))
        if entry.name != name:
            changes.append(Put(self.place(index, "name"), name))
        return tuple(changes)

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(entry.id for entry in self.entries)


def roles(context: CheckContext) -> Listing:
    """Give the graph's roles."""
    return Listing(context, "role")


def systems(context: CheckContext) -> Listing:
    """Give the graph's systems."""
    return Listing(context, "system")
