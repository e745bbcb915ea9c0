"""A task's row with what stands beside it: its run, its program, and who started it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from sopc.errors import WorkError
from sopc.organization import Organization
from sopc_runtime.core.program import Program
from sopc_runtime.core.task import Task
from sopc_runtime.people.authority import Authority, day_of
from sopc_runtime.people.refusal import UnknownTaskError
from sopc_runtime.store.documents import program
from sopc_runtime.store.tables import runs, tasks
from sopc_runtime.store.tasks import TASK

_RUN = (
    runs.c.status.label("run_status"),
    runs.c.graph,
    runs.c.organization,
    runs.c.procedure,
    runs.c.parent,
    runs.c.state,
)


def found_tasks() -> Select[Any]:
    """Give the query of all tasks with what is needed of their runs."""
    return select(tasks, *_RUN).join(runs, runs.c.id == tasks.c.run)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as it stands in the database."""

    row: Row[Any]
    task: Task

    def program(self, connection: Connection) -> Program:
        """Give the program that its run goes by.

        Raises:
            WorkError: It is not kept.
        """
        row = self.row
        return program(connection, row.graph, row.organization, row.procedure)

    def authority(
        self, connection: Connection, organization: Organization | None, now: datetime
    ) -> Authority:
        """Give who may decide it."""
        return Authority(
            organization=organization,
            day=day_of(organization, now),
            kind=self.task.kind,
            roles=tuple(self.row.roles),
            assignee=self.row.assignee,
            requester=_requester(connection, self.row),
        )


def task_row(connection: Connection, number: int) -> TaskRow:
    """Find a task by its number.

    Raises:
        UnknownTaskError: There is none, or its content was erased.
    """
    row = connection.execute(found_tasks().where(tasks.c.number == number)).one_or_none()
    if row is None:
        raise UnknownTaskError(f"there is no task {number}", hint="`sopc inbox` lists open tasks")
    if not row.content:
        raise UnknownTaskError(
            f"the content of task {number} was erased with its run `{row.run}`",
            hint="`sopc journal show` tells what is left of a run",
        )
    return read(row)


def read(row: Row[Any]) -> TaskRow:
    """Read the task of a row."""
    try:
        return TaskRow(row, TASK.validate_json(row.content))
    except ValueError:
        raise WorkError(f"task {row.number} cannot be read from the database") from None


def _requester(connection: Connection, row: Row[Any]) -> str | None:
    """Give who started a run, or the run that called it."""
    state, parent, seen = row.state, row.parent, {row.run}
    while True:
        by = json.loads(state).get("by") if state else None
        if by is not None or parent is None or parent in seen:
            return by if by is None else str(by)
        seen.add(parent)
        above = connection.execute(
            select(runs.c.state, runs.c.parent).where(runs.c.id == parent)
        ).one_or_none()
        if above is None:
            return None
        state, parent = above
