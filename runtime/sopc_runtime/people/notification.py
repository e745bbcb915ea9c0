"""Notifications: whom they go to, and what they say."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy import Connection, Row, select

from sopc.diagnostics.printable import printable
from sopc.organization import Holder, Organization
from sopc_runtime.people.authority import day_of
from sopc_runtime.people.command import command
from sopc_runtime.people.current import current_organization
from sopc_runtime.people.discretion import Discretion
from sopc_runtime.people.entry import Entry
from sopc_runtime.people.inbox import entry
from sopc_runtime.people.value_text import written
from sopc_runtime.store.documents import program
from sopc_runtime.store.tables import runs, tasks
from sopc_runtime.store.tasks import OPEN

_SHORT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A message to people.

    Attributes:
        type: For the webhook: `task.opened`, `task.delegated`, `escalation`, `demoted` or `stuck`.
        addresses: The people's e-mail addresses.
        without: The people who have none.
        via: The id of the system that it is to go through, where that can send.
        data: What the webhook is told, without any value of the run.
    """

    type: str
    name: str
    subject: str
    text: str
    addresses: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    via: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


def notification(connection: Connection, row: Row[Any], now: datetime) -> Notification | None:
    """Make the message of a row of the outbox; None where nobody has to be told any more.

    Raises:
        RefusalError: What it is about is gone.
        ValueError: It is of no known kind.
    """
    about = json.loads(row.content)
    if row.kind == "task":
        return _of_task(connection, about, now)
    if row.kind == "escalation":
        return _of_escalation(connection, about, now)
    if row.kind == "demoted":
        return _of_demotion(connection, about)
    if row.kind == "stuck":
        return _of_stuck(connection, about)
    raise ValueError(f"notifications of kind `{row.kind}` are not known")


def _of_task(connection: Connection, about: dict[str, Any], now: datetime) -> Notification | None:
    one = entry(connection, about["number"], at=now)
    if one.status != OPEN:
        return None
    to = about.get("to") or one.assignee
    people = [
        each
        for each in one.deciders
        if (to is None or each.role == "delegated") and (to is None or each.name == to)
    ]
    if to is not None and not people:
        return None
    discretion = _discretion(connection, one.run, one.shown)
    inputs = one.shown.get("inputs") or {}
    hidden = discretion.hidden(one.step, inputs)
    typed = {each.name: each for each in one.inputs}
    said = {
        # Before blanks and length change, by which a sensitive text would not be known any more.
        name: _short(discretion.text(written(typed.get(name), value)))
        for name, value in inputs.items()
        if name not in hidden
    }
    names = list(dict.fromkeys(each.name for each in people))
    text = _template("task").render(
        entry=one,
        waits_for=", ".join(names) or "anybody",
        due=_moment(one.due, one) if one.due else "no deadline",
        inputs=said,
        hidden=hidden,
        commands=_commands(one),
    )
    return Notification(
        type="task.delegated" if about.get("to") else "task.opened",
        name=one.name,
        subject=_subject(discretion.text(f"[sopc {one.number}] {one.kind}: {one.title}")),
        text=_plain(discretion.text(text)),
        addresses=_addresses((each.name, each.email) for each in people),
        without=tuple(dict.fromkeys(each.name for each in people if each.email is None)),
        data={
            "number": one.number,
            "kind": one.kind.value,
            "procedure": one.name,
            "run": one.run,
            "step": one.step,
            "title": one.title,
            "roles": list(one.roles),
            "people": names,
            "due": one.due.isoformat() if one.due else None,
            "digest": one.digest,
            "commands": _commands(one),
        },
    )


def _of_escalation(
    connection: Connection, about: dict[str, Any], now: datetime
) -> Notification | None:
    if not about["says"]:
        # Its run was erased before it was sent.
        return None
    organization = current_organization(connection, about["name"])
    people = _holders(organization, about["to"], now)
    run = connection.execute(select(runs).where(runs.c.id == about["run"])).one()
    known = program(connection, run.graph, run.organization, run.procedure)
    step = known.steps.get(about["step"].split("/", maxsplit=1)[0])
    title = step.title if step is not None else known.procedure.title
    discretion = Discretion(known, run.state)
    waiting = connection.execute(
        select(tasks.c.number)
        .where(tasks.c.run == about["run"], tasks.c.step == about["step"])
        .where(tasks.c.status == OPEN)
        .order_by(tasks.c.number)
    ).scalars()
    numbers = list(waiting)
    commands = [f"sopc inbox {each}" for each in numbers]
    role = organization.role(about["to"]) if organization and about["to"] else None
    text = _template("escalation").render(
        says=about["says"],
        title=title,
        why=about["why"],
        name=about["name"],
        run=about["run"],
        to=role.name if role else about["to"],
        commands=commands,
    )
    return Notification(
        type="escalation",
        name=about["name"],
        subject=_subject(discretion.text(f"[sopc] escalated: {title}")),
        text=_plain(discretion.text(text)),
        addresses=_addresses((each.name, each.email) for each in people),
        without=tuple(each.name for each in people if each.email is None),
        via=about["via"],
        data={
            "tasks": numbers,
            "procedure": about["name"],
            "run": about["run"],
            "step": about["step"],
            "title": title,
            "ladder": about["ladder"],
            "rung": about["rung"],
            "says": about["says"],
            "to": about["to"],
            "people": [each.name for each in people],
            "commands": commands,
        },
    )


def _of_demotion(connection: Connection, about: dict[str, Any]) -> Notification:
    """Tell those who signed a version, and the document's owner, that it acts less."""
    names = [*about["people"], *([about["owner"]] if about["owner"] else [])]
    emails = _emails(connection, about["name"], names)
    return Notification(
        type="demoted",
        name=about["name"],
        subject=_subject(f"[sopc] {about['name']} is demoted to {about['to']}"),
        text=_plain(_template("demotion").render(**about)),
        addresses=_addresses(emails.items()),
        without=tuple(name for name, email in emails.items() if email is None),
        data={
            "procedure": about["name"],
            "from": about["from"],
            "to": about["to"],
            "why": about["why"],
            "people": list(emails),
            "runs": len(about["runs"]),
        },
    )


def _of_stuck(connection: Connection, about: dict[str, Any]) -> Notification | None:
    """Tell the document's owner that a run cannot go on; nobody, once it went on."""
    found = select(runs.c.problem).where(runs.c.id == about["run"])
    if connection.execute(found).scalar_one_or_none() is None:
        return None
    owner = [about["owner"]] if about["owner"] else []
    emails = _emails(connection, about["name"], owner)
    return Notification(
        type="stuck",
        name=about["name"],
        subject=_subject(f"[sopc] {about['name']} cannot go on: {about['run']}"),
        text=_plain(_template("stuck").render(**about)),
        addresses=_addresses(emails.items()),
        without=tuple(name for name, email in emails.items() if email is None),
        data={
            "procedure": about["name"],
            "run": about["run"],
            "why": about["why"],
            "people": list(emails),
        },
    )


def _emails(connection: Connection, procedure: str, names: list[str]) -> dict[str, str | None]:
    """Give the addresses of people by their names, as far as the organization file has them."""
    organization = current_organization(connection, procedure)
    emails: dict[str, str | None] = {}
    for name in names:
        person = organization.person(name) if organization is not None else None
        held = [each.holder.email for each in person.tenures if each.holder.email] if person else []
        emails[person.name if person is not None else name] = held[-1] if held else None
    return emails


def _holders(
    organization: Organization | None, role: str | None, now: datetime
) -> tuple[Holder, ...]:
    if organization is None or role is None:
        return ()
    return organization.holders(role, day_of(organization, now))


def _discretion(connection: Connection, run: str, shown: dict[str, Any]) -> Discretion:
    row = connection.execute(select(runs).where(runs.c.id == run)).one()
    known = program(connection, row.graph, row.organization, row.procedure)
    inner = [each for each in shown.values() if isinstance(each, dict)]
    return Discretion(known, row.state, shown, *inner)


def _commands(one: Entry) -> list[str]:
    return [command(one.number, each.id, one.kind, one.fields, one.choices) for each in one.choices]


def _addresses(people: Iterable[tuple[str, str | None]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(email for _, email in people if email is not None))


def _subject(text: str) -> str:
    return _short(printable(" ".join(text.split())))


def _plain(text: str) -> str:
    return "\n".join(printable(line.rstrip()) for line in text.split("\n")).strip() + "\n"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"


def _moment(at: datetime, one: Entry) -> str:
    return f"{at.astimezone(ZoneInfo(one.zone) if one.zone else UTC):%Y-%m-%d %H:%M %Z}"


@cache
def _template(name: str) -> Template:
    language = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent / "messages"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # plain text, which no browser reads
    )
    return language.get_template(f"{name}.txt.j2")
