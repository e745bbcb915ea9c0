"""Starting runs: a row for the run and the event that it begins with, once for one id."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sqlalchemy import BigInteger, Connection, func, literal, select

from sopc.errors import UsageError
from sopc_runtime.core.event import Started
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.store.documents import program
from sopc_runtime.store.mailbox import insert_once, post
from sopc_runtime.store.tables import procedures, runs

STARTED = "started"
"""The key of a run's first mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a run starts under.

    Attributes:
        name: The deployed procedure.
        graph: The graph's hash.
        organization: The organization file's hash; empty where there is none.
        procedure: The procedure's id in the graph.
        mode: How far it acts.
    """

    name: str
    graph: str
    organization: str
    procedure: str
    mode: Mode

    def program(self, connection: Connection) -> Program:
        """Give the program of it.

        Raises:
            WorkError: One of its documents is not kept.
        """
        return program(connection, self.graph, self.organization, self.procedure)


def versions(connection: Connection) -> list[Version]:
    """Give every deployed procedure with what new runs of it start under, by name.

    It stays so until the transaction ends.
    """
    _hold(connection)
    return [_version(row) for row in connection.execute(_DEPLOYED.order_by(procedures.c.name))]


def version(connection: Connection, name: str) -> Version:
    """Give what new runs of a deployed procedure start under, until the transaction ends.

    Raises:
        UsageError: Nothing is deployed under this name.
    """
    _hold(connection)
    row = connection.execute(_DEPLOYED.where(procedures.c.name == name)).one_or_none()
    if row is not None:
        return _version(row)
    known = list(connection.execute(select(procedures.c.name)).scalars())
    near = get_close_matches(name, known, n=1)
    hint = "`sopc deploy GRAPHFILE` deploys one"
    within = sorted(each for each in known if each.startswith(f"{name}/"))
    if within:
        hint = f"the graph has several: {', '.join(f'`{each}`' for each in within)}"
    elif near:
        hint = f"did you mean `{near[0]}`"
    elif known:
        hint = f"deployed: {', '.join(f'`{each}`' for each in sorted(known))}"
    raise UsageError(f"no procedure `{name}` is deployed", hint=hint)


def begin(
    connection: Connection,
    *,
    name: str,
    run: str,
    started: Started,
    under: Version | None = None,
    cause: str | None = None,
) -> bool:
    """Start a run, in the caller's transaction; one with the same id is started once.

    It runs under the version that is deployed as `name`, or under another that the caller gives (a
    procedure that is called, and deployed nowhere). `started.mode` is the mode of the run.

    Returns:
        Whether it was new.

    Raises:
        UsageError: Nothing is deployed under this name, and the caller gives nothing.
    """
    taken = under or version(connection, name)
    row = {
        "id": run,
        "name": name,
        "graph": taken.graph,
        "organization": taken.organization,
        "procedure": taken.procedure,
        "mode": started.mode.value,
        "status": "running",
        "parent": started.parent,
        "started": started.at,
        "ended": None,
        "state": "",
        "journal_seq": 0,
        "journal_hash": "",
    }
    if connection.execute(insert_once(connection, runs).values(row)).rowcount != 1:
        return False
    return post(connection, run, started, key=STARTED, cause=cause)


DEPLOYED_LOCK = 0x736F7064
"""What PostgreSQL locks for who changes what is deployed: a number that nothing else locks."""

_DEPLOYED = select(procedures)
_SHARED = select(func.pg_advisory_xact_lock_shared(literal(DEPLOYED_LOCK, BigInteger)))


def _hold(connection: Connection) -> None:
    """Let nobody change what is deployed, or its mode, before the run that starts is to be seen."""
    if connection.dialect.name == "postgresql":
        connection.execute(_SHARED)


def _version(row: Any) -> Version:
    return Version(
        name=row.name,
        graph=row.graph,
        organization=row.organization,
        procedure=row.procedure,
        mode=Mode(row.mode),
    )
