"""Databases of earlier releases."""

from pathlib import Path

from sqlalchemy import inspect, text

from sopc_runtime.store.database import open_database, prepare
from sopc_runtime.store.tables import metadata, notes, outbox


def _columns(folder: Path) -> dict[str, set[str]]:
    engine = open_database(folder)
    found = {
        table: {column["name"] for column in inspect(engine).get_columns(table)}
        for table in metadata.tables
    }
    engine.dispose()
    return found


def test_columns_that_came_since_are_added_and_what_stands_there_is_kept(tmp_path: Path) -> None:
    """Opening is enough."""
    engine = open_database(tmp_path)
    with engine.begin() as connection:
        connection.execute(notes.insert().values(key="a", value="b"))
        for column in (outbox.c.due, outbox.c.delivered):
            connection.execute(text(f"ALTER TABLE outbox DROP COLUMN {column.name}"))
    engine.dispose()
    assert _columns(tmp_path) == {
        name: {column.name for column in table.columns} for name, table in metadata.tables.items()
    }
    engine = open_database(tmp_path)
    with engine.begin() as connection:
        assert connection.execute(notes.select()).one() == ("a", "b")
    engine.dispose()


def test_a_database_that_lacks_nothing_is_opened_while_another_program_writes(
    tmp_path: Path,
) -> None:
    """Nothing is locked for it."""
    engine = open_database(tmp_path)
    other = open_database(tmp_path)
    with engine.begin() as connection:
        connection.execute(notes.insert().values(key="a", value="b"))
        prepare(other)
    for each in (engine, other):
        each.dispose()
