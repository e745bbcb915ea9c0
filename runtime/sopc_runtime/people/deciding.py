"""Deciding tasks: by those who may, of exactly what was shown, once."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from sqlalchemy import Connection, Row, insert, select, update

from sopc.organization import Organization
from sopc.organization.name import folded
from sopc_runtime.core.event import EVENT, TaskDecided
from sopc_runtime.core.task import Choice, Task, TaskKind
from sopc_runtime.journal.chain import INSTANCE, append
from sopc_runtime.journal.entry import Draft
from sopc_runtime.people.current import in_zone, time_zone
from sopc_runtime.people.editing import checked, chosen, editable_fields, needs_reason
from sopc_runtime.people.refusal import (
    ChangedTaskError,
    ClosedTaskError,
    RefusalError,
    UnfitDecisionError,
)
from sopc_runtime.people.task_row import TaskRow, task_row
from sopc_runtime.store.mailbox import post
from sopc_runtime.store.tables import mail, outbox, tasks
from sopc_runtime.store.tasks import DECIDED, OPEN

T = TypeVar("T")

DELEGATED = "delegated"
"""The kind of the journal's entry, in the chain `*`, about a task that somebody was given."""


def _visible(text: str) -> str:
    if not text.replace("\n", "").replace("\t", "").isprintable():
        raise ValueError("it holds characters that cannot be seen")
    return text


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("a name stands on one line, without characters that cannot be seen")
    return text


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_one_line),
]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_visible)
]


class Decision(BaseModel):
    """What a person decides.

    Attributes:
        choice: The id of one of the task's choices.
        by: The person's whole name or e-mail address.
        values: What the choice asks for, and changes to editable inputs, as JSON has them.
        reason: Why; some choices need one.
        digest: Of what was shown; None takes the task as it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    choice: str
    by: Name
    values: dict[str, Any] = {}
    reason: Reason | None = None
    digest: str | None = None


_NAME: TypeAdapter[str] = TypeAdapter(Name)
_REASON: TypeAdapter[str | None] = TypeAdapter(Reason | None)


class Outcome(BaseModel):
    """A decision as it was taken; `repeated` if exactly it had been taken before."""

    model_config = ConfigDict(frozen=True)

    number: int
    run: str
    task: str
    title: str
    choice: str
    says: str
    by: str
    at: datetime
    repeated: bool = False


class Handover(BaseModel):
    """A task that somebody was given."""

    model_config = ConfigDict(frozen=True)

    number: int
    run: str
    title: str
    to: str
    by: str
    at: datetime


def decide(
    connection: Connection,
    number: int,
    decision: Decision,
    organization: Organization | None,
    now: datetime,
) -> Outcome:
    """Take a decision, within the caller's transaction; its run learns of it by mail.

    The first of several is taken. The very same one again is no mistake: it changes nothing.

    Args:
        connection: Its transaction is rolled back by the caller when a refusal is raised.
        number: The task's number.
        decision: What is decided.
        organization: The file as it is now; None where there is none.
        now: When it is decided.

    Raises:
        RefusalError: It is not taken, and why.
    """
    found = task_row(connection, number)
    row, task = found.row, found.task
    if row.status != OPEN:
        return _again(connection, found, decision, organization)
    _refuse_over(row)
    by = found.authority(connection, organization, now).check(decision.by)
    if decision.digest is not None and decision.digest != row.digest:
        raise ChangedTaskError(
            f"task {number} is not what was shown: it has changed since",
            hint=f"`sopc inbox {number}` shows it as it is now",
        )
    choice = chosen(task, decision.choice)
    editable = editable_fields(task, found.program(connection))
    values = checked(task, choice, decision.values, editable)
    reason = decision.reason or None
    if needs_reason(choice.id) and reason is None:
        raise UnfitDecisionError(f"`{choice.id}` needs a reason", hint="say why with `--reason`")
    taken = connection.execute(
        update(tasks)
        .where(tasks.c.number == number, tasks.c.status == OPEN, tasks.c.digest == row.digest)
        .values(status=DECIDED, choice=choice.id, decided_by=by, decided=now, reason=reason)
    )
    if taken.rowcount != 1:
        # Somebody else's transaction ended between reading and writing.
        return _again(connection, task_row(connection, number), decision, organization)
    event = TaskDecided(
        at=now, task=row.task, choice=choice.id, by=by, values=values, reason=reason
    )
    post(connection, row.run, event, key=f"task:{row.task}", cause=f"inbox:{number}")
    return Outcome(
        number=number,
        run=row.run,
        task=row.task,
        title=task.title,
        choice=choice.id,
        says=_says(task, choice, values),
        by=by,
        at=now,
    )


def permitted(
    connection: Connection,
    number: int,
    by: str,
    organization: Organization | None,
    now: datetime,
) -> str:
    """Give the name of a person who may decide a task, before anything is shown or asked.

    Raises:
        RefusalError: The person may not, or the task is decided or closed.
    """
    found = task_row(connection, number)
    if found.row.status != OPEN:
        raise _closed(connection, found.row)
    return found.authority(connection, organization, now).check(by)


def delegate(
    connection: Connection,
    number: int,
    *,
    to: str,
    by: str,
    organization: Organization | None,
    now: datetime,
    reason: str | None = None,
) -> Handover:
    """Give an open task to somebody, who may decide it then; holders of its roles still may.

    It stands in the journal, and the person is told.

    Raises:
        RefusalError: `by` may not decide it, or `to` is unknown, has left, or may not either; or
            one of the texts cannot be read.
    """
    found = task_row(connection, number)
    row, task = found.row, found.task
    if row.status != OPEN:
        raise _closed(connection, row)
    _refuse_over(row)
    giver = found.authority(connection, organization, now)
    by, to = _read(_NAME, "by", by), _read(_NAME, "to", to)
    reason = _read(_REASON, "reason", reason) or None
    by = giver.check(by)
    person = giver.find(to)
    to = person.name if person is not None else to
    replace(giver, assignee=to).check(to)
    taken = connection.execute(
        update(tasks).where(tasks.c.number == number, tasks.c.status == OPEN).values(assignee=to)
    )
    if taken.rowcount != 1:
        raise _closed(connection, task_row(connection, number).row)
    about = {"run": row.run, "task": row.task, "number": number, "to": to, "by": by}
    connection.execute(
        insert(outbox).values(
            key=f"{DELEGATED}:{number}:{folded(to)}:{now.isoformat()}",
            kind="task",
            content=json.dumps(about),
            created=now,
        )
    )
    told = {"task": row.task, "number": number, "to": to, "reason": reason}
    draft = Draft(at=now, kind=DELEGATED, step=row.run, actor=by, graph=row.graph, data=told)
    append(connection, INSTANCE, [draft])
    return Handover(number=number, run=row.run, title=task.title, to=to, by=by, at=now)


def _read(kind: TypeAdapter[T], name: str, text: Any) -> T:
    """Read what a person gave.

    Raises:
        UnfitDecisionError: It is empty, too long, or cannot be seen.
    """
    try:
        return kind.validate_python(text)
    except ValidationError as error:
        says = str(error.errors(include_url=False, include_input=False)[0]["msg"])
        says = says.removeprefix("Value error, ")
        raise UnfitDecisionError(f"`{name}`: {says[:1].lower()}{says[1:]}") from None


def _refuse_over(row: Row[Any]) -> None:
    # What people did is still worth knowing after a run.
    if row.run_status != "running" and row.kind != TaskKind.COMPARISON.value:
        raise ClosedTaskError(
            f"task {row.number} is closed: its run `{row.run}` has ended ({row.run_status})"
        )


def _again(
    connection: Connection, found: TaskRow, decision: Decision, organization: Organization | None
) -> Outcome:
    """Take the same decision once more as done, and refuse any other.

    Raises:
        ClosedTaskError: Another one was taken, or none is asked for any more.
    """
    row, task = found.row, found.task
    told = connection.execute(
        select(mail.c.event).where(mail.c.run == row.run, mail.c.key == f"task:{row.task}")
    ).scalar_one_or_none()
    first = EVENT.validate_json(told) if told else None
    values = {name: value for name, value in decision.values.items() if value is not None}
    # What was kept is the name, also of somebody who gave the address.
    person = organization.person(decision.by) if organization is not None else None
    by = person.name if person is not None else decision.by
    if (
        row.status == DECIDED
        and isinstance(first, TaskDecided)
        and folded(first.by) == folded(by)
        and (first.choice, first.values) == (decision.choice, values)
        and first.reason == (decision.reason or None)
    ):
        return Outcome(
            number=row.number,
            run=row.run,
            task=row.task,
            title=task.title,
            choice=first.choice,
            says=_says(task, chosen(task, first.choice), first.values),
            by=first.by,
            at=row.decided or first.at,
            repeated=True,
        )
    raise _closed(connection, row)


def _says(task: Task, choice: Choice, values: dict[str, Any]) -> str:
    """Say what follows; what was changed is not done as it was shown."""
    if task.kind is TaskKind.ACT and choice.id == "approve" and values:
        return f"it is done with what you changed: {', '.join(values)}"
    return choice.says


def _closed(connection: Connection, row: Row[Any]) -> RefusalError:
    hint = "`sopc inbox` lists what is open"
    zone = time_zone(connection, row.name)
    when = f" on {in_zone(row.decided, zone)}" if row.decided else ""
    if row.status == DECIDED:
        return ClosedTaskError(
            f"task {row.number} was decided before: `{row.choice}` by {row.decided_by}{when}",
            by=row.decided_by,
            at=row.decided,
            choice=row.choice,
            hint=hint,
        )
    why = f": {row.reason}" if row.reason else ""
    return ClosedTaskError(
        f"task {row.number} was closed{when}{why}",
        at=row.decided,
        hint=hint,
    )
