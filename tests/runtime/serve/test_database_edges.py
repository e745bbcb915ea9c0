"""Databases that are none, are others', or are held; and numbers and names beyond measure."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from runtime.triggers.deployed import deploy, graph
from sopc.cli import failure
from sopc.cli.app import app
from sopc.errors import SopcError, UsageError
from sopc_runtime.store.database import open_database, postgres_engine, reading
from sopc_runtime.store.tables import runs


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOPC_DATABASE_URL", raising=False)


def _sopc(folder: Path, *words: str) -> Any:
    return CliRunner().invoke(app, [*words, "--data", str(folder)], env={"NO_COLOR": "1"})


def _another_program_s(folder: Path) -> None:
    with sqlite3.connect(folder / "sopc.db") as connection:
        connection.execute("CREATE TABLE runs (distance)")
    connection.close()


def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    """Not even a table is added to it."""
    _another_program_s(tmp_path)
    before = (tmp_path / "sopc.db").read_bytes()
    with pytest.raises(UsageError, match="is a database of another program"):
        open_database(tmp_path)
    with sqlite3.connect(tmp_path / "sopc.db") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("runs",)]
    connection.close()
    assert before[:16] == b"SQLite format 3\x00"


@pytest.mark.parametrize("name", ["a?mode=memory", "100%", "a#b", "ä ö"])
def test_a_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    """It is a path, and no part of a URL."""
    open_database(tmp_path / name).dispose()
    assert (tmp_path / name / "sopc.db").is_file()


def test_a_database_that_is_held_can_be_read(tmp_path: Path) -> None:
    """Opening it takes no lock where there is nothing to make."""
    open_database(tmp_path).dispose()
    holder = sqlite3.connect(tmp_path / "sopc.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    opened = open_database(tmp_path)
    with reading(opened).connect() as connection:
        assert connection.execute(select(runs.c.id)).all() == []
    opened.dispose()
    holder.close()


def test_what_fails_in_a_database_quotes_no_values(tmp_path: Path) -> None:
    """Neither in what is logged nor in what is told."""
    opened = open_database(tmp_path)
    with opened.connect() as connection, pytest.raises(OperationalError) as caught:
        connection.execute(text("SELECT :who FROM nowhere"), {"who": "ana@example.org"})
    opened.dispose()
    assert "ana@example.org" not in str(caught.value)
    told = failure._as_told(caught.value)  # noqa: SLF001 # what the command line tells
    assert str(told) == "the database cannot be used: no such table: nowhere"


@pytest.mark.parametrize("rest", ["u:hunter2@127.0.0.1:port/x", "u:hunter2@h:70000000000x/y"])
def test_a_url_that_cannot_be_read_is_refused_without_its_password(rest: str) -> None:
    """As a mistake of whoever set it."""
    with pytest.raises(SopcError) as caught:
        postgres_engine(f"postgresql://{rest}")
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    "words",
    [("inbox", "9" * 30), ("deliveries", "show", "9" * 30), ("runs", "--limit", "9" * 30)],
    ids=" ".join,
)
def test_numbers_beyond_measure_are_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    """No database holds them."""
    open_database(tmp_path).dispose()
    result = _sopc(tmp_path, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "larger than any that a database holds" in result.stderr


@pytest.mark.parametrize("name", ["", "  ", "Eve\nAdmin", "\x1b[2J", "x" * 201])
def test_nobody_pauses_under_a_name_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """The journal keeps names for good."""
    opened = open_database(tmp_path)
    with opened.begin() as connection:
        deploy(connection, "refunds", graph("refunds"))
    opened.dispose()
    result = _sopc(tmp_path, "pause", "refunds", "--by", name, "--reason", "why")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error: " in result.stderr
    assert _sopc(tmp_path, "pause", "refunds", "--by", "Eve", "--reason", "why").exit_code == 0
