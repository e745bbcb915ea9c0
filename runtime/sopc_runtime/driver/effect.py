"""Decisions become rows: timers, tasks, intents, child runs, notifications."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, delete, insert, select, update

from sopc_runtime.core.decision import (
    Await,
    Call,
    CancelChild,
    CloseTask,
    Decision,
    DropTimer,
    Escalate,
    Finish,
    OpenTask,
    SetTimer,
    StartChild,
    Unawait,
    WidenTask,
)
from sopc_runtime.core.event import Cancelled, ChildEnded
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.core.task import Task
from sopc_runtime.driver import intent
from sopc_runtime.driver.child import start_child
from sopc_runtime.journal.entry import PROGRAM
from sopc_runtime.store.mailbox import insert_once, post
from sopc_runtime.store.tables import awaited, outbox, runs, tasks, timers

TASK: TypeAdapter[Task] = TypeAdapter(Task)
"""Reads and writes tasks as JSON."""


@dataclass(slots=True, kw_only=True)
class Effects:
    """Writes what one transaction's decisions call for.

    Attributes:
        begins: Whom to note as the one who carries out the first call; None to only plan calls.
        limited: The systems whose calls are always planned, because they wait in queues.
        begun: The first call, if it is carried out by the one who begins.
        planned: The calls that others have to carry out, each with its system.
        told: Other runs that have mail now.
    """

    connection: Connection
    row: Row[Any]
    program: Program
    begins: str | None
    limited: frozenset[str]
    begun: intent.Intent | None = None
    planned: list[tuple[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def carry(self, decision: Decision, *, at: datetime, mode: Mode, entry: int) -> None:  # noqa: C901, PLR0912 # one case for each kind
        """Write what one decision calls for; `entry` is its number in the run's journal."""
        match decision:
            case Call():
                self._call(decision, at, entry)
            case SetTimer():
                self._set_timer(decision)
            case DropTimer(timer=timer):
                gone = delete(timers).where(timers.c.run == self.row.id, timers.c.timer == timer)
                self.connection.execute(gone)
            case OpenTask():
                self._open_task(decision.task)
            case WidenTask():
                self._widen_task(decision)
            case CloseTask(task=task):
                self._close_task(task)
            case Escalate(quiet=False):
                self._escalate(decision, at, entry)
            case StartChild():
                self.told.append(
                    start_child(self.connection, self.row, self.program, decision, mode=mode, at=at)
                )
            case CancelChild(child=child):
                reason = f"run `{self.row.id}`, which called it, does not need it any more"
                cancelled = Cancelled(at=at, by=PROGRAM, reason=reason)
                post(self.connection, child, cancelled, key=f"cancelled:{self.row.id}")
                self.told.append(child)
            case Await():
                self._await(decision)
            case Unawait(step=step):
                gone = delete(awaited).where(awaited.c.run == self.row.id, awaited.c.step == step)
                self.connection.execute(gone)
            case Finish():
                self._finish(decision, at)
            case _:
                pass

    def _call(self, call: Call, at: datetime, entry: int) -> None:
        inline = call.dry or call.system not in self.limited
        owner = self.begins if inline and self.begun is None else None
        intent.add(self.connection, self.row.id, call, entry=entry, owner=owner, at=at)
        if owner:
            self.begun = intent.Intent(
                run=self.row.id, name=self.row.name, call=call, entry=entry, owner=owner
            )
        else:
            self.planned.append((call.id, call.system))

    def _set_timer(self, timer: SetTimer) -> None:
        same = (timers.c.run == self.row.id) & (timers.c.timer == timer.timer)
        self.connection.execute(delete(timers).where(same))
        row = {"run": self.row.id, "timer": timer.timer, "due": timer.due}
        self.connection.execute(insert(timers).values(row))

    def _open_task(self, task: Task) -> None:
        content = TASK.dump_json(task).decode()
        row = {
            "run": self.row.id,
            "task": task.id,
            "kind": task.kind.value,
            "name": self.row.name,
            "step": task.step,
            "roles": list(task.roles),
            "content": content,
            "digest": hashlib.sha256(content.encode()).hexdigest(),
            "opened": task.opened,
            "due": task.due,
            "status": "open",
        }
        number = self.connection.execute(
            insert(tasks).values(row).returning(tasks.c.number)
        ).scalar_one()
        about = {"run": self.row.id, "task": task.id, "number": number}
        self._notify("task", f"task:{self.row.id}:{task.id}", about, task.opened)

    def _widen_task(self, widened: WidenTask) -> None:
        same = (tasks.c.run == self.row.id) & (tasks.c.task == widened.task)
        found = self.connection.execute(
            select(tasks.c.roles, tasks.c.content).where(same)
        ).one_or_none()
        if found is None or widened.role in found.roles:
            return
        content = json.loads(found.content)
        roles = [*found.roles, widened.role]
        # The digest stays: what is to be decided is still what was shown.
        changed = {"roles": roles, "content": json.dumps({**content, "roles": roles})}
        self.connection.execute(update(tasks).where(same).values(changed))

    def _close_task(self, task: str) -> None:
        same = (tasks.c.run == self.row.id) & (tasks.c.task == task)
        closed = update(tasks).where(same, tasks.c.status == "open").values(status="closed")
        self.connection.execute(closed)

    def _escalate(self, escalation: Escalate, at: datetime, entry: int) -> None:
        about = {
            "run": self.row.id,
            "name": self.row.name,
            "step": escalation.step,
            "ladder": escalation.ladder,
            "rung": escalation.rung,
            "says": escalation.says,
            "why": escalation.why,
            "to": escalation.to,
            "via": escalation.via,
            "by": escalation.by,
        }
        self._notify("escalation", f"escalation:{self.row.id}:{entry}", about, at)

    def _notify(self, kind: str, key: str, about: dict[str, Any], at: datetime) -> None:
        row = {"key": key, "kind": kind, "content": json.dumps(about), "created": at}
        self.connection.execute(insert_once(self.connection, outbox).values(row))

    def _await(self, waits: Await) -> None:
        same = (awaited.c.run == self.row.id) & (awaited.c.step == waits.step)
        self.connection.execute(delete(awaited).where(same))
        row = {
            "run": self.row.id,
            "step": waits.step,
            "system": waits.system,
            "event": waits.event,
        }
        self.connection.execute(insert(awaited).values(row))

    def _finish(self, finish: Finish, at: datetime) -> None:
        run = self.row.id
        self.connection.execute(
            update(runs).where(runs.c.id == run).values(status=finish.status, ended=at)
        )
        for table in (timers, awaited):
            self.connection.execute(delete(table).where(table.c.run == run))
        if self.row.parent is not None:
            ended = ChildEnded(at=at, child=run, status=finish.status, values=finish.values)
            post(self.connection, self.row.parent, ended, key=f"ended:{run}")
            self.told.append(self.row.parent)
