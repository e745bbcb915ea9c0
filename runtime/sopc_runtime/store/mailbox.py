"""Telling runs what happened: events wait in the database until a worker hands them over."""

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from sopc_runtime.core.event import EVENT, Event
from sopc_runtime.store.tables import mail


def insert_once(connection: Connection, table: Table) -> Insert:
    """Give an insert that does nothing where a row with the same unique key stands already.

    Its result's `rowcount` is how many rows it added.
    """
    if connection.dialect.name == "postgresql":
        insert: Insert = postgresql.insert(table).on_conflict_do_nothing()
    else:
        insert = sqlite.insert(table).on_conflict_do_nothing()
    # Inserts are not counted on PostgreSQL unless that is asked for.
    return insert.execution_options(preserve_rowcount=True)


def post(
    connection: Connection, run: str, event: Event, *, key: str, cause: str | None = None
) -> bool:
    """Tell a run an event; the same `key` told twice is told once.

    Returns:
        Whether it was new.
    """
    row = {
        "run": run,
        "key": key,
        "event": EVENT.dump_json(event).decode(),
        "cause": cause,
        "taken": None,
    }
    return connection.execute(insert_once(connection, mail).values(row)).rowcount == 1
