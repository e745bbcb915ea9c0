"""Roles and the people who hold them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from sopc.graph.base import Slug, Words
from sopc.organization.name import folded
from sopc.organization.record import Day, OrganizationRecord

Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]


class Holder(OrganizationRecord):
    """A person who holds a role, from and to a day, both included; open where none is given."""

    name: Words
    """the person's whole name"""

    email: Email | None = None
    """where work and escalations reach the person"""

    first: Day | None = Field(default=None, alias="from")
    """the first day in the role; left out, since ever"""

    last: Day | None = Field(default=None, alias="to")
    """the last day in the role; left out, until further notice"""

    @model_validator(mode="after")
    def _days_in_order(self) -> "Holder":
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"`{self.name}` holds the role `to` a day before `from`")
        return self

    def holds(self, day: date) -> bool:
        """Tell whether the person holds the role on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Role(OrganizationRecord):
    """A role by its id, its name, and the other names that prose calls it."""

    id: Slug
    """what graphs call it"""

    name: Words
    """what prose calls it"""

    aliases: tuple[Words, ...] = ()
    """what else prose calls it"""

    holders: tuple[Holder, ...] = ()
    """who holds it, and when; left out, it is not said who does"""

    reports_to: Slug | None = None
    """the id of the role above, which takes what would be escalated to this one by itself"""

    outside: bool = False
    """true for people outside the organization, as customers; nobody in it holds the role"""


@dataclass(frozen=True, slots=True)
class Tenure:
    """One person's time in one role."""

    role: Role
    holder: Holder


@dataclass(frozen=True, slots=True)
class Person:
    """A person by name, with every role held, in the order of the file.

    Attributes:
        name: As the file first writes it.
        tenures: The roles with their dates; never empty.
    """

    name: str
    tenures: tuple[Tenure, ...]

    def roles(self, day: date) -> tuple[Role, ...]:
        """Give the roles that the person holds on a day."""
        return tuple(tenure.role for tenure in self.tenures if tenure.holder.holds(day))

    def left(self, day: date) -> bool:
        """Tell whether the person held roles, and all of them ended before a day."""
        return all(
            tenure.holder.last is not None and tenure.holder.last < day for tenure in self.tenures
        )

    @property
    def last_day(self) -> date | None:
        """The last day in any role; None while one has no end."""
        days = [tenure.holder.last for tenure in self.tenures]
        return max((day for day in days if day is not None), default=None) if all(days) else None


class PersonIndex:
    """Finds everybody who holds or held one of some roles, by the whole name or the address."""

    def __init__(self, roles: tuple[Role, ...]) -> None:
        self.entries = roles
        self._tenures: dict[str, list[Tenure]] = defaultdict(list)
        self._names: dict[str, list[str]] = defaultdict(list)
        for role in roles:
            for holder in role.holders:
                name = folded(holder.name)
                self._tenures[name].append(Tenure(role, holder))
                if holder.email is not None:
                    self._names[folded(holder.email)].append(name)

    def find(self, name: str) -> Person | None:
        """Find a person; one who holds roles under several names is found by the address."""
        wanted = folded(name)
        called = dict.fromkeys((wanted, *self._names.get(wanted, ())))
        tenures = [tenure for each in called for tenure in self._tenures.get(each, ())]
        return Person(tenures[0].holder.name, tuple(tenures)) if tenures else None
