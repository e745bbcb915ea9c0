"""The inbox's rows: tasks are put into it, widened and taken out of it, each as often as told."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, update

from sopc_runtime.core.task import Task
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.tables import tasks

TASK: TypeAdapter[Task] = TypeAdapter(Task)
"""Reads and writes tasks as JSON."""

OPEN, DECIDED, CLOSED = "open", "decided", "closed"


def digest_of(task: Task) -> str:
    """Give the SHA-256, in hexadecimal, of all that a person is shown and decides.

    Who may decide is left out: that somebody else may as well changes nothing of what is decided.
    """
    shown = TASK.dump_python(task, mode="json")
    del shown["roles"]
    text = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def open_task(connection: Connection, run: str, name: str, task: Task, now: datetime) -> bool:
    """Put a task of a run of the procedure `name` into the inbox; twice is once.

    Returns:
        Whether it was new.
    """
    row = {
        "run": run,
        "task": task.id,
        "kind": task.kind.value,
        "name": name,
        "step": task.step,
        "roles": list(task.roles),
        "content": TASK.dump_json(task).decode(),
        "digest": digest_of(task),
        "opened": now,
        "due": task.due,
        "status": OPEN,
    }
    return connection.execute(insert_once(connection, tasks).values(row)).rowcount == 1


def widen_task(connection: Connection, run: str, task: str, role: str) -> None:
    """Let a further role decide an open task; one that is not open stays as it is."""
    here = (tasks.c.run == run) & (tasks.c.task == task) & (tasks.c.status == OPEN)
    row = connection.execute(select(tasks.c.content, tasks.c.roles).where(here)).one_or_none()
    if row is None or role in row.roles:
        return
    widened = replace(TASK.validate_json(row.content), roles=(*row.roles, role))
    connection.execute(
        update(tasks)
        .where(here)
        .values(roles=list(widened.roles), content=TASK.dump_json(widened).decode())
    )


def close_task(connection: Connection, run: str, task: str, why: str, now: datetime) -> None:
    """Take an open task out of the inbox that nobody has to decide any more, and keep why."""
    connection.execute(
        update(tasks)
        .where((tasks.c.run == run) & (tasks.c.task == task) & (tasks.c.status == OPEN))
        .values(status=CLOSED, decided=now, reason=why)
    )
