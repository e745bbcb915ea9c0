"""Decisions become rows: timers, tasks, intents, child runs, notifications."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

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
from sopc_runtime.store.prepared import Prepared
from sopc_runtime.store.tables import awaited, outbox, tasks, timers
from sopc_runtime.store.tasks import close_task, open_task, widen_task

_LEFT_OVER = [
    Prepared(delete(table).where(table.c.run == bindparam("of_run"))) for table in (timers, awaited)
]


@dataclass(slots=True, kw_only=True)
class Effects:
    """Writes what one transaction's decisions call for.

    Attributes:
        begins: Whom to note as the one who carries out the first call; None to only plan calls.
        limited: The systems whose calls are always planned, because they wait in queues.
        begun: The first call, if it is carried out by the one who begins.
        intents: The rows that commit to the calls, which are still to be written.
        ended: What changes in the run's row because it has ended, which is still to be written.
        planned: The calls that others have to carry out, each with its system.
        told: Other runs that have mail now.
    """

    connection: Connection
    row: Any
    program: Program
    begins: str | None
    limited: frozenset[str]
    begun: intent.Intent | None = None
    intents: list[dict[str, Any]] = field(default_factory=list)
    ended: dict[str, Any] = field(default_factory=dict)
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
                self._open_task(decision.task, at)
            case WidenTask():
                widen_task(self.connection, self.row.id, decision.task, decision.role)
            case CloseTask(task=task, why=why):
                close_task(self.connection, self.row.id, task, why, at)
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
        self.intents.append(intent.row_of(self.row.id, call, entry=entry, owner=owner, at=at))
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

    def _open_task(self, task: Task, at: datetime) -> None:
        run = self.row.id
        if open_task(self.connection, run, self.row.name, task, at):
            same = (tasks.c.run == run) & (tasks.c.task == task.id)
            number = self.connection.execute(select(tasks.c.number).where(same)).scalar_one()
            about = {"run": run, "task": task.id, "number": number}
            self._notify("task", f"task:{run}:{task.id}", about, at)

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
        self.ended = {"status": finish.status, "ended": at}
        # Nobody was asked yet for what the same commit wanted before, as of a run cancelled early.
        vain = {"status": intent.OVER, "owner": None, "started": None, "ended": at}
        self.intents = [{**each, **vain} for each in self.intents]
        self.begun, self.planned = None, []
        for gone in _LEFT_OVER:
            gone.send(self.connection, {"of_run": run})
        if self.row.parent is not None:
            ended = ChildEnded(at=at, child=run, status=finish.status, values=finish.values)
            post(self.connection, self.row.parent, ended, key=f"ended:{run}")
            self.told.append(self.row.parent)
