"""An organization file in a few lines: who and what is known, on a day."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from sopc.organization.calendar import WEEK, BusinessHours, Holidays
from sopc.organization.holiday import next_holidays
from sopc.organization.organization import Organization
from sopc.organization.person import Role
from sopc.organization.system import System

_NEXT = 3


def summary(organization: Organization, day: date) -> Iterator[str]:
    """Give the lines: roles with holders, systems with their state, working time, defaults."""
    yield f"{organization.name}, on {day}"
    yield f"roles: {len(organization.roles) or 'none'}"
    for role in organization.roles:
        yield f"  {role.name}: {_holders(organization, role, day)}"
    yield f"systems: {_systems(organization, day)}"
    for system in organization.systems:
        yield f"  {system.name}: {_state(organization, system, day)}"
    yield f"templates: {len(organization.templates) or 'none'}"
    yield f"time zone: {organization.time_zone or 'not stated'}"
    yield f"business hours: {_hours(organization.business_hours)}"
    yield f"holidays: {_holidays(organization.holidays, day)}"
    yield f"calendars: {len(organization.calendars) or 'none'}"
    for calendar in organization.calendars:
        own = [
            f"holidays {_holidays(calendar.holidays, day)}" if calendar.holidays else "",
            _hours(calendar.business_hours) if calendar.business_hours else "",
            calendar.time_zone or "",
        ]
        said = "; ".join(part for part in reversed(own) if part)
        yield f"  {calendar.name}: {said or 'as the organization'}"
    yield f"escalation: {_escalation(organization)}"
    yield f"limits: {len(organization.limits) or 'none'}"


def _holders(organization: Organization, role: Role, day: date) -> str:
    held = [holder.name for holder in organization.holders(role.id, day)]
    if held:
        return ", ".join(held)
    if role.outside:
        return "outside the organization"
    return "nobody" if role.holders else "not stated"


def _systems(organization: Organization, day: date) -> str:
    counts = {"bound": 0, "unbound": 0, "out of use": 0}
    for system in organization.systems:
        bound = "bound" if system.binding is not None else "unbound"
        counts[bound if system.in_use(day) else "out of use"] += 1
    said = ", ".join(f"{number} {state}" for state, number in counts.items() if number)
    return f"{len(organization.systems)}, {said}" if organization.systems else "none"


def _state(organization: Organization, system: System, day: date) -> str:
    if system.retired(day):
        ended = f"retired, in use to {system.last}" if system.last else "retired"
        following = organization.successor(system, day)
        return f"{ended}; now {following.name}" if following else ended
    if not system.in_use(day):
        return f"in use from {system.first}"
    bound = f"bound by {system.binding.connector}" if system.binding else "unbound"
    number = len(system.operations)
    listed = f", {number} operation{'s' if number > 1 else ''}" if number else ""
    return f"{system.kind}, {bound}{listed}"


def _hours(hours: BusinessHours | None) -> str:
    if hours is None:
        return "not stated"
    days = [day.capitalize() for day in WEEK if day in hours.days]
    first, last = WEEK.index(hours.days[0]), WEEK.index(hours.days[-1])
    run = len(days) > 2 and last - first == len(days) - 1  # noqa: PLR2004  # two are listed
    said = f"{days[0]} to {days[-1]}" if run else ", ".join(days)
    return f"{said}, {hours.opens:%H:%M} to {hours.closes:%H:%M}"


def _holidays(off: Holidays | None, day: date) -> str:
    if off is None:
        return "not stated"
    whose = [" ".join(part for part in (off.country, off.subdivision) if part)]
    whose += [f"{len(off.dates)} further dates" if len(off.dates) > 1 else "1 further date"] * bool(
        off.dates
    )
    coming = ", ".join(f"{each} {name}" for each, name in islice(next_holidays(off, day), _NEXT))
    said = " and ".join(part for part in whose if part) or "none"
    return f"{said}; next {coming}" if coming else said


def _escalation(organization: Organization) -> str:
    escalation = organization.escalation
    if escalation is None:
        return "not stated"
    role = organization.role(escalation.to)
    via = organization.system(escalation.via) if escalation.via else None
    parts = [
        role.name if role else escalation.to,
        f"after {escalation.after}" if escalation.after else "",
        f"in {via.name}" if via else "",
    ]
    return " ".join(part for part in parts if part)
