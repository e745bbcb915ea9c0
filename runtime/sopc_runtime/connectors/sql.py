"""Connector `sql`: named statements of the organization file, on any database."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import Field
from sqlalchemy import URL, Connection, Engine, TextClause, create_engine, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from sopc.errors import UsageError
from sopc.graph import DataField, Failure
from sopc.organization import Operation, Organization, System
from sopc_runtime.connectors import given
from sopc_runtime.connectors.connector import CannotLookUpError, ConnectorError, Reply, Request
from sopc_runtime.connectors.secret import SecretOrText, masked, masked_values, revealed
from sopc_runtime.connectors.settings import Settings, settings_of
from sopc_runtime.connectors.sql_value import plain
from sopc_runtime.core.value import problems_with

ROWS = "rows"
CHANGED = "rows_changed"

_LARGEST = 10_000_000
_WHOLE = 2**63


class SqlSettings(Settings):
    """How a database is reached."""

    url: SecretOrText
    """the database's URL, as `postgresql+psycopg://host/name` or `sqlite:///file.db`; `env:NAME`
    where a password is in it"""

    most_rows: int = Field(default=1000, gt=0, le=100_000)
    """how many rows a statement may give; 1000 unless said"""


class SqlConnector:
    """Runs statements, each in a transaction of its own; inputs are bound, never pasted in."""

    def __init__(
        self,
        system: System,
        organization: Organization,  # noqa: ARG002 # as every connector is made
        root: Path,
    ) -> None:
        self._root = root
        self._name = system.name
        self._settings = settings_of(system, SqlSettings)
        self._operations = {
            each.name: each for each in system.operations if each.statement is not None
        }
        self._statements = {
            name: text(each.statement or "") for name, each in self._operations.items()
        }
        self._lock = threading.Lock()
        self._kept: Engine | None = None
        if isinstance(self._settings.url, str):
            self._engine().dispose()
            self._kept = None

    def check(self) -> str:
        """Connect, and ask for a row."""
        with self._failures(), self._transaction(self._settings.within(20), reads=True) as one:
            one.execute(text("select 1"))
            kind = one.dialect.name
        return f"{kind} database, {len(self._operations)} statements"

    def operations(self) -> tuple[Operation, ...]:
        """Give the statements of the organization file: a database tells of none."""
        return tuple(self._operations.values())

    def render(self, request: Request) -> dict[str, Any]:
        """Give the statement and what is bound to its names."""
        operation, statement = self._asked(request)
        rendered = {
            "statement": operation.statement,
            "parameters": _parameters(statement, operation, request),
        }
        return dict(masked_values(rendered, self._settings.secrets))

    def perform(self, request: Request) -> Reply:
        """Run the statement, and commit."""
        operation, statement = self._asked(request)
        parameters = _parameters(statement, operation, request)
        reads = operation.effect == "read"
        with (
            self._failures(),
            self._transaction(self._settings.within(request.timeout), reads=reads) as one,
        ):
            result = one.execute(statement, parameters)
            values: dict[str, Any] = {}
            if result.returns_rows:
                rows = result.fetchmany(self._settings.most_rows + 1)
                self._refuse_huge(operation, rows)
                names = list(result.keys())
                values[ROWS] = [
                    {name: plain(value) for name, value in zip(names, row, strict=True)}
                    for row in rows
                ]
            else:
                values[CHANGED] = max(result.rowcount, 0)
            # What does not fit is told before anything is committed.
            values = self._outputs(operation, values)
        return Reply(values=values)

    def look_up(self, request: Request) -> Reply | None:  # noqa: ARG002 # the protocol's
        """A database keeps no keys of requests."""
        raise CannotLookUpError("a database cannot be asked what came of a statement")

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            engine, self._kept = self._kept, None
        if engine is not None:
            engine.dispose()

    def _asked(self, request: Request) -> tuple[Operation, TextClause]:
        name = request.operation or ""
        if name not in self._operations:
            known = ", ".join(f"`{each}`" for each in self._operations)
            given.refuse(
                f"system `{self._name}` has no statement `{name}`",
                hint=f"it has {known}" if known else "operations of it need a `statement`",
            )
        return self._operations[name], self._statements[name]

    def _refuse_huge(self, operation: Operation, rows: Sequence[Sequence[Any]]) -> None:
        """Refuse more than a run can carry, before it is written in another way."""
        kinds = str | bytes | memoryview
        if sum(len(each) for row in rows for each in row if isinstance(each, kinds)) > _LARGEST:
            given.refuse(
                f"statement `{operation.name}` gives more than {_LARGEST:,} bytes",
                hint="let it give less of large columns",
            )

    def _outputs(self, operation: Operation, values: dict[str, Any]) -> dict[str, Any]:
        """Give the columns of the first row, and all rows where no outputs or these are stated."""
        rows = values.get(ROWS, [])
        if len(rows) > self._settings.most_rows:
            given.refuse(
                f"statement `{operation.name}` gives more than {self._settings.most_rows:,} rows",
                hint="let it give fewer, or raise setting `most_rows`",
            )
        first = rows[0] if rows else {}
        found = {**first, **values}
        if not operation.outputs:
            return found
        stated = {each.name: found.get(each.name) for each in operation.outputs}
        ours = {ROWS, CHANGED}
        if ROWS in values and not rows and _required(operation.outputs, ours):
            raise ConnectorError(Failure.NOT_FOUND, f"statement `{operation.name}` finds no row")
        problems = problems_with(stated, operation.outputs)
        if problems:
            message = f"in what statement `{operation.name}` gives, {', '.join(problems)}"
            raise ConnectorError(Failure.MISSING_DATA, message)
        return {name: value for name, value in stated.items() if value is not None}

    def _engine(self) -> Engine:
        with self._lock:
            if self._kept is None:
                try:
                    url = _hasty(self._within_root(make_url(revealed(self._settings.url))))
                    self._kept = create_engine(url, pool_pre_ping=True, pool_timeout=30)
                except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
                    reason = "" if not isinstance(self._settings.url, str) else f": {error}"
                    raise UsageError(
                        f"binding of system `{self._name}`: setting `url` names no database"
                        f" that can be reached{reason}",
                        hint="write it as `postgresql+psycopg://host/name` or `sqlite:///file.db`",
                    ) from None
            return self._kept

    def _within_root(self, url: URL) -> URL:
        """Give a file's path as all paths of the organization file are meant: relative to it."""
        if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
            return url
        return url.set(database=str(self._root / str(url.database)))

    @contextmanager
    def _transaction(self, timeout: float, *, reads: bool) -> Iterator[Connection]:
        try:
            engine = self._engine()
        except UsageError as error:
            raise ConnectorError(Failure.REFUSED, str(error), hint=error.hint) from None
        committing = False
        with engine.connect() as connection, _limited(connection, timeout, reads=reads) as late:
            try:
                yield connection
                if reads:
                    connection.rollback()
                else:
                    committing = True
                    connection.commit()
            except (OperationalError, InterfaceError, DisconnectionError) as error:
                if late.is_set() or _says_timeout(error):
                    raise ConnectorError(
                        Failure.TIMED_OUT,
                        f"system `{self._name}` does not answer in time",
                        certain=not committing,
                    ) from None
                if committing:
                    raise self._error(Failure.UNAVAILABLE, error, certain=False) from None
                raise

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError, DisconnectionError, NoConnectionFreeError) as e:
            failure = Failure.REFUSED if _is_wrong(e) else Failure.UNAVAILABLE
            raise self._error(failure, e) from None
        except SQLAlchemyError as error:
            raise self._error(Failure.REFUSED, error) from None

    def _error(
        self, failure: Failure, error: SQLAlchemyError, *, certain: bool = True
    ) -> ConnectorError:
        # The statement and its parameters, and the details below, may hold what is private.
        told = str(error.orig if isinstance(error, DBAPIError) else error)
        says = told.strip().partition("\n")[0][:300]
        message = masked(f"system `{self._name}`: {says}", self._settings.secrets)
        return ConnectorError(failure, message, certain=certain)


def _hasty(url: URL) -> URL:
    """Wait for PostgreSQL to answer at all, which it would else do without end."""
    if url.drivername not in {"postgresql", "postgresql+psycopg", "postgresql+psycopg2"}:
        return url
    return url.update_query_dict({"connect_timeout": "10", **url.query})


@contextmanager
def _limited(connection: Connection, timeout: float, *, reads: bool) -> Iterator[threading.Event]:
    """Let statements take so long, and those that read change nothing."""
    late = threading.Event()
    if connection.dialect.name == "postgresql":
        milliseconds = max(1, int(timeout * 1000))
        connection.execute(text(f"set local statement_timeout = {milliseconds}"))
        if reads:
            connection.execute(text("set transaction read only"))
        yield late
        return
    if connection.dialect.name != "sqlite":
        yield late
        return
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101 # it is checked out

    def interrupt() -> None:
        late.set()
        raw.interrupt()

    raw.execute(f"pragma busy_timeout = {int(timeout * 1000)}")
    raw.execute(f"pragma query_only = {int(reads)}")
    timer = threading.Timer(timeout, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        raw.execute("pragma query_only = 0")


def _parameters(statement: TextClause, operation: Operation, request: Request) -> dict[str, Any]:
    names = tuple(statement.compile().params)
    inputs = {**request.inputs}
    if "idempotency_key" in names and request.key:
        inputs.setdefault("idempotency_key", request.key)
    optional = {
        each.name for each in operation.inputs if isinstance(each, DataField) and not each.required
    }
    given.known_inputs(request, dict.fromkeys((*names, *operation.input_names)))
    for name in dict.fromkeys((*names, *operation.required_inputs)):
        if inputs.get(name) is None and name not in optional:
            given.missing(name)
        if isinstance(inputs.get(name), dict | list):
            raise ConnectorError(Failure.MISSING_DATA, f"input `{name}` is no single value")
        if isinstance(inputs.get(name), int) and not -_WHOLE <= inputs[name] < _WHOLE:
            raise ConnectorError(Failure.MISSING_DATA, f"input `{name}` is beyond 64 bits")
    return {name: inputs.get(name) for name in names}


def _required(outputs: tuple[DataField, ...], ours: set[str]) -> bool:
    return any(each.required and each.name not in ours for each in outputs)


def _is_wrong(error: SQLAlchemyError) -> bool:
    """Tell whether SQLite calls a statement wrong, which other databases tell by the class."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code is not None and code & 0xFF in {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_READONLY}


def _says_timeout(error: SQLAlchemyError) -> bool:
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state == "57014"  # PostgreSQL: query canceled
