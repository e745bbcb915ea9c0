"""A small organization, systems that do as they are told, and errands driven by hand."""

import hashlib
import math
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, select

from sopc.organization import Operation, Organization, System, loads_organization
from sopc_runtime.connectors.connector import CannotLookUpError, Reply, Request
from sopc_runtime.core import interpreter as core
from sopc_runtime.core.event import Event, Started
from sopc_runtime.core.mode import Mode
from sopc_runtime.driver.carrying import Carrier
from sopc_runtime.driver.errand import Errands
from sopc_runtime.driver.patience import Patience
from sopc_runtime.driver.pool import Pool
from sopc_runtime.driver.ready import Ready, RunWork
from sopc_runtime.driver.transaction import Interpreter, Transactions
from sopc_runtime.driver.worker import Worker
from sopc_runtime.store.database import prepare, reading, sqlite_engine
from sopc_runtime.store.documents import keep
from sopc_runtime.store.kept import KeptConnections
from sopc_runtime.store.mailbox import post
from sopc_runtime.store.run_start import Version, begin
from sopc_runtime.store.tables import runs

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

ORGANIZATION = """\
format: 1
name: Tidewater
systems:
  - id: mailer
    name: Mailer
    binding: {connector: fake, settings: {timeout: 0.5}}
    operations: [{name: send, effect: send}]
  - id: ledger
    name: Ledger
    binding: {connector: fake, settings: {timeout: 0.5}}
    operations: [{name: write, effect: write, idempotent: true}, {name: look, effect: read}]
  - id: bank
    name: Bank
    binding: {connector: fake, settings: {max_concurrent: 1}}
    operations: [{name: pay, effect: pay}]
"""

_HEAD = """\
format: 1
id: {id}
title: {id}
inputs: [{{name: who, type: string, sensitive: true}}]
procedures:
"""


def action(name: str, system: str = "mailer", operation: str = "send", *more: str) -> str:
    """Give the YAML of a step that acts by itself."""
    return step(
        name,
        "kind: action",
        "tier: {level: 1, reason: safe}",
        f"system: {system}",
        f"operation: {operation}",
        *more,
    )


def step(name: str, *fields: str) -> str:
    """Give the YAML of a step."""
    lines = [
        f"      - id: {name}",
        f"        title: {name}",
        *(f"        {each}" for each in fields),
    ]
    return "\n".join(lines) + "\n"


def graph(name: str, *steps: str, **others: Iterable[str]) -> str:
    """Give the YAML of a graph: a procedure of its name, and others by theirs."""
    text = _HEAD.format(id=name)
    for each, its in {name: steps, **others}.items():
        text += f"  - id: {each}\n    title: {each}\n    steps:\n" + "".join(its)
    return text


@dataclass(slots=True)
class Fake:
    """A system: `acts` are taken one by one, each a reply's values, an error, or a function."""

    asked: list[Request] = field(default_factory=list)
    acts: list[Any] = field(default_factory=list)
    looked_up: list[Any] = field(default_factory=list)
    closed: bool = False

    def check(self) -> str:
        return "there"

    def operations(self) -> tuple[Operation, ...]:
        return ()

    def render(self, request: Request) -> dict[str, Any]:
        return {"would": request.operation}

    def perform(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(values=_played(self.acts, {}))

    def look_up(self, request: Request) -> Reply | None:
        del request
        if not self.looked_up:
            raise CannotLookUpError("it keeps no record")
        values = _played(self.looked_up, None)
        return None if values is None else Reply(values=values)

    def close(self) -> None:
        self.closed = True


def _played(acts: list[Any], otherwise: Any) -> Any:
    act = acts.pop(0) if acts else otherwise
    if isinstance(act, Exception):
        raise act
    return act() if callable(act) else act


@dataclass(slots=True)
class Systems:
    """The fakes by the systems' ids."""

    fakes: dict[str, Fake] = field(default_factory=dict)
    organization: Organization = field(default_factory=lambda: loads_organization(ORGANIZATION))

    def __getitem__(self, system: str) -> Fake:
        return self.fakes.setdefault(system, Fake())

    def make(self, system: System, organization: Organization) -> Fake:
        del organization
        return self[system.id]

    def load(self) -> Organization:
        return self.organization

    @property
    def pool(self) -> Pool:
        return Pool(self.load, self.make)


@dataclass(slots=True)
class Clock:
    """A clock that goes on by a second whenever it is read, and where it is set."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def database(folder: Path) -> Engine:
    """Make an empty database."""
    engine = sqlite_engine(folder / "sopc.db")
    prepare(engine)
    return engine


def start(
    engine: Engine,
    text: str,
    run: str,
    *,
    mode: Mode = Mode.AUTONOMOUS,
    at: datetime = NOON,
    **values: Any,
) -> None:
    """Start a run of a graph's first procedure."""
    name = text.split("\nid: ", 1)[1].split("\n", 1)[0]
    with engine.begin() as connection:
        keep(connection, kind="organization", text=ORGANIZATION, digest="organization")
        digest = hashlib.sha256(text.encode()).hexdigest()
        keep(connection, kind="graph", text=text, digest=digest)
        under = Version(
            name=name, graph=digest, organization="organization", procedure=name, mode=mode
        )
        started = Started(at=at, run=run, mode=mode, values=values)
        begin(connection, name=name, run=run, started=started, under=under)


def tell(engine: Engine, run: str, event: Event, key: str = "told") -> None:
    """Tell a run an event."""
    with engine.begin() as connection:
        post(connection, run, event, key=key)


def rows(engine: Engine, table: Table, **where: Any) -> list[Any]:
    """Give a table's rows, those with these values."""
    found = select(table).where(*(table.c[name] == value for name, value in where.items()))
    with reading(engine).connect() as connection:
        return list(connection.execute(found))


def status(engine: Engine, run: str) -> str:
    """Give a run's status."""
    return str(rows(engine, runs, id=run)[0].status)


def errands(
    engine: Engine,
    systems: Systems,
    *,
    now: Callable[[], datetime] | None = None,
    interpreter: Interpreter = core,
    process: str = "here",
    limited: frozenset[str] = frozenset(),
    grace: float = 1.0,
    sure_until: Callable[[], float] = lambda: math.inf,
) -> Errands:
    """Make errands that a test drives by hand, without DBOS."""
    draining, clock = threading.Event(), now or Clock()
    transactions = Transactions(
        connections=KeptConnections(engine),
        interpreter=interpreter,
        now=clock,
        may_begin=lambda: not draining.is_set(),
        limited=lambda: limited,
    )
    return Errands(
        engine=engine,
        process=process,
        transactions=transactions,
        carrier=Carrier(systems.pool, grace=grace, between=0.0),
        ready=Ready(),
        patience=Patience(threading.Event()),
        now=clock,
        draining=draining,
        sure_until=sure_until,
        limited=lambda: limited,
    )


def work(by: Errands, *runs_told: str, errand: str = "errand") -> None:
    """Let an errand do what these runs need, and what comes of it."""
    for run in runs_told:
        by.ready.add(RunWork(run))
    by.fresh.add(errand)
    by.work(errand)


def a_worker(engine: Engine, systems: Systems, **more: Any) -> Worker:
    return Worker(engine, load=systems.load, make=systems.make, beat=0.05, **more)


def until(so: Callable[[], bool], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not so() and time.monotonic() < end:
        time.sleep(0.01)
    return so()
