"""A procedure with sensitive values, and runs of it whose journals stand in a real database."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select, update

from sopc.graph.file import loads_graph
from sopc.organization import loads_organization
from sopc_runtime.core.decision import (
    DECISION,
    Call,
    Finish,
    OpenTask,
    SetTimer,
    StepBegun,
    StepDone,
)
from sopc_runtime.core.event import CallSucceeded, Event, Started, TaskDecided
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import STATE, RunState
from sopc_runtime.core.task import Choice, Task, TaskKind
from sopc_runtime.journal.chain import append
from sopc_runtime.journal.entry import Draft, draft_decision, draft_event
from sopc_runtime.store.database import prepare, sqlite_engine
from sopc_runtime.store.tables import calls, deliveries, journal, mail, outbox, runs, tasks, vault

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

GRAPH = """\
format: 1
id: welcome
title: Welcome
inputs:
  - {name: email, type: string, sensitive: true}
  - {name: plan, type: string}
  - name: customer
    type: object
    fields:
      - {name: city, type: string}
      - {name: iban, type: string, sensitive: true}
  - name: guests
    type: list
    items: object
    fields: [{name: phone, type: string, sensitive: true}]
procedures:
  - id: welcome
    title: Welcome
    steps:
      - id: greet
        kind: action
        title: Greet
        system: mailer
        operation: send
        for_each: {items: guests, name: guest}
        outputs: [{name: reply, type: string, sensitive: true}]
"""

ORGANIZATION = """\
format: 1
name: Tidewater
systems:
  - id: mailer
    name: Mailer
    binding: {connector: smtp, settings: {host: mail.example, password: "env:MAILER_PASSWORD"}}
"""

EMAIL = "ana.pires@example.org"
IBAN = "PT50000201231234567890154"
PHONE = "+351 912 345 678"
SENSITIVE = (EMAIL, IBAN, PHONE)

REQUEST = DECISION.dump_json(
    Call(id="c1", step="greet/0", system="mailer", operation="send", key="k", inputs={"to": EMAIL})
).decode()

PAYLOAD = {
    "email": EMAIL,
    "plan": "gold",
    "customer": {"city": "Lisbon", "iban": IBAN},
    "guests": [{"phone": PHONE}, {"phone": "12"}],
}


def a_program() -> Program:
    return Program(loads_graph(GRAPH).graph, loads_organization(ORGANIZATION))


PROGRAM = a_program()


def a_database(folder: Path) -> Engine:
    engine = sqlite_engine(folder / "sopc.db")
    prepare(engine)
    return engine


def a_run(engine: Engine, run: str) -> None:
    """Make the row of a run that has no journal yet."""
    row = {"name": "welcome", "graph": PROGRAM.graph_hash, "organization": "", "state": "{}"}
    with engine.begin() as connection:
        connection.execute(
            insert(runs).values(
                id=run,
                procedure="welcome",
                mode="autonomous",
                status="running",
                started=NOON,
                **row,
            )
        )


def written(engine: Engine, run: str, *drafts: Draft, environ: dict[str, str] | None = None) -> int:
    with engine.begin() as connection:
        return append(connection, run, drafts, environ=environ or {})


def events(run: str) -> list[tuple[Event, list[Any]]]:
    """Give what a run of four transactions is told and concludes."""
    later = [NOON + timedelta(minutes=number) for number in range(3)]
    task = Task(
        id="t1",
        kind=TaskKind.APPROVAL,
        step="greet",
        title="Greet",
        asks=f"send it to {EMAIL.upper()}?",
        roles=("boss",),
        choices=(Choice("approve", "it is sent"),),
        opened=later[0],
        shown={"inputs": {"to": EMAIL}, "by_phone": {PHONE: "guest"}},
    )
    return [
        (
            Started(at=later[0], run=run, mode=Mode.AUTONOMOUS, values=PAYLOAD, by="Ana Pires"),
            [StepBegun(step="greet/0"), OpenTask(task=task), SetTimer(timer="d", due=later[2])],
        ),
        (
            TaskDecided(at=later[1], task="t1", choice="approve", by="Rui", reason="fine"),
            [
                Call(
                    id="c1",
                    step="greet/0",
                    system="mailer",
                    operation="send",
                    key="k",
                    inputs={"to": EMAIL, "text": f"Pay to {IBAN}, please"},
                )
            ],
        ),
        (
            CallSucceeded(at=later[2], call="c1", values={"reply": "thank you"}),
            [
                StepDone(step="greet/0", values={"reply": "thank you"}),
                Finish(status="done", values=PAYLOAD),
            ],
        ),
    ]


def drafts_of(event: Event, decisions: list[Any]) -> list[Draft]:
    made = [draft_decision(each, PROGRAM, at=event.at) for each in decisions]
    return [draft_event(event, PROGRAM), *made]


def an_ended_run(engine: Engine, run: str) -> None:
    """Write the whole journal of a run, with the rows that a worker leaves beside it."""
    a_run(engine, run)
    for number, (event, decisions) in enumerate(events(run)):
        written(engine, run, *drafts_of(event, decisions))
        with engine.begin() as connection:
            connection.execute(
                insert(mail).values(run=run, key=f"{number}", event=EMAIL, cause=EMAIL, taken=NOON)
            )
    with engine.begin() as connection:
        connection.execute(
            update(runs)
            .where(runs.c.id == run)
            .values(
                status="done",
                ended=NOON + timedelta(minutes=2),
                state=STATE.dump_json(an_end(run)).decode(),
            )
        )
        connection.execute(insert(mail).values(run=run, key="late", event=EMAIL))
        connection.execute(
            insert(calls).values(
                run=run, call="c1", system="mailer", request=REQUEST, status="over"
            )
        )
        connection.execute(
            insert(tasks).values(
                run=run,
                task="t1",
                kind="approval",
                name="welcome",
                step="greet",
                roles=["boss"],
                content=EMAIL,
                digest="",
                opened=NOON,
                status="decided",
                reason=EMAIL,
            )
        )
        connection.execute(
            insert(outbox).values(
                key=f"escalation:{run}:1",
                kind="escalation",
                content=json.dumps({"run": run, "why": f"no answer by {EMAIL}"}),
                created=NOON,
            )
        )
        connection.execute(
            insert(deliveries).values(
                source="webhook",
                key=run,
                payload=EMAIL,
                received=NOON,
                status="started",
                runs=[run],
            )
        )


def an_end(run: str, values: dict[str, Any] | None = None) -> RunState:
    """Give the state of a run that has ended."""
    return RunState(
        run=run,
        procedure="welcome",
        mode=Mode.AUTONOMOUS,
        started=NOON,
        occurred=NOON,
        status="done",
        ended=NOON + timedelta(minutes=2),
        values=PAYLOAD if values is None else values,
    )


def entries(engine: Engine, run: str) -> list[Any]:
    with engine.connect() as connection:
        query = select(journal).where(journal.c.run == run).order_by(journal.c.seq)
        return list(connection.execute(query))


def vault_rows(engine: Engine, run: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(vault).where(vault.c.run == run)))
