"""Databases of earlier releases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crash_cluster import Server
from sqlalchemy import Engine, inspect, text

from sopc_runtime.store.database import open_database, postgres_engine, prepare
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


def test_processes_that_open_a_new_database_at_once_make_it_together(server: Server) -> None:
    """They wait for each other, at the tables as at the columns."""
    url = server.database("together")
    for lacks in ("DROP TABLE IF EXISTS nothing", "ALTER TABLE outbox DROP COLUMN due"):
        engines = [postgres_engine(url) for _ in range(3)]
        with engines[0].begin() as connection:
            connection.execute(text(lacks))
        at_once = threading.Barrier(len(engines))

        def opens(engine: Engine, at_once: threading.Barrier = at_once) -> None:
            with engine.connect():
                at_once.wait()
            prepare(engine)

        with ThreadPoolExecutor(len(engines)) as openers:
            assert list(openers.map(opens, engines)) == [None] * len(engines)
        assert "due" in {each["name"] for each in inspect(engines[0]).get_columns("outbox")}
        for each in engines:
            each.dispose()


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
