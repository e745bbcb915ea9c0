"""An office for tests: a procedure, its people, and runs of it that the interpreter moves."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from sopc_runtime.core.decision import CloseTask, Decision, OpenTask, WidenTask
from sopc_runtime.core.event import EVENT, Event, Started
from sopc_runtime.core.interpreter import advance, start
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import STATE
from sopc_runtime.core.task import Choice, Task, TaskKind
from sopc_runtime.journal.chain import append
from sopc_runtime.journal.entry import draft_decision, draft_event
from sopc_runtime.store.database import open_database
from sopc_runtime.store.documents import keep, program
from sopc_runtime.store.run_start import begin, version
from sopc_runtime.store.tables import mail, outbox, procedures, runs, tasks
from sopc_runtime.store.tasks import close_task, open_task, widen_task

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

GRAPH = """\
format: 1
id: refunds
title: Refunds
roles:
  - {id: manager, name: manager}
  - {id: finance, name: finance}
  - {id: clerk, name: clerk}
  - {id: customer, name: customer}
systems: [{id: stripe, name: Stripe}, {id: chat, name: "#refunds"}]
procedures:
  - id: refunds
    title: Refunds
    triggers:
      - kind: request
        id: asked
        says: when somebody asks
        by: clerk
        payload:
          - {name: amount, type: money, currency: USD}
          - {name: iban, type: string, sensitive: true}
          - {name: note, type: string, required: false}
    steps:
      - id: approve-it
        kind: approval
        title: Approve the refund
        role: manager
        may_edit: true
        inputs: [{name: amount, cel: amount}, {name: account, cel: iban}]
        deadlines: [{says: within 4 hours, within: PT4H}]
        escalation:
          - {says: tell finance, to: finance, via: chat}
      - id: pay-it
        kind: action
        title: Pay it back
        role: clerk
        system: stripe
        operation: refund
        inputs: [{name: amount, cel: amount}]
        outputs: [{name: refund_id, type: string}]
"""

ORGANIZATION = """\
name: Tidewater
time_zone: America/Chicago
roles:
  - id: manager
    name: manager
    holders:
      - {name: Lena Brandt, email: lena@tidewater.example}
      - {name: Kofi Mensah, email: kofi@tidewater.example}
      - {name: Yusuf Demir, email: yusuf@tidewater.example, to: 2026-06-30}
  - id: finance
    name: finance
    holders: [{name: Grace Okafor, email: grace@tidewater.example}]
  - id: clerk
    name: clerk
    holders: [{name: Marta Kowalczyk}]
  - {id: customer, name: customer, outside: true}
systems:
  - {id: stripe, name: Stripe}
"""


class Office:
    """A database with the procedure deployed; `folder` is where its files lie."""

    def __init__(
        self, folder: Path, organization: str = ORGANIZATION, engine: Engine | None = None
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        (folder / "sopc.toml").write_text("")
        if organization:
            (folder / "organization.yaml").write_text(organization)
        (folder / "refunds.sop.yaml").write_text(GRAPH)
        self.engine = engine or open_database(self.data)
        with self.engine.begin() as connection:
            self._deploy(connection, organization)

    def _deploy(self, connection: Connection, organization: str) -> None:
        hashes = {}
        for kind, text in (("graph", GRAPH), ("organization", organization)):
            hashes[kind] = hashlib.sha256(text.encode()).hexdigest() if text else ""
            if text:
                keep(connection, kind=kind, text=text, digest=hashes[kind])
        connection.execute(
            insert(procedures).values(
                **hashes,
                name="refunds",
                procedure="refunds",
                path=str(self.folder / "refunds.sop.yaml"),
                mode="autonomous",
                mode_since=NOW,
                deployed_at=NOW,
            )
        )

    def run(self, run: str = "r1", by: str | None = None, at: datetime = NOW) -> None:
        """Begin a run, and let it go as far as it goes."""
        values = {"amount": 12050, "iban": "DE89370400440532013000"}
        started = Started(
            at=at, run=run, mode=Mode.AUTONOMOUS, trigger="asked", values=values, by=by
        )
        with self.engine.begin() as connection:
            begin(connection, name="refunds", run=run, started=started)
        self.work(run, at)

    def work(self, run: str, at: datetime) -> list[Decision]:
        """Hand a run its mail, as a worker does."""
        with self.engine.begin() as connection:
            waiting = connection.execute(
                select(mail).where(mail.c.run == run, mail.c.taken.is_(None)).order_by(mail.c.seq)
            ).all()
            made = []
            for each in waiting:
                made += self.tell(connection, run, EVENT.validate_json(each.event))
                connection.execute(update(mail).where(mail.c.seq == each.seq).values(taken=at))
            return made

    def tell(self, connection: Connection, run: str, event: Event) -> list[Decision]:
        """Move a run by an event, and write what its people have to know."""
        row = connection.execute(select(runs).where(runs.c.id == run)).one()
        known: Program = version(connection, row.name).program(connection)
        if isinstance(event, Started):
            state, made = start(known, event)
        else:
            state, made = advance(known, STATE.validate_json(row.state), event)
        for each in made:
            if isinstance(each, OpenTask):
                open_task(connection, run, row.name, each.task, event.at)
            elif isinstance(each, WidenTask):
                widen_task(connection, run, each.task, each.role)
            elif isinstance(each, CloseTask):
                close_task(connection, run, each.task, each.why, event.at)
        text = STATE.dump_json(state).decode()
        connection.execute(
            update(runs).where(runs.c.id == run).values(state=text, status=state.status)
        )
        drafts = [draft_event(event, known)]
        drafts += [draft_decision(each, known, at=event.at) for each in made]
        append(connection, run, drafts)
        return list(made)

    def program(self) -> Program:
        """Give the deployed program."""
        with self.engine.begin() as connection:
            row = connection.execute(select(procedures)).one()
            return program(connection, row.graph, row.organization, row.procedure)

    def put(self, task: Task, run: str = "r1") -> int:
        """Put a task into the inbox by hand, of a run that stands still; give its number."""
        with self.engine.begin() as connection:
            known = version(connection, "refunds")
            started = Started(at=NOW, run=run, mode=known.mode)
            begin(connection, name="refunds", run=run, started=started)
            open_task(connection, run, "refunds", task, NOW)
            here = (tasks.c.run == run) & (tasks.c.task == task.id)
            return int(connection.execute(select(tasks.c.number).where(here)).scalar_one())

    def mail_of(self, run: str) -> list[Any]:
        """Give the events that a run was told, but how it began."""
        with self.engine.begin() as connection:
            found = connection.execute(
                select(mail).where(mail.c.run == run, mail.c.key != "started")
            )
            return [EVENT.validate_json(each.event) for each in found]

    def notify(self, kind: str, key: str, content: str) -> None:
        """Put a row into the outbox, as a worker does."""
        row = {"kind": kind, "key": key, "content": content, "created": NOW, "attempts": 0}
        with self.engine.begin() as connection:
            connection.execute(insert(outbox).values(row))


def a_task(kind: TaskKind = TaskKind.WORK, *choices: Choice, **more: Any) -> Task:
    """Give a task of the step `approve-it` for managers."""
    given: dict[str, Any] = {
        "id": "t9",
        "step": "approve-it",
        "title": "Approve the refund",
        "asks": "do this",
        "roles": ("manager",),
        "opened": NOW,
        **more,
    }
    return Task(kind=kind, choices=choices or (Choice("done", "it goes on"),), **given)
