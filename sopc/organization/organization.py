"""The organization file: who and what the procedures of one organization speak of."""

from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic.json_schema import GenerateJsonSchema

from sopc.graph.base import Words
from sopc.organization.calendar import BusinessHours, Calendar, Holidays, TimeZone
from sopc.organization.limit import Escalation, Limit
from sopc.organization.name import EntryT, NameIndex, nearest
from sopc.organization.person import Holder, Person, PersonIndex, Role
from sopc.organization.record import OrganizationRecord
from sopc.organization.system import System, Template

FORMAT: Literal[1] = 1
"""The version of the organization file that this release reads."""


class Organization(OrganizationRecord):
    """The content of `organization.yaml`. A part that is left out is not known, not empty."""

    format: Literal[1] = FORMAT
    """the format's version, 1"""

    name: Words
    """the organization's name"""

    time_zone: TimeZone | None = None
    """the IANA time zone that its hours are meant in, as `America/Chicago`"""

    business_hours: BusinessHours | None = None
    """when it is at work"""

    holidays: Holidays | None = None
    """its days off"""

    roles: tuple[Role, ...] = ()
    """who does things, by role"""

    systems: tuple[System, ...] = ()
    """what things are done in"""

    templates: tuple[Template, ...] = ()
    """texts and documents that steps send or fill in"""

    calendars: tuple[Calendar, ...] = ()
    """working time of sites and teams, where it is not the organization's"""

    escalation: Escalation | None = None
    """whom a step turns to that says nothing itself"""

    limits: tuple[Limit, ...] = ()
    """what may happen without a person"""

    def role(self, name: str) -> Role | None:
        """Find a role by its id, name or alias, upper and lower case alike."""
        return self._index("roles", self.roles).find(name)

    def system(self, name: str) -> System | None:
        """Find a system by its id, name or alias, upper and lower case alike."""
        return self._index("systems", self.systems).find(name)

    def template(self, name: str) -> Template | None:
        """Find a template by its name or alias, upper and lower case alike."""
        return self._index("templates", self.templates).find(name)

    def calendar(self, name: str) -> Calendar | None:
        """Find a calendar by its id, name or alias, upper and lower case alike."""
        return self._index("calendars", self.calendars).find(name)

    def nearest_role(self, name: str) -> str | None:
        """Give the name of the role that looks most like a name; None if none does."""
        return nearest(name, self.roles)

    def nearest_system(self, name: str) -> str | None:
        """Give the name of the system or template that looks most like a name, if one does."""
        return nearest(name, [*self.systems, *self.templates])

    def nearest_calendar(self, name: str) -> str | None:
        """Give the name of the calendar that looks most like a name; None if none does."""
        return nearest(name, self.calendars)

    def person(self, name: str) -> Person | None:
        """Find who holds or held a role, by the whole name or the e-mail address.

        A first or a last name alone finds nobody: many are words, and roles, as well.
        """
        found: PersonIndex | None = self._indexes.get("people")
        if found is None or found.entries is not self.roles:
            found = self._indexes["people"] = PersonIndex(self.roles)
        return found.find(name)

    def left(self, name: str, day: date) -> bool:
        """Tell whether a person is known here, and holds no role on a day or later."""
        person = self.person(name)
        return person is not None and person.left(day)

    def holders(self, role: str, day: date) -> tuple[Holder, ...]:
        """Give who holds a role on a day, by the role's id, name or alias; nobody if unknown."""
        known = self.role(role)
        return tuple(holder for holder in known.holders if holder.holds(day)) if known else ()

    def successor(self, system: System, day: date) -> System | None:
        """Give the system that took a system's place: the first of its line in use on a day.

        Returns:
            None where it has no successor, or none of them is in use.
        """
        by_id = {each.id: each for each in self.systems}
        seen = {system.id}
        following = by_id.get(system.replaced_by or "")
        while following is not None and following.id not in seen:
            if following.in_use(day):
                return following
            seen.add(following.id)
            following = by_id.get(following.replaced_by or "")
        return None

    def escalates_to(self, role: str | None) -> str | None:
        """Give the id of the role that a role's step turns to by default.

        Nobody escalates to oneself: where the default is the role itself, it is the role above.
        """
        if self.escalation is None:
            return None
        known = self.role(role) if role is not None else None
        if known is not None and known.id == self.escalation.to:
            return known.reports_to
        return self.escalation.to

    @cached_property
    def _indexes(self) -> dict[str, Any]:
        return {}

    def _index(self, kind: str, entries: tuple[EntryT, ...]) -> NameIndex[EntryT]:
        # A copy with other entries shares the dictionary, so an index is good for its own alone.
        found: NameIndex[EntryT] | None = self._indexes.get(kind)
        if found is None or found.entries is not entries:
            found = self._indexes[kind] = NameIndex(entries)
        return found


class _WithoutFieldTitles(GenerateJsonSchema):
    """Leaves out titles that only repeat the keys."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's hook
        return False


def organization_schema() -> dict[str, Any]:
    """Give the JSON Schema of the organization file, for editors."""
    schema = Organization.model_json_schema(by_alias=True, schema_generator=_WithoutFieldTitles)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        **schema,
        "title": "sopc organization file",
    }
