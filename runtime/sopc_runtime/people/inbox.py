"""The inbox: what waits for people, most urgent first, each with its whole context."""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from sopc.organization import Organization
from sopc.organization.name import folded
from sopc_runtime.core.task import TaskKind
from sopc_runtime.journal.entry import DECISION_MARK
from sopc_runtime.journal.seal import shown as without_seals
from sopc_runtime.people.authority import Authority
from sopc_runtime.people.current import current_organization
from sopc_runtime.people.editing import editable_fields, input_fields, value_fields
from sopc_runtime.people.entry import Decider, Entry, Escalated
from sopc_runtime.people.task_row import TaskRow, found_tasks, read, task_row
from sopc_runtime.store.tables import journal, tasks
from sopc_runtime.store.tasks import OPEN

OrganizationOf = Callable[[Connection, str], Organization | None]
"""Gives the organization file that holds for a deployed procedure now."""

_LATEST = datetime.max.replace(tzinfo=UTC)
_Rungs = dict[tuple[str, str], list[Escalated]]


def inbox(
    connection: Connection,
    *,
    person: str | None = None,
    role: str | None = None,
    name: str | None = None,
    at: datetime,
    organization_of: OrganizationOf = current_organization,
) -> list[Entry]:
    """Give the open tasks: the earliest due first, then what a run waits for, then the oldest.

    Args:
        connection: Only read from.
        person: Only what this person may decide; what was delegated to somebody else is left out.
        role: Only tasks of this role, by its id or name.
        name: Only tasks of this deployed procedure.
        at: Now.
        organization_of: Where organization files come from.
    """
    query = found_tasks().where(tasks.c.status == OPEN, tasks.c.content != "")
    if name is not None:
        query = query.where(tasks.c.name == name)
    rungs = _rungs(connection)
    known: dict[str, Organization | None] = {}
    entries = []
    for row in connection.execute(query).all():
        found = read(row)
        if row.name not in known:
            known[row.name] = organization_of(connection, row.name)
        organization = known[row.name]
        if role is not None and not _of_role(found, role, organization):
            continue
        authority = found.authority(connection, organization, at)
        if person is not None and not _for(person, authority):
            continue
        entries.append(_entry(connection, found, authority, rungs, at))
    return sorted(entries, key=_urgency)


def _urgency(entry: Entry) -> tuple[datetime, bool, datetime, int]:
    """No run waits for a comparison."""
    waits = entry.kind is TaskKind.COMPARISON
    return entry.due or _LATEST, waits, entry.opened, entry.number


def entry(
    connection: Connection,
    number: int,
    *,
    at: datetime,
    organization_of: OrganizationOf = current_organization,
) -> Entry:
    """Give one task with its whole context, open or not.

    Raises:
        UnknownTaskError: There is none, or its content was erased.
    """
    found = task_row(connection, number)
    organization = organization_of(connection, found.row.name)
    authority = found.authority(connection, organization, at)
    return _entry(connection, found, authority, _rungs(connection, found.row.run), at)


def _of_role(found: TaskRow, role: str, organization: Organization | None) -> bool:
    known = organization.role(role) if organization else None
    wanted = folded(known.id if known else role)
    return wanted in {folded(each) for each in found.row.roles}


def _for(person: str, authority: Authority) -> bool:
    if not authority.allows(person):
        return False
    if authority.assignee is None:
        return True
    return folded(authority.check(person)) == folded(authority.assignee)


def _entry(
    connection: Connection, found: TaskRow, authority: Authority, rungs: _Rungs, at: datetime
) -> Entry:
    row, task = found.row, found.task
    program = found.program(connection)
    organization = authority.organization
    overdue = row.status == OPEN and row.due is not None and row.due < at
    return Entry(
        number=row.number,
        run=row.run,
        task=row.task,
        kind=task.kind,
        name=row.name,
        step=row.step,
        title=task.title,
        asks=task.asks,
        roles=tuple(row.roles),
        choices=task.choices,
        fields=task.fields,
        editable=editable_fields(task, program),
        shown=task.shown,
        inputs=input_fields(task, program),
        values=value_fields(task, program),
        conditions=task.conditions,
        sentence=task.sentence,
        source=program.graph.source.path if program.graph.source else None,
        line=task.line,
        opened=row.opened,
        due=row.due,
        then=task.then,
        digest=row.digest,
        deciders=_deciders(authority),
        anybody=authority.anybody,
        who=authority.says(),
        assignee=row.assignee,
        requester=authority.requester,
        escalated=tuple(
            each for each in rungs.get((row.run, row.step), ()) if each.at >= row.opened
        ),
        overdue=overdue,
        zone=organization.time_zone if organization else None,
        status=row.status,
        choice=row.choice,
        decided_by=row.decided_by,
        decided=row.decided,
        reason=row.reason,
    )


def _deciders(authority: Authority) -> tuple[Decider, ...]:
    organization = authority.organization
    found = []
    if organization is not None and authority.assignee is not None:
        assigned = organization.person(authority.assignee)
        email = next((each.holder.email for each in assigned.tenures), None) if assigned else None
        found.append(Decider(name=authority.assignee, role="delegated", email=email))
    for role in authority.roles if organization is not None else ():
        assert organization is not None  # noqa: S101 # the loop is empty otherwise
        found += [
            Decider(name=holder.name, role=role, email=holder.email)
            for holder in organization.holders(role, authority.day)
        ]
    return tuple(each for each in found if each.name != authority.barred)


def _rungs(connection: Connection, run: str | None = None) -> _Rungs:
    """Give the rungs that were climbed, by run and step: of one run, or of all with open tasks."""
    query = select(journal.c.run, journal.c.step, journal.c.at, journal.c.data).where(
        journal.c.kind == f"{DECISION_MARK}escalate", journal.c.data.is_not(None)
    )
    if run is not None:
        query = query.where(journal.c.run == run)
    else:
        waiting = select(tasks.c.run).where(tasks.c.status == OPEN)
        query = query.where(journal.c.run.in_(waiting))
    found: _Rungs = defaultdict(list)
    for row in connection.execute(query.order_by(journal.c.run, journal.c.seq)):
        data = without_seals(json.loads(row.data))
        found[row.run, row.step].append(
            Escalated(at=row.at, to=data.get("to"), says=str(data["says"]), why=str(data["why"]))
        )
    return found
