"""Prepared statements write and read what SQLAlchemy does, on both databases."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, bindparam, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from sopc_runtime.store.database import postgres_engine, prepare, sqlite_engine
from sopc_runtime.store.kept import KeptConnections
from sopc_runtime.store.prepared import Prepared, together, write
from sopc_runtime.store.tables import notes, timers

AT = datetime(2026, 3, 2, 12, 30, 0, 123456, tzinfo=UTC)

ADD = Prepared(insert(timers))
FIND = Prepared(
    select(timers, exists().where(notes.c.key == timers.c.run).label("noted"))
    .where(timers.c.run == bindparam("of_run"))
    .order_by(timers.c.timer)
)
MOVE = Prepared(
    update(timers)
    .where(timers.c.run == bindparam("of_run"), timers.c.timer != "b")
    .values(timer="moved")
)
DROP = Prepared(delete(timers).where(timers.c.run == bindparam("of_run")))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = sqlite_engine(tmp_path / "sopc.db")
    else:
        name = request.node.name.replace("test_", "")[-50:]
        made = postgres_engine(request.getfixturevalue("server").database(name))
    prepare(made)
    yield made
    made.dispose()


def _timer(name: str, run: str = "r") -> dict[str, object]:
    return {"run": run, "timer": name, "due": AT}


def test_rows_are_those_of_sqlalchemy(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(notes).values(key="r", value=""))
        ADD.send(connection, _timer("a"))
        ADD.send(connection, _timer("b", run="other"))
        assert connection.execute(select(timers).where(timers.c.run == "r")).one() == ("r", "a", AT)
        row = FIND.one(connection, {"of_run": "r"})
        assert row is not None
        assert (row.run, row.timer, row.due, row.noted) == ("r", "a", AT, True)
        assert [each.noted for each in FIND.send(connection, {"of_run": "other"}).all()] == [False]
        assert FIND.one(connection, {"of_run": "none"}) is None


def test_an_update_changes_the_columns_that_are_given_and_counts_its_rows(engine: Engine) -> None:
    later = AT.replace(year=2027)
    with engine.begin() as connection:
        for name in "ab":
            ADD.send(connection, _timer(name))
        assert MOVE.send(connection, {"of_run": "r", "due": later}).count == 1
        assert MOVE.send(connection, {"of_run": "none"}).count == 0
        found = FIND.send(connection, {"of_run": "r"}).all()
        assert [(each.timer, each.due) for each in found] == [("b", AT), ("moved", later)]
        assert MOVE.send(connection, {"of_run": "r"}).count == 1
        assert DROP.send(connection, {"of_run": "r"}).count == 2


def test_what_is_sent_together_is_known_afterwards_in_its_order(engine: Engine) -> None:
    with engine.begin() as connection:
        with together(connection):
            added = ADD.send(connection, _timer("a"))
            found = FIND.send(connection, {"of_run": "r"})
            dropped = DROP.send(connection, {"of_run": "r"})
            again = FIND.send(connection, {"of_run": "r"})
        assert (added.count, dropped.count) == (1, 1)
        assert [each.timer for each in found.all()] == ["a"]
        assert again.one() is None
        assert list(connection.execute(select(timers))) == []


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 9, 40])
def test_everything_is_written_however_much_it_is(engine: Engine, count: int) -> None:
    later = AT.replace(year=2027)
    with engine.begin() as connection:
        ADD.send(connection, _timer("there", run="other"))
        change = (MOVE, {"of_run": "other", "due": later})
        write(connection, [*((ADD, _timer(f"t{number:02}")) for number in range(count)), change])
        write(connection, [(ADD, _timer(f"u{number}")) for number in range(min(count, 3))])
        kept = connection.execute(select(timers).order_by(timers.c.run, timers.c.timer)).all()
    assert kept == [
        ("other", "moved", later),
        *(("r", f"t{number:02}", AT) for number in range(count)),
        *(("r", f"u{number}", AT) for number in range(min(count, 3))),
    ]


def test_errors_are_sqlalchemys_and_leave_nothing_behind(engine: Engine) -> None:
    kept = KeptConnections(engine)

    def one_by_one() -> None:
        with kept.begin() as connection:
            ADD.send(connection, _timer("a"))
            ADD.send(connection, _timer("a"))

    def as_one() -> None:
        with kept.begin() as connection, together(connection):
            for name in ("a", "a", "b"):
                ADD.send(connection, _timer(name))

    def written() -> None:
        with kept.begin() as connection:
            write(connection, [(ADD, _timer(name)) for name in ("b", "a", "a")])

    for fails in (one_by_one, as_one, written):
        with pytest.raises(IntegrityError):
            fails()
    with kept.begin() as connection:
        assert FIND.one(connection, {"of_run": "r"}) is None


def test_a_thread_keeps_its_connection_until_one_fails(engine: Engine) -> None:
    kept = KeptConnections(engine)
    with kept.begin() as first:
        first.execute(insert(notes).values(key="a", value=""))
    with kept.begin() as second:
        assert second is first
        assert second.execute(select(notes.c.key)).scalars().all() == ["a"]
    others = []

    def other() -> None:
        with kept.begin() as connection:
            others.append(connection)
        kept.release()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert others[0] is not first
    assert others[0].closed

    def fail() -> None:
        with kept.begin() as connection:
            others.append(connection)
            connection.execute(insert(notes).values(key="b", value=""))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert others[1].closed
    with kept.begin() as fourth:
        assert fourth is not first
        assert fourth.execute(select(notes.c.key)).scalars().all() == ["a"]
    kept.release()
    kept.release()
    assert fourth.closed


def test_a_connection_that_the_server_ended_is_an_outage_once(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("a file ends no connections")
    kept = KeptConnections(engine)
    with kept.begin() as connection:
        FIND.one(connection, {"of_run": "r"})
    with engine.begin() as other:
        other.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    def look() -> None:
        with kept.begin() as connection:
            FIND.one(connection, {"of_run": "r"})

    with pytest.raises(OperationalError) as raised:
        look()
    assert raised.value.connection_invalidated
    with kept.begin() as connection:
        assert FIND.one(connection, {"of_run": "r"}) is None
    kept.release()
