"""What is deployed of a procedure: its graph and organization as they were kept, and who signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, func, literal, select

from sopc.errors import WorkError
from sopc.graph import StepGraph
from sopc.graph.file import loads_graph
from sopc.organization import Organization, loads_organization
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.deployment.signature import counting, signers
from sopc_runtime.store.run_start import DEPLOYED_LOCK, version
from sopc_runtime.store.tables import documents, procedures, runs


@dataclass(frozen=True)
class DeployedVersion:
    """One deployed procedure, with the version that new runs start under.

    Attributes:
        name: The procedure's name.
        row: Its row.
        program: What runs go by.
        signers: Whose sign-offs of this version count.
    """

    name: str
    row: Row[Any]
    program: Program
    signers: tuple[str, ...]

    @property
    def mode(self) -> Mode:
        """How far new runs act."""
        return Mode(self.row.mode)

    @property
    def organization(self) -> Organization | None:
        """The organization file that it was deployed with."""
        return self.program.organization

    @property
    def since(self) -> datetime:
        """When it came into its mode."""
        since: datetime = self.row.mode_since
        return since


def hold_deployed(connection: Connection) -> None:
    """Keep others from changing what is deployed, or its mode, until the transaction ends.

    To be called before what the change goes by is read: else a version could be promoted that
    nobody signed, because it was deployed meanwhile. It also gives all who lock several procedures,
    and the journal's chain `*`, one order. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        key = literal(DEPLOYED_LOCK, BigInteger)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def deployed_version(connection: Connection, name: str) -> DeployedVersion:
    """Give what is deployed under a name.

    Raises:
        UsageError: Nothing is; the hint names the nearest.
    """
    version(connection, name)
    row = connection.execute(select(procedures).where(procedures.c.name == name)).one()
    return _version(connection, row)


def deployed_versions(connection: Connection) -> list[DeployedVersion]:
    """Give everything that is deployed, by name."""
    rows = connection.execute(select(procedures).order_by(procedures.c.name)).all()
    return [_version(connection, row) for row in rows]


def _version(connection: Connection, row: Row[Any]) -> DeployedVersion:
    # Not from the cache of programs: a graph may have been signed since it was first kept.
    graph = kept_graph(connection, row.graph)
    organization = kept_organization(connection, row.organization)
    program = Program(graph, organization, row.procedure)
    return DeployedVersion(row.name, row, program, signers(counting(graph, organization)))


def kept_graph(connection: Connection, digest: str) -> StepGraph:
    """Give a graph by its hash, with the sign-offs that it has by now.

    Raises:
        WorkError: It is not kept.
    """
    return loads_graph(_text(connection, digest), digest[:12]).graph


def kept_organization(connection: Connection, digest: str) -> Organization | None:
    """Give an organization by its hash; None for the empty one.

    Raises:
        WorkError: It is not kept.
    """
    return loads_organization(_text(connection, digest), digest[:12]) if digest else None


def _text(connection: Connection, digest: str) -> str:
    found = select(documents.c.text).where(documents.c.hash == digest)
    text = connection.execute(found).scalar_one_or_none()
    if text is None:
        raise WorkError(f"the database does not hold document `{digest[:12]}`")
    return str(text)


def counted_runs(connection: Connection) -> dict[str, dict[str, int]]:
    """Count the runs of every procedure by their status."""
    counts: dict[str, dict[str, int]] = {}
    asked = select(runs.c.name, runs.c.status, func.count()).group_by(runs.c.name, runs.c.status)
    for name, status, count in connection.execute(asked):
        counts.setdefault(name, {})[status] = count
    return counts
