"""The organization file: who and what the procedures of one organization speak of."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeVar

from sopc.graph.base import GraphRecord, Slug, Words
from sopc.graph.duration import Duration
from sopc.organization.calendar import BusinessHours, Calendar, Holidays, TimeZone
from sopc.organization.person import Role
from sopc.organization.system import System, Template

FORMAT: Literal[1] = 1
"""The version of the organization file that this release reads."""

_Entry = TypeVar("_Entry", Role, System, Template)
_ALIKE = 0.6


class Escalation(GraphRecord):
    """Whom a step turns to that says nothing itself: the role, after how long, and by which way."""

    to: Slug
    after: Duration | None = None
    via: Slug | None = None


class Limit(GraphRecord):
    """A limit on what may happen without a person, in words and as a CEL expression."""

    id: Slug
    says: Words
    cel: Words | None = None


class Organization(GraphRecord):
    """The content of `organization.yaml`. A part that is left out is not known, not empty."""

    format: Literal[1] = FORMAT
    name: Words
    time_zone: TimeZone | None = None
    business_hours: BusinessHours | None = None
    holidays: Holidays | None = None
    roles: tuple[Role, ...] = ()
    systems: tuple[System, ...] = ()
    templates: tuple[Template, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    escalation: Escalation | None = None
    limits: tuple[Limit, ...] = ()

    def role(self, name: str) -> Role | None:
        """Find a role by its id, name or alias, upper and lower case alike."""
        return _found(name, self.roles)

    def system(self, name: str) -> System | None:
        """Find a system by its id, name or alias, upper and lower case alike."""
        return _found(name, self.systems)

    def template(self, name: str) -> Template | None:
        """Find a template by its name or alias, upper and lower case alike."""
        return _found(name, self.templates)

    def nearest_role(self, name: str) -> str | None:
        """Give the name of the role that looks most like a name; None if none does."""
        return _nearest(name, self.roles)

    def nearest_system(self, name: str) -> str | None:
        """Give the name of the system or template that looks most like a name, if one does."""
        return _nearest(name, [*self.systems, *self.templates])


def names(entry: Role | System | Template) -> tuple[str, ...]:
    """Give everything that an entry is called: its id if it has one, its name, its aliases."""
    own = (entry.id,) if not isinstance(entry, Template) else ()
    return (*own, entry.name, *entry.aliases)


def folded(name: str) -> str:
    """Give a name as it is compared: without case and the marks between words."""
    return " ".join(re.findall(r"[\w+#]+", name.casefold()))


def organization_schema() -> dict[str, Any]:
    """Give the JSON Schema of the organization file, for editors."""
    schema = Organization.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "sopc organization file",
    }


def _found(name: str, entries: Sequence[_Entry]) -> _Entry | None:
    wanted = folded(name)
    return next(
        (entry for entry in entries if wanted in {folded(each) for each in names(entry)}), None
    )


def _nearest(name: str, entries: Iterable[Role | System | Template]) -> str | None:
    called = {folded(each): entry.name for entry in entries for each in names(entry)}
    near = difflib.get_close_matches(folded(name), called, n=1, cutoff=_ALIKE)
    return called[near[0]] if near else None
