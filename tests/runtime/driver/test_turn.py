"""Threads of one process queue for a SQLite file, and none of them keeps its turn for ever."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from sopc_runtime.driver.hands import Hands
from sopc_runtime.store.database import prepare, reading, sqlite_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = sqlite_engine(tmp_path / "sopc.db")
    prepare(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counted (number INTEGER)"))
        connection.execute(text("INSERT INTO counted VALUES (0)"))
    yield engine
    engine.dispose()


def _add(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE counted SET number = number + 1"))


def _count(engine: Engine) -> int:
    with reading(engine).connect() as connection:
        return int(connection.execute(text("SELECT number FROM counted")).scalar_one())


def test_every_thread_gets_its_turn_and_no_write_is_lost(engine: Engine) -> None:
    threads = [threading.Thread(target=lambda: [_add(engine) for _ in range(20)]) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert _count(engine) == 120


def test_reading_waits_for_nobody(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE counted SET number = 7"))
        begun = time.monotonic()
        assert _count(engine) == 0
        assert time.monotonic() - begun < 1


def test_a_transaction_that_is_given_up_gives_its_turn_back(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin():
        raise ZeroDivisionError
    _add(engine)
    assert _count(engine) == 1


def test_whoever_cannot_begin_gives_its_turn_back_and_says_that_the_file_is_locked(
    engine: Engine,
) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        _add(engine)
    other.execute("ROLLBACK")
    other.close()
    _add(engine)
    assert _count(engine) == 1


def test_a_commit_that_fails_keeps_the_turn_until_it_is_rolled_back(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(
            text(
                "CREATE TABLE child (of INTEGER REFERENCES parent (id)"
                " DEFERRABLE INITIALLY DEFERRED)"
            )
        )
    with pytest.raises(Exception, match="FOREIGN KEY"), engine.begin() as connection:
        connection.execute(text("INSERT INTO child VALUES (1)"))
    _add(engine)
    assert _count(engine) == 1


def test_a_thread_that_came_back_is_lent_again_and_one_that_hangs_is_not() -> None:
    hands, lent, free = Hands(), [], threading.Event()
    begun = threading.Semaphore(0)

    def ask(wait: threading.Event | None = None) -> threading.Event:
        done = threading.Event()

        def work() -> None:
            lent.append(threading.get_ident())
            begun.release()
            if wait is not None:
                wait.wait(60)

        hands.lend(work, done.set)
        assert begun.acquire(timeout=60)
        return done

    assert ask().wait(60)
    assert ask().wait(60)
    assert lent[0] == lent[1]
    hanging = ask(free)
    assert ask().wait(60)
    assert lent[3] != lent[2]
    free.set()
    assert hanging.wait(60)
    hands.close()
