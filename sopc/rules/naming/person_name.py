"""Names of people where the graph names roles."""

import re
from collections import defaultdict
from dataclasses import dataclass

from sopc.graph import RoleUse, SystemUse
from sopc.organization import Organization, Person
from sopc.organization.name import folded
from sopc.rules.naming.listing import Listing

_TITLED = re.compile(r"(?:Mr|Mrs|Ms|Mx|Dr|Prof)\b\.? +[^\W\d_]")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person whom a name means.

    Attributes:
        person: As the organization file knows them.
        whole: Whether it is the whole name or the e-mail address, not a part of the name.
    """

    person: Person
    whole: bool


class PersonNames:
    """Who is meant by a name that belongs to no role."""

    def __init__(self, roles: Listing) -> None:
        self._roles = roles
        self._organization = roles.context.organization
        self._by_part = _by_part(self._organization) if self._organization else {}

    def named(self, entry: RoleUse | SystemUse) -> NamedPerson | None:
        """Give the person whom an entry is called after, if no role is called so.

        A first or last name alone is enough where it is written as a name, and one person's.
        """
        organization = self._organization
        if organization is None or self._roles.known(entry) is not None:
            return None
        person = organization.person(entry.name)
        if person is not None:
            return NamedPerson(person, whole=True)
        called = self._by_part.get(folded(entry.name), frozenset())
        if not entry.name[0].isupper() or len(called) != 1:
            return None
        person = organization.person(next(iter(called)))
        return NamedPerson(person, whole=False) if person else None

    def is_person(self, entry: RoleUse | SystemUse) -> bool:
        """Tell whether an entry is called after a person, known or not."""
        if self._roles.known(entry) is not None:
            return False
        return is_titled(entry.name) or self.named(entry) is not None


def is_titled(name: str) -> bool:
    """Tell whether a name begins with the title of a person, as `Dr. Chen` does."""
    return _TITLED.match(name) is not None


def _by_part(organization: Organization) -> dict[str, frozenset[str]]:
    """Give the whole names that have a word as their first or last one."""
    whole: dict[str, set[str]] = defaultdict(set)
    for role in organization.roles:
        for holder in role.holders:
            words = folded(holder.name).split()
            for word in {words[0], words[-1]} if len(words) > 1 else ():
                if len(word) >= _SHORTEST:
                    whole[word].add(folded(holder.name))
    return {word: frozenset(names) for word, names in whole.items()}
