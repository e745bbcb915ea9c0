"""Connector `sql`, on real SQLite files."""

import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from runtime.connectors.conformance import SECRET, VARIABLE, Conformance
from sopc.errors import UsageError
from sopc.graph import DataField, DataType, Failure
from sopc.organization import Binding, Operation, Organization, System
from sopc_runtime.connectors import sql
from sopc_runtime.connectors.connector import CannotLookUpError, ConnectorError, Request
from sopc_runtime.connectors.sql import SqlConnector
from sopc_runtime.connectors.sql_value import plain

NAME = DataField(name="name", type=DataType.STRING)
OPERATIONS = (
    Operation(
        name="add",
        inputs=(NAME, DataField(name="note", type=DataType.STRING, required=False)),
        statement="insert into clients (name, note) values (:name, :note)",
        effect="write",
    ),
    Operation(
        name="find",
        inputs=(NAME,),
        outputs=(DataField(name="id", type=DataType.INTEGER), NAME),
        statement="select id, name, note from clients where name = :name order by id",
        effect="read",
    ),
    Operation(name="all", statement="select name from clients order by id", effect="read"),
    Operation(
        name="listed",
        outputs=(DataField(name="rows", type=DataType.LIST, items=DataType.OBJECT),),
        statement="select name from clients order by id",
        effect="read",
    ),
    Operation(
        name="wrongly_typed",
        outputs=(DataField(name="name", type=DataType.INTEGER),),
        statement="insert into clients (name) values ('x') returning name",
    ),
    Operation(name="sneaky", statement="delete from clients", effect="read"),
    Operation(name="broken", statement="select * from nowhere", effect="read"),
    Operation(
        name="for_ever",
        statement="with recursive n(i) as (select 1 union all select i + 1 from n)"
        " select count(*) as n from n",
        effect="read",
    ),
    Operation(
        name="once",
        statement="insert into clients (name, note) values (:name, :idempotency_key)"
        " on conflict (note) do nothing",
        idempotent=True,
    ),
    Operation(name="tool"),
    Operation(name="huge", statement="select zeroblob(20000000) as content", effect="read"),
    Operation(
        name="count",
        inputs=(DataField(name="number", type=DataType.INTEGER),),
        statement="select :number as number",
        effect="read",
    ),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "crm.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute(
            "create table clients (id integer primary key, name text not null"
            " check (name <> 'nobody'), note text unique)"
        )
        connection.commit()
    return path


def database(url: str, **settings: Any) -> SqlConnector:
    binding = Binding(connector="sql", settings={"url": url, **settings})
    system = System(id="crm", name="CRM", binding=binding, operations=OPERATIONS)
    return SqlConnector(system, Organization(name="T", systems=(system,)), Path())


@pytest.fixture
def crm(file: Path) -> Iterator[SqlConnector]:
    made = database(f"sqlite:///{file}")
    yield made
    made.close()


def names(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("select name from clients order by id")]


def ask(operation: str, **inputs: Any) -> Request:
    return Request(operation=operation, inputs=inputs, key="k", timeout=5)


def failure(crm: SqlConnector, request: Request) -> ConnectorError:
    with pytest.raises(ConnectorError) as told:
        crm.perform(request)
    return told.value


class TestSql(Conformance):
    @pytest.fixture
    def connector(self, crm: SqlConnector) -> SqlConnector:
        return crm

    @pytest.fixture
    def asked(self) -> Request:
        return ask("add", name="Acme")

    @pytest.fixture
    def received(self, file: Path) -> Callable[[], int]:
        return lambda: len(names(file))

    @pytest.fixture
    def incomplete(self) -> Request:
        return ask("add", note="a")

    @pytest.fixture
    def refused(self) -> Request:
        return ask("add", name="nobody")

    @pytest.fixture
    def slow(self) -> None:
        """A statement that is stopped certainly did nothing; a test of its own shows it."""

    @pytest.fixture
    def unreachable(self, monkeypatch: pytest.MonkeyPatch) -> tuple[SqlConnector, Request]:
        url = f"postgresql+psycopg://sopc:{SECRET.replace('/', '')}@127.0.0.1:9/crm"
        monkeypatch.setenv(VARIABLE, url)
        return database(f"env:{VARIABLE}"), ask("all")


def test_values_are_bound_and_never_executed(crm: SqlConnector, file: Path) -> None:
    name = "x'); drop table clients; --"
    assert crm.perform(ask("add", name=name)).values == {"rows_changed": 1}
    assert names(file) == [name]
    assert crm.perform(ask("find", name=name)).values == {"id": 1, "name": name}
    assert crm.perform(ask("all")).values == {"name": name, "rows": [{"name": name}]}
    assert crm.perform(ask("listed")).values == {"rows": [{"name": name}]}
    assert crm.render(ask("add", name=name)) == {
        "statement": "insert into clients (name, note) values (:name, :note)",
        "parameters": {"name": name, "note": None},
    }


def test_a_row_that_there_is_not_is_not_found(crm: SqlConnector) -> None:
    told = failure(crm, ask("find", name="Acme"))
    assert (told.failure, told.certain) == (Failure.NOT_FOUND, True)
    assert crm.perform(ask("listed")).values == {"rows": []}
    assert crm.perform(ask("all")).values == {"rows": []}


def test_what_does_not_fit_is_not_committed(crm: SqlConnector, file: Path) -> None:
    told = failure(crm, ask("wrongly_typed"))
    assert (told.failure, told.certain) == (Failure.MISSING_DATA, True)
    assert names(file) == []


def test_what_only_reads_cannot_change_anything(crm: SqlConnector, file: Path) -> None:
    crm.perform(ask("add", name="Acme"))
    told = failure(crm, ask("sneaky"))
    assert (told.failure, told.certain) == (Failure.REFUSED, True)
    assert names(file) == ["Acme"]
    crm.perform(ask("add", name="Bell"))
    assert names(file) == ["Acme", "Bell"]


def test_a_statement_that_takes_too_long_is_stopped(crm: SqlConnector, file: Path) -> None:
    told = failure(crm, replace(ask("for_ever"), timeout=0.15))
    assert (told.failure, told.certain) == (Failure.TIMED_OUT, True)
    crm.perform(ask("add", name="Acme"))
    assert names(file) == ["Acme"]


def test_more_than_a_run_can_carry_is_refused(crm: SqlConnector) -> None:
    """Before it is written in another way, which would take several times as much."""
    told = failure(crm, ask("huge"))
    assert str(told) == "statement `huge` gives more than 10,000,000 bytes"


def test_a_number_that_no_column_holds_is_missing_data(crm: SqlConnector) -> None:
    """And not a failure of the connector itself."""
    told = failure(crm, ask("count", number=2**63))
    assert (told.failure, str(told)) == (Failure.MISSING_DATA, "input `number` is beyond 64 bits")


def test_a_database_that_is_locked_is_unavailable(crm: SqlConnector, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        told = failure(crm, replace(ask("add", name="Acme"), timeout=0.1))
    assert told.failure in {Failure.UNAVAILABLE, Failure.TIMED_OUT}
    assert told.certain
    assert names(file) == []


def test_a_statement_may_keep_the_key_so_that_it_is_done_once(
    crm: SqlConnector, file: Path
) -> None:
    crm.perform(ask("once", name="Acme"))
    crm.perform(ask("once", name="Acme"))
    assert names(file) == ["Acme"]
    with pytest.raises(CannotLookUpError):
        crm.look_up(ask("once", name="Acme"))


def test_more_rows_than_agreed_are_refused(file: Path) -> None:
    crm = database(f"sqlite:///{file}", most_rows=2)
    for name in ("a", "b"):
        crm.perform(ask("add", name=name))
    assert len(crm.perform(ask("all")).values["rows"]) == 2
    crm.perform(ask("add", name="c"))
    assert failure(crm, ask("all")).failure is Failure.REFUSED
    crm.close()


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (ask("broken"), Failure.REFUSED),
        (ask("drop"), Failure.REFUSED),
        (ask("tool"), Failure.REFUSED),
        (ask("add", name=["a"]), Failure.MISSING_DATA),
        (ask("add", name="a", admin="b"), Failure.REFUSED),
    ],
)
def test_what_cannot_be_asked_is_told(crm: SqlConnector, request_: Request, kind: Failure) -> None:
    told = failure(crm, request_)
    assert (told.failure, told.certain) == (kind, True)


def test_only_operations_with_statements_are_offered(crm: SqlConnector) -> None:
    assert [each.name for each in crm.operations()] == [
        each.name for each in OPERATIONS if each.statement
    ]


def test_values_of_all_types_are_given_as_in_json(file: Path) -> None:
    operation = Operation(
        name="types", statement="select 1.5 as n, x'00ff' as b, null as u", effect="read"
    )
    binding = Binding(connector="sql", settings={"url": f"sqlite:///{file}"})
    system = System(id="crm", name="CRM", binding=binding, operations=(operation,))
    crm = SqlConnector(system, Organization(name="T", systems=(system,)), Path())
    assert crm.perform(ask("types")).values["rows"] == [{"n": 1.5, "b": "AP8=", "u": None}]
    crm.close()


def test_a_file_is_meant_relative_to_the_organization_file(file: Path) -> None:
    binding = Binding(connector="sql", settings={"url": f"sqlite:///{file.name}"})
    system = System(id="crm", name="CRM", binding=binding, operations=OPERATIONS)
    crm = SqlConnector(system, Organization(name="T", systems=(system,)), file.parent)
    crm.perform(ask("add", name="Acme"))
    assert names(file) == ["Acme"]
    crm.close()


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/db", ""])
def test_a_url_of_no_database_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="binding of system `CRM`"):
        database(url)


def test_numbers_without_end_are_given_as_they_are() -> None:
    """PostgreSQL has them."""
    assert plain(Decimal("Infinity")) == float("inf")


def test_a_server_that_says_nothing_is_not_waited_for_without_end() -> None:
    """It takes the connection, and no more."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql+psycopg://127.0.0.1:{silent.getsockname()[1]}/x?connect_timeout=2"
        told = failure(database(address), ask("all"))
    assert (told.failure, told.certain) == (Failure.UNAVAILABLE, True)
    assert sql._hasty(make_url("postgresql+psycopg://h/x")).query == {"connect_timeout": "10"}  # noqa: SLF001 # it is not waited for
    assert sql._hasty(make_url(address)).query == {"connect_timeout": "2"}  # noqa: SLF001 # same
