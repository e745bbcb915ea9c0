"""Taking a database of an earlier release further: columns that came since are added, empty.

Nothing is ever taken away or renamed, so that a database serves the earlier release as well.
"""

from typing import Any

from sqlalchemy import Column, Connection, Engine, func, inspect, select, text
from sqlalchemy.schema import CreateColumn

from sopc_runtime.store.tables import metadata

# Any number that nothing else in the database locks.
_LOCK = 0x736F7065


def alone(connection: Connection) -> None:
    """Wait until no other process makes tables or columns, and keep others waiting.

    SQLite has one writer at a time as it is.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def add_missing_columns(engine: Engine) -> None:
    """Add the columns that the tables lack; where none is missing, nothing is locked."""
    with engine.execution_options(sopc_reads=True).connect() as connection:
        if not _missing(connection):
            return
    with engine.begin() as connection:
        alone(connection)
        for column in _missing(connection):
            told = CreateColumn(column).compile(dialect=engine.dialect)
            # Names and types are those of the program's own tables.
            connection.execute(text(f'ALTER TABLE "{column.table.name}" ADD COLUMN {told}'))


def _missing(connection: Connection) -> list[Column[Any]]:
    found = {
        table: {column["name"] for column in columns}
        for (_, table), columns in inspect(connection).get_multi_columns().items()
    }
    return [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if table.name in found and column.name not in found[table.name]
    ]
