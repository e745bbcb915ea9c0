"""What is worth knowing of an organization file that loads: on a day, and at any time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sopc.graph.duration import is_business
from sopc.organization.organization import Organization
from sopc.organization.secret import secret_problem
from sopc.organization.system import System
from sopc.organization.working_time import working_time

_LISTED = 8


@dataclass(frozen=True)
class Remark:
    """One thing to say about the file.

    Attributes:
        at: Keys and indexes from the top of the file.
        severity: How bad it is, in the words of findings.
        message: The fact.
        help: The change that would mend it.
        hidden: True where the file's text must not be shown, because a secret stands in it.
    """

    at: tuple[str | int, ...]
    severity: Literal["error", "warning", "note"]
    message: str
    help: str
    hidden: bool = False


def review(organization: Organization, day: date) -> list[Remark]:
    """Give all remarks on a day, in the order of the file's parts."""
    return [
        *_secrets(organization),
        *_roles(organization, day),
        *_systems(organization, day),
        *_escalation(organization, day),
    ]


def _secrets(organization: Organization) -> Iterator[Remark]:
    for index, system in enumerate(organization.systems):
        for name, value in (system.binding.settings if system.binding else {}).items():
            problem = secret_problem(name, value)
            if problem is not None:
                at = ("systems", index, "binding", "settings", name)
                help_ = "write `env:NAME`, and put the secret into that variable"
                yield Remark(at, "error", f"{problem}, in system `{system.id}`", help_, hidden=True)


def _roles(organization: Organization, day: date) -> Iterator[Remark]:
    unsaid = []
    for index, role in enumerate(organization.roles):
        if not role.holders and not role.outside:
            unsaid.append((index, role.name))
        elif role.holders and not organization.holders(role.id, day):
            yield Remark(
                ("roles", index, "holders"),
                "warning",
                f"nobody holds `{role.name}` on {day}",
                "add the person who holds it, with `from`",
            )
    if unsaid:
        yield Remark(
            ("roles", unsaid[0][0], "name"),
            "note",
            f"it is not said who holds {_listed([name for _, name in unsaid])}",
            "list their `holders`, or write `outside: true` for people outside the organization",
        )


def _systems(organization: Organization, day: date) -> Iterator[Remark]:
    unbound = []
    for index, system in enumerate(organization.systems):
        if system.in_use(day):
            yield from _in_use(index, system)
            if system.binding is None:
                unbound.append((index, system.name))
        elif system.retired(day) and organization.successor(system, day) is None:
            yield from _without_successor(index, system)
    for index, template in enumerate(organization.templates):
        keeper = organization.system(template.system) if template.system else None
        if keeper is not None and not keeper.in_use(day):
            yield Remark(
                ("templates", index, "system"),
                "warning",
                f"template `{template.name}` is kept in `{keeper.name}`, not in use on {day}",
                "name the system that keeps it now",
            )
    if unbound:
        noun = "system has" if len(unbound) == 1 else "systems have"
        yield Remark(
            ("systems", unbound[0][0], "name"),
            "note",
            f"{len(unbound)} {noun} no binding: {_listed([name for _, name in unbound])}",
            "until they have one, steps in them are tasks of people",
        )


def _in_use(index: int, system: System) -> Iterator[Remark]:
    if system.replaced_by is not None and system.last is None:
        yield Remark(
            ("systems", index, "replaced_by"),
            "warning",
            f"`{system.name}` names its successor, and no end of its use",
            "add the last day of its use as `to`, or `status: retired` if that is not known",
        )


def _without_successor(index: int, system: System) -> Iterator[Remark]:
    said = "to" if system.last is not None else "status"
    if system.replaced_by is None:
        message = f"`{system.name}` is out of use, and nothing took its place"
        yield Remark(
            ("systems", index, said),
            "warning",
            message,
            "add `replaced_by`, or remove the system if no procedure names it",
        )
    else:
        yield Remark(
            ("systems", index, "replaced_by"),
            "warning",
            f"`{system.name}` is out of use, and so is what took its place",
            "lead `replaced_by` to a system that is in use",
        )


def _escalation(organization: Organization, day: date) -> Iterator[Remark]:
    escalation = organization.escalation
    if escalation is None:
        return
    role = organization.role(escalation.to)
    if role is not None and not organization.holders(role.id, day):
        yield Remark(
            ("escalation", "to"),
            "warning",
            f"escalations go to `{role.name}`, which nobody holds on {day}",
            "name a role that somebody holds, or list who holds this one",
        )
    via = organization.system(escalation.via) if escalation.via is not None else None
    if via is not None and not via.in_use(day):
        yield Remark(
            ("escalation", "via"),
            "warning",
            f"escalations go through `{via.name}`, which is not in use on {day}",
            "name a system that is in use",
        )
    counted = escalation.after is not None and is_business(escalation.after)
    if counted and working_time(organization) is None:
        yield Remark(
            ("escalation", "after"),
            "warning",
            f"`{escalation.after}` cannot be counted: {_missing(organization)} not stated",
            "add what is missing, or write elapsed time, as `P1D`",
        )


def _missing(organization: Organization) -> str:
    absent = [key for key in ("time_zone", "business_hours") if not getattr(organization, key)]
    return " and ".join(f"`{key}`" for key in absent) + (" are" if len(absent) > 1 else " is")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_LISTED])
    return shown + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")
