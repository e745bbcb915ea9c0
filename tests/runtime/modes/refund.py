"""A procedure that acts twice, deployed and run on a real database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from sopc.graph import SignOff, StepGraph
from sopc.graph.file import dump_graph, graph_hash, loads_graph
from sopc_runtime.core import interpreter
from sopc_runtime.core.decision import Call
from sopc_runtime.core.event import CallSucceeded, Event, Started, TaskDecided
from sopc_runtime.core.mode import Mode
from sopc_runtime.deployment.deploy import Deployment, deploy
from sopc_runtime.driver.transaction import Outcome, Transactions
from sopc_runtime.store.database import prepare, sqlite_engine
from sopc_runtime.store.kept import KeptConnections
from sopc_runtime.store.mailbox import post
from sopc_runtime.store.run_start import begin, version
from sopc_runtime.store.tables import mail, tasks

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

GRAPH = """\
format: 1
id: refunds
title: Refunds
owner: Lena Brandt
procedures:
  - id: refunds
    title: Refunds
    triggers:
      - kind: request
        id: asked
        says: when asked
        payload:
          - {name: ticket, type: string}
          - {name: amount, type: money, currency: USD}
    steps:
      - id: look-up
        kind: action
        title: Look the charge up
        system: stripe
        operation: find_charge
        tier: {level: 1, reason: it only reads}
        inputs: [{name: ticket, cel: ticket}]
        outputs: [{name: charge, type: string}]
      - id: pay-back
        kind: action
        title: Pay it back
        system: stripe
        operation: refund
        tier: {level: 1, reason: it is small}
        inputs:
          - {name: charge, cel: charge}
          - {name: amount, cel: amount}
      - id: tell-customer
        kind: action
        title: Tell the customer
        system: stripe
        operation: message
        tier: {level: 1, reason: it is kind}
        inputs: [{name: text, value: done}]
"""

ORGANIZATION = """\
name: Tidewater
time_zone: America/Chicago
roles:
  - id: support-manager
    name: support manager
    holders:
      - {name: Yusuf Demir, email: yusuf@tidewater.example, to: 2026-06-30}
      - {name: Lena Brandt, email: lena@tidewater.example}
  - id: finance-manager
    name: finance manager
    holders: [{name: Grace Okafor}]
systems:
  - id: stripe
    name: Stripe
    binding: {connector: http, settings: {url: "http://127.0.0.1:9"}}
    operations:
      - {name: find_charge, effect: read, outputs: [{name: charge, type: string}]}
      - {name: refund, effect: pay}
      - {name: message, effect: send}
"""


def signed(text: str, by: str = "Lena Brandt", at: datetime = NOW) -> str:
    """Give a graph's text with a sign-off of it."""
    graph = loads_graph(text).graph
    own = SignOff(by=by, at=at, graph=graph_hash(graph))
    return dump_graph(graph.model_copy(update={"signoffs": (*graph.signoffs, own)}))


def changed(text: str, change: Callable[[StepGraph], dict[str, Any]]) -> str:
    """Give a graph's text with some of its fields changed."""
    graph = loads_graph(text).graph
    return dump_graph(graph.model_copy(update=change(graph)))


def answer(call: Call, at: datetime) -> Event:
    """Give what the system answers: it finds one charge, and does whatever it is asked."""
    if call.dry:
        return CallSucceeded(at=at, call=call.id, rendered={"body": call.inputs})
    values = {"charge": "ch_1"} if call.operation == "find_charge" else {}
    return CallSucceeded(at=at, call=call.id, values=values)


@dataclass
class Office:
    """A database with a clock, and a worker that works when it is told to."""

    engine: Engine
    now: datetime = NOW
    answer: Callable[[Call, datetime], Event] = answer
    acted: list[Call] = field(default_factory=list)

    @classmethod
    def at(cls, folder: Path) -> "Office":
        """Make it in a folder."""
        engine = sqlite_engine(folder / "sopc.db")
        prepare(engine)
        return cls(engine)

    def deploy(self, text: str = GRAPH, **settings: Any) -> Deployment:
        """Deploy a graph."""
        given = {"organization": ORGANIZATION, "by": "Ops", "now": self.now, **settings}
        with self.engine.begin() as connection:
            return deploy(connection, text, **given)

    def start(self, run: str, name: str = "refunds", amount: int = 500) -> str:
        """Start a run, and work."""
        with self.engine.begin() as connection:
            mode = Mode(version(connection, name).mode)
            values = {"ticket": f"T-{run}", "amount": amount}
            started = Started(at=self.now, run=run, mode=mode, trigger="asked", values=values)
            begin(connection, name=name, run=run, started=started)
        self.work()
        return run

    def tell(self, run: str, event: Event, key: str) -> None:
        """Tell a run something, and work."""
        with self.engine.begin() as connection:
            post(connection, run, event, key=key)
        self.work()

    def decide(self, run: str, choice: str, step: str | None = None, **values: Any) -> None:
        """Decide the oldest open task of a run."""
        with self.engine.begin() as connection:
            asked = select(tasks.c.task).where(tasks.c.run == run, tasks.c.status == "open")
            if step is not None:
                asked = asked.where(tasks.c.step == step)
            task = connection.execute(asked.order_by(tasks.c.number)).scalars().first()
        assert task is not None, "there is no open task"
        event = TaskDecided(
            at=self.now, task=task, choice=choice, by="Lena Brandt", values=values, reason="so"
        )
        self.tell(run, event, f"task:{task}")

    def work(self) -> None:
        """Take all mail, and carry out what follows from it."""
        by = Transactions(
            connections=KeptConnections(self.engine),
            interpreter=interpreter,
            now=lambda: self.now,
            may_begin=lambda: True,
            limited=frozenset,
        )
        while waiting := self._waiting():
            for run in waiting:
                owner = f"office/{run}"
                done = by.advance(run, owner=owner)
                while done.begun is not None:
                    call = done.begun.call
                    self.acted += [] if call.dry or call.reads else [call]
                    outcome = Outcome(done.begun, self.answer(call, self.now))
                    done = by.advance(run, owner=owner, outcome=outcome)

    def pass_time(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)

    def _waiting(self) -> list[str]:
        with self.engine.begin() as connection:
            found = select(mail.c.run).where(mail.c.taken.is_(None)).distinct()
            return list(connection.execute(found).scalars())
