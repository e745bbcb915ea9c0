"""Verification finds whatever was done to the journal behind the program's back."""
# ruff: noqa: S608 # the statements are the tests' own

from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.journal.journaled_runs import (
    NOON,
    PROGRAM,
    a_database,
    a_run,
    an_ended_run,
    entries,
    written,
)
from sopc.errors import UsageError
from sopc_runtime.core.event import Started
from sopc_runtime.core.mode import Mode
from sopc_runtime.journal.canonical import digest_of, hash_of
from sopc_runtime.journal.chain import INSTANCE
from sopc_runtime.journal.entry import draft_event
from sopc_runtime.journal.verify import verify


def journaled(folder: Path) -> Engine:
    engine = a_database(folder)
    for run in ("r1", "r2", "r3"):
        an_ended_run(engine, run)
    a_run(engine, "waits-for-its-first-worker")
    assert not verify(engine).breaks
    return engine


def changed(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        assert connection.exec_driver_sql(statement).rowcount > 0


def told(engine: Engine, run: str | None = None) -> dict[str, str]:
    return {each.run: each.says for each in verify(engine, run=run).breaks}


ALTERED = "entry 6 was altered, or stands where it was not written"
COLUMNS = [
    ("at", "at + 1", ALTERED),
    ("kind", "'decision:remark'", ALTERED),
    ("step", "'other'", ALTERED),
    ("step", "NULL", ALTERED),
    ("actor", "'Eve'", ALTERED),
    ("graph", "'0'", ALTERED),
    ("cause", "1", ALTERED),
    ("cause", "NULL", ALTERED),
    ("data", "'{}'", "the data of entry 6 was altered"),
    ("data", "NULL", "the data of entry 6 was altered"),
    ("salt", "'00'", "the data of entry 6 was altered"),
    ("salt", "NULL", "the data of entry 6 was altered"),
    ("digest", "'00'", "the data of entry 6 was altered"),
    ("hash", "'00'", ALTERED),
    ("seq", "60", "entry 6 is missing"),
]


@pytest.mark.parametrize(
    ("column", "value", "says"), COLUMNS, ids=[f"{each[0]} becomes {each[1]}" for each in COLUMNS]
)
def test_a_change_of_any_column_is_found(
    tmp_path: Path, column: str, value: str, says: str
) -> None:
    """The first entry that is not as written is named, and other runs stay whole."""
    engine = journaled(tmp_path)
    changed(engine, f"UPDATE journal SET {column} = {value} WHERE run = 'r2' AND seq = 6")
    assert told(engine) == {"r2": says}


def test_signs_that_move_from_the_salt_to_the_data_are_found(tmp_path: Path) -> None:
    """The digest is of both together, and stays the same."""
    engine = journaled(tmp_path)
    moved = "data = substr(salt, 32) || data, salt = substr(salt, 1, 31)"
    changed(engine, f"UPDATE journal SET {moved} WHERE run = 'r2' AND seq = 6")
    assert told(engine) == {"r2": "the data of entry 6 was altered"}


@pytest.mark.parametrize("data", ["sealed?", "[" * 100_000 + '"sealed"'])
def test_data_that_is_no_json_is_found_where_all_hashes_were_made_anew(
    tmp_path: Path, data: str
) -> None:
    """Whoever rewrites a chain may write anything."""
    engine = journaled(tmp_path)
    digest = digest_of("0" * 32, data)
    changed(
        engine,
        f"UPDATE journal SET data = '{data}', salt = '{'0' * 32}', digest = '{digest}'"
        " WHERE run = 'r2' AND seq = 6",
    )
    previous = ""
    for entry in entries(engine, "r2"):
        previous = hash_of(previous, entry._asdict())
        changed(
            engine, f"UPDATE journal SET hash = '{previous}' WHERE run='r2' AND seq={entry.seq}"
        )
    assert told(engine) == {"r2": "the data of entry 6 was altered"}


def test_an_entry_of_another_run_is_found(tmp_path: Path) -> None:
    """Moved to another run, it is missing here and foreign there."""
    engine = journaled(tmp_path)
    changed(engine, "UPDATE journal SET run = 'r3', seq = 10 WHERE run = 'r2' AND seq = 9")
    assert told(engine) == {
        "r2": "the chain was cut: it ends with entry 8 of 9",
        "r3": "entry 10 was altered, or stands where it was not written",
    }


def test_a_missing_entry_is_found(tmp_path: Path) -> None:
    """Taken from the middle, and taken from the beginning."""
    engine = journaled(tmp_path)
    changed(engine, "DELETE FROM journal WHERE run = 'r2' AND seq = 6")
    changed(engine, "DELETE FROM journal WHERE run = 'r3' AND seq = 1")
    assert told(engine) == {"r2": "entry 6 is missing", "r3": "entry 1 is missing"}


def test_entries_in_another_order_are_found(tmp_path: Path) -> None:
    """Two entries that changed places, with everything in them as it was."""
    engine = journaled(tmp_path)
    for before, after in ((2, 99), (3, 2), (99, 3)):
        changed(engine, f"UPDATE journal SET seq = {after} WHERE run = 'r2' AND seq = {before}")
    assert told(engine) == {"r2": "entry 2 was altered, or stands where it was not written"}


def test_a_cut_chain_is_found_by_the_run_s_row(tmp_path: Path) -> None:
    """The last entries are gone."""
    engine = journaled(tmp_path)
    changed(engine, "DELETE FROM journal WHERE run = 'r2' AND seq > 7")
    assert told(engine) == {"r2": "the chain was cut: it ends with entry 7 of 9"}


def test_a_cut_chain_is_found_by_the_instance_where_the_row_was_changed_too(
    tmp_path: Path,
) -> None:
    """The row says that the chain ends there; the chain `*` knows better."""
    engine = journaled(tmp_path)
    changed(engine, "DELETE FROM journal WHERE run = 'r2' AND seq > 7")
    changed(
        engine,
        "UPDATE runs SET journal_seq = 7, journal_hash ="
        " (SELECT hash FROM journal WHERE run = 'r2' AND seq = 7) WHERE id = 'r2'",
    )
    assert told(engine) == {"r2": "the chain was cut: it ends with entry 7 of 9"}


def test_a_rewritten_chain_is_found_by_the_instance(tmp_path: Path) -> None:
    """All hashes of a run are made anew, and its row is changed: `*` holds the first and last."""
    engine = journaled(tmp_path)
    changed(engine, "UPDATE journal SET actor = 'Eve' WHERE run = 'r2' AND seq = 5")
    previous = ""
    for entry in entries(engine, "r2"):
        previous = hash_of(previous, entry._asdict())
        changed(
            engine, f"UPDATE journal SET hash = '{previous}' WHERE run='r2' AND seq={entry.seq}"
        )
    changed(engine, f"UPDATE runs SET journal_hash = '{previous}' WHERE id = 'r2'")
    assert told(engine) == {"r2": f"entry 9 is not the one that the chain `{INSTANCE}` holds"}


def test_a_deleted_run_is_found(tmp_path: Path) -> None:
    """With its row and all entries gone, and with its row alone gone."""
    engine = journaled(tmp_path)
    changed(engine, "DELETE FROM journal WHERE run = 'r2'")
    changed(engine, "DELETE FROM vault WHERE run = 'r2'")
    changed(engine, "DELETE FROM runs WHERE id IN ('r2', 'r3')")
    assert told(engine) == {"r2": "the run is gone", "r3": "the run is gone"}
    assert told(engine, "r2") == {"r2": "the run is gone"}


def test_a_deleted_journal_of_a_run_that_is_there_is_found(tmp_path: Path) -> None:
    """Even if its row says that there never was one."""
    engine = journaled(tmp_path)
    changed(engine, "DELETE FROM journal WHERE run = 'r2'")
    changed(engine, "UPDATE runs SET journal_seq = 0, journal_hash = '' WHERE id = 'r2'")
    assert told(engine) == {"r2": "the chain was cut: it ends with entry 0 of 9"}


def test_an_entry_added_by_hand_is_found(tmp_path: Path) -> None:
    """Chained as it should be, but not told to the run's row."""
    engine = journaled(tmp_path)
    changed(
        engine,
        "INSERT INTO journal SELECT run, 10, at, kind, step, actor, graph, cause, data, salt,"
        " digest, '' FROM journal WHERE run = 'r2' AND seq = 9",
    )
    [*_, before, last] = entries(engine, "r2")
    made = hash_of(before.hash, last._asdict())
    changed(engine, f"UPDATE journal SET hash = '{made}' WHERE run = 'r2' AND seq = 10")
    assert told(engine) == {"r2": "entry 10 was added by hand"}


def test_a_run_s_row_with_another_hash_is_found(tmp_path: Path) -> None:
    """The row and the chain have to agree."""
    engine = journaled(tmp_path)
    changed(engine, "UPDATE runs SET journal_hash = '00' WHERE id = 'r2'")
    assert told(engine) == {"r2": "entry 9 is not the last one that was written"}


def test_a_changed_instance_chain_is_found(tmp_path: Path) -> None:
    """Altered in the middle; and cut, so that it misses a run's end, then its start."""
    engine = journaled(tmp_path)
    changed(engine, "DELETE FROM journal WHERE run = '*' AND seq = 6")
    assert told(engine) == {"r3": "the chain `*` does not hold its end"}
    changed(engine, "DELETE FROM journal WHERE run = '*' AND seq = 5")
    assert told(engine) == {"r3": "the chain `*` does not hold its start"}
    changed(engine, "UPDATE journal SET data = 'no JSON' WHERE run = '*' AND seq = 2")
    assert told(engine) == {
        "*": "the data of entry 2 was altered",
        "r1": "what the chain `*` holds about it was altered",
        "r3": "the chain `*` does not hold its start",
    }


def test_a_noted_head_shows_that_a_run_was_taken_away_with_its_milestones(tmp_path: Path) -> None:
    """Whoever takes all traces of the last run leaves chains that are whole, but not the head."""
    engine = journaled(tmp_path)
    head = verify(engine).head
    assert not verify(engine, head=head).breaks
    for statement in (
        "DELETE FROM journal WHERE run = 'r3' OR (run = '*' AND seq > 4)",
        "DELETE FROM vault WHERE run = 'r3'",
        "DELETE FROM runs WHERE id = 'r3'",
    ):
        changed(engine, statement)
    assert not verify(engine).breaks
    [found] = verify(engine, head=head).breaks
    assert found.says == f"no entry has the hash `{head}` that was noted"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault SET value = '\"eve@example.org\"' WHERE run = 'r2' AND ref LIKE 'v%'",
        "UPDATE vault SET value = '00' WHERE run = 'r2' AND ref = 'salt'",
        "DELETE FROM vault WHERE run = 'r2' AND ref = 'salt'",
    ],
)
def test_a_changed_sealed_value_is_found(tmp_path: Path, statement: str) -> None:
    """What the vault keeps has to fit its reference."""
    engine = journaled(tmp_path)
    changed(engine, statement)
    assert told(engine).keys() == {"r2"}
    assert "was altered" in told(engine)["r2"]


def test_one_run_can_be_verified_by_itself(tmp_path: Path) -> None:
    """Another run's break is not told, and the counts are of this run and the instance."""
    engine = journaled(tmp_path)
    changed(engine, "UPDATE journal SET actor = 'Eve' WHERE run = 'r2' AND seq = 6")
    found = verify(engine, run="r1")
    assert (found.runs, found.entries, found.breaks) == (1, 9 + 6, [])
    with pytest.raises(UsageError, match="there is no run `r9`"):
        verify(engine, run="r9")


@pytest.mark.parametrize(
    "column",
    [
        "at = 'noon'",
        "at = 9223372036854775807",
        "data = x'ff00'",
        "data = CAST(x'ff' AS TEXT)",
        "salt = x'ff'",
        "kind = x'ff'",
        "step = CAST(x'ff' AS TEXT)",
        "hash = x'ff'",
    ],
)
def test_what_no_column_should_hold_is_found_as_any_change(tmp_path: Path, column: str) -> None:
    """SQLite keeps anything anywhere: no text, no UTF-8, no instant."""
    engine = journaled(tmp_path)
    changed(engine, f"UPDATE journal SET {column} WHERE run = 'r2' AND seq = 6")
    found = told(engine)
    assert found.pop("r2") in {ALTERED, "the data of entry 6 was altered"}
    assert not found


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE runs SET id = x'ff' WHERE id = 'r2'", "the run is gone"),
        ("UPDATE runs SET journal_seq = 'q' WHERE id = 'r2'", "what its row says of its chain"),
        ("UPDATE journal SET run = x'ff' WHERE run = 'r2' AND seq = 9", "the chain was cut"),
        ("""UPDATE journal SET data = '{"seq":"x","hash":3}' WHERE step = 'r2'""", "was altered"),
    ],
    ids=["its row is another's", "its row counts in words", "its entry is another's", "its start"],
)
def test_rows_that_were_spoilt_are_found(tmp_path: Path, statement: str, says: str) -> None:
    """Whatever stands there, verifying ends with an answer."""
    engine = journaled(tmp_path)
    changed(engine, statement)
    assert says in told(engine)["r2"]


def test_a_sealed_value_that_is_gone_without_a_record_is_found(tmp_path: Path) -> None:
    """One of them, or all with their salt; a value that looks like a reference is none."""
    engine = journaled(tmp_path)
    changed(engine, "DELETE FROM vault WHERE run = 'r1'")
    changed(engine, "DELETE FROM vault WHERE run = 'r2' AND ref LIKE 'v%'")
    gone = told(engine)
    assert gone.keys() == {"r1", "r2"}
    assert all("is gone, and no erasure is recorded" in each for each in gone.values())
    forged = {"sealed": "v" + "0" * 24, "shown": "x", "more": 1}
    started = Started(at=NOON, run="r4", mode=Mode.AUTONOMOUS, values={"plan": forged})
    a_run(engine, "r4")
    written(engine, "r4", draft_event(started, PROGRAM))
    assert "r4" not in told(engine)
