"""Opening the database: SQLite in one file by default, PostgreSQL by its URL."""

import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from sopc.errors import UsageError, WorkError
from sopc_runtime.store.tables import metadata
from sopc_runtime.store.turn import TurnConnection
from sopc_runtime.store.upgrade import add_missing_columns, alone

URL_VARIABLE = "SOPC_DATABASE_URL"
FILE_NAME = "sopc.db"

_BUSY_SECONDS = 30
_CONNECT_SECONDS = 10
_POOL = 20

_FIRST = frozenset({"documents", "procedures", "runs", "mail"})
"""The tables that every version of sopc has made together."""


def sqlite_engine(path: Path) -> Engine:
    """Open a database file, made if there is none: WAL, every commit on disk, one writer at a time.

    Write transactions begin with the lock (`BEGIN IMMEDIATE`), so that none fails half-way.

    Raises:
        UsageError: The file cannot be made or is no database.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make folder `{path.parent}`: {error.strerror}") from None
    turns = threading.Lock()

    def connect(*args: Any, **kwargs: Any) -> TurnConnection:
        connection = TurnConnection(*args, **kwargs)
        connection.turns = turns
        return connection

    engine = create_engine(
        # Put together, because a folder may be called anything.
        URL.create("sqlite", database=str(path)),
        # The values of statements are people's data, which failures are not to quote.
        hide_parameters=True,
        connect_args={
            "timeout": _BUSY_SECONDS,
            "check_same_thread": False,
            "factory": connect,
        },
        poolclass=QueuePool,
        # Each connection keeps pages and statements, so that few of them are used while few do.
        pool_use_lifo=True,
        pool_size=_POOL,
        max_overflow=_POOL,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver's own BEGIN is deferred, and fails where two of them turn into writers.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, TurnConnection)  # noqa: S101 # it was made so
        reads = connection.get_execution_options().get("sopc_reads", False)
        try:
            raw.begin(_BUSY_SECONDS if not reads else None)
        except sqlite3.Error as error:
            raise OperationalError("BEGIN", None, error) from error

    return engine


def postgres_engine(url: str) -> Engine:
    """Open a PostgreSQL database by its URL, as `postgresql://user@host/name`.

    Raises:
        UsageError: The URL is none of PostgreSQL.
    """
    scheme, mark, rest = url.partition("://")
    if not mark or scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise UsageError(
            f"`{scheme}` is no database that sopc can use",
            hint=f"set {URL_VARIABLE} to `postgresql://USER@HOST/NAME`, or leave it out",
        )
    try:
        return create_engine(
            f"postgresql+psycopg://{rest}",
            hide_parameters=True,
            # Who waits for a row wants it as it is then, whatever the server's settings are.
            isolation_level="READ COMMITTED",
            connect_args={} if "connect_timeout" in rest else {"connect_timeout": _CONNECT_SECONDS},
            pool_size=_POOL,
            max_overflow=_POOL,
            pool_pre_ping=True,
        )
    except (ArgumentError, ValueError):
        # What is wrong may be within the password, so it is not quoted.
        raise UsageError(
            "the URL of the database cannot be read",
            hint=f"set {URL_VARIABLE} to `postgresql://USER@HOST:PORT/NAME`",
        ) from None


def prepare(engine: Engine) -> None:
    """Make the tables and columns that are missing; where none is, nothing is locked.

    Raises:
        UsageError: It is a file of another program.
        WorkError: The database cannot be reached.
    """
    try:
        with reading(engine).connect() as connection:
            found = set(inspect(connection).get_table_names())
        if engine.dialect.name == "sqlite" and found and not found >= _FIRST:
            raise UsageError(
                f"`{engine.url.database}` is a database of another program",
                hint="`--data` names a folder for sopc's own",
            )
        if metadata.tables.keys() - found:
            with engine.begin() as connection:
                alone(connection)
                metadata.create_all(connection)
        add_missing_columns(engine)
    except DBAPIError as error:
        raise WorkError(
            f"cannot use the database: {str(error.orig).splitlines()[0]}",
            hint="check that it is there, and that it may be written to",
        ) from None


def reading(engine: Engine) -> Engine:
    """Give the same database for reading only: its transactions take no lock."""
    return engine.execution_options(sopc_reads=True)


def open_database(data: Path | None = None) -> Engine:
    """Open the database that settings name, and make its tables.

    That is the one of `SOPC_DATABASE_URL` unless `data` is given; else the file `sopc.db` in the
    folder `data`, or in the user's data folder.

    Raises:
        UsageError: The place is no place for a database.
        WorkError: The database cannot be reached.
    """
    url = os.environ.get(URL_VARIABLE)
    if url and data is None:
        engine = postgres_engine(url)
    else:
        engine = sqlite_engine((data or user_data_path("sopc")) / FILE_NAME)
    prepare(engine)
    return engine
