"""Statements that every step needs: compiled once, and handed straight to the database's driver.

Where SQLite itself takes some microseconds for a statement, SQLAlchemy takes ten times as long to
carry it out. What is written and read here is the same; errors are SQLAlchemy's too.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
_Read = Callable[[Any], Any]


class Prepared:
    """A statement with parameters, for either kind of database.

    Args:
        statement: What is prepared; its parameters are `bindparam`s, and for an insert or update
            the columns whose values are given. It may not have `IN` lists.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def send(self, connection: Connection, values: Values) -> "Sent":
        """Carry it out; within `together`, what came of it is known only after that."""
        compiled = self.compiled(connection.dialect, values)
        with _translated(connection):
            raw: Any = connection.connection.driver_connection
            return Sent(compiled, raw.execute(compiled.sql, compiled.parameters(values)))

    def one(self, connection: Connection, values: Values) -> Any | None:
        """Carry it out, and give its first row."""
        return self.send(connection, values).one()

    def compiled(self, dialect: Dialect, values: Values) -> "_Compiled":
        """Give it in a database's words, for values of these names."""
        key = dialect.name, *values
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = _Compiled(self._statement, dialect, values)
        return found


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement that was carried out, or will be by the end of `together`."""

    _compiled: "_Compiled"
    _cursor: Any

    @property
    def count(self) -> int:
        """How many rows it changed."""
        return int(self._cursor.rowcount)

    def one(self) -> Any | None:
        """Give its first row, None if there is none: its columns are attributes."""
        row = self._cursor.fetchone()
        return None if row is None else self._compiled.row(row)

    def all(self) -> list[Any]:
        """Give its rows."""
        return [self._compiled.row(each) for each in self._cursor.fetchall()]


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Send what is prepared within it to PostgreSQL in one go, and wait once.

    Nothing that is not prepared may be carried out within it.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    raw: Any = connection.connection.driver_connection
    with _translated(connection), raw.pipeline():
        yield


def write(connection: Connection, writes: Sequence[tuple[Prepared, Values]]) -> None:
    """Carry out inserts and updates of different rows, whose outcomes nobody needs.

    PostgreSQL gets a few as one statement, and more in one go.
    """
    if connection.dialect.name != "postgresql" or len(writes) < _TWO:
        for prepared, values in writes:
            prepared.send(connection, values)
    elif len(writes) > _FEW:
        with together(connection):
            for prepared, values in writes:
                prepared.send(connection, values)
    else:
        each = [prepared.compiled(connection.dialect, values) for prepared, values in writes]
        parameters = {
            f"w{number}_{name}": value
            for number, (one, (_, values)) in enumerate(zip(each, writes, strict=True))
            for name, value in one.parameters(values).items()
        }
        with _translated(connection):
            raw: Any = connection.connection.driver_connection
            raw.execute(_as_one(tuple(one.sql for one in each)), parameters)


_TWO = 2
# Each number and order of statements is a statement of its own, which the server keeps.
_FEW = 8


@lru_cache(maxsize=256)
def _as_one(statements: tuple[str, ...]) -> str:
    """Put PostgreSQL's statements into one; the last one is in its place, the others before it."""
    numbered = [
        _PARAMETER.sub(rf"%(w{number}_\1)s", each) for number, each in enumerate(statements)
    ]
    first = ", ".join(f"w{number} AS ({each})" for number, each in enumerate(numbered[:-1]))
    return f"WITH {first} {numbered[-1]}"


_PARAMETER = re.compile(r"%\((\w+)\)s")


class _Compiled:
    """A statement in one database's words, with the ways in and out for its values."""

    def __init__(
        self, statement: Select[Any] | Insert | Update | Delete, dialect: Dialect, values: Values
    ) -> None:
        given = None if isinstance(statement, Select) else list(values)
        compiled = statement.compile(dialect=dialect, column_keys=given)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 # statements are compiled so
        self.sql = compiled.string
        self._constant = {
            name: value for name, value in compiled.params.items() if name not in values
        }
        self._written = {
            name: process
            for name, each in compiled.binds.items()
            if (process := each.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        self._order = compiled.positiontup
        self.row: Callable[[Any], Any] = tuple
        if isinstance(statement, Select):
            columns = statement.selected_columns
            named: Any = namedtuple("Row", columns.keys())  # type: ignore[misc] # noqa: PYI024
            self._make: Callable[[Iterable[Any]], Any] = named._make
            self._read: list[tuple[int, _Read]] = [
                (place, process)
                for place, each in enumerate(columns)
                if (process := each.type.dialect_impl(dialect).result_processor(dialect, None))
                is not None
            ]
            self.row = self._as_row

    def parameters(self, values: Values) -> Any:
        """Give the values as the driver takes them."""
        given = {**self._constant, **values}
        for name, process in self._written.items():
            given[name] = process(given[name])
        return given if self._order is None else [given[name] for name in self._order]

    def _as_row(self, raw: Any) -> Any:
        if not self._read:
            return self._make(raw)
        row = list(raw)
        for place, process in self._read:
            row[place] = process(row[place])
        return self._make(row)


@contextmanager
def _translated(connection: Connection) -> Iterator[None]:
    """Raise the driver's errors as SQLAlchemy does; a connection that is gone is taken out."""
    driver = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raw: Any = connection.connection.driver_connection
        gone = connection.dialect.is_disconnect(error, raw, None)
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None,
            None,
            error,
            driver.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=connection.dialect,
        ) from error
