"""`sopc journal`: what it prints, where, and what it exits with."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from runtime.journal.journaled_runs import SENSITIVE, a_database, an_ended_run, entries
from sopc.cli.app import app


def journal(folder: Path, *words: str) -> Any:
    """Call `sopc journal` without colours."""
    arguments = ["journal", *words, "--data", str(folder)]
    return CliRunner().invoke(app, arguments, env={"NO_COLOR": "1"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    an_ended_run(engine, "r2")
    engine.dispose()
    return tmp_path


def test_a_run_is_shown_as_a_timeline(folder: Path) -> None:
    """One entry a line, in words, with marks for what is sealed."""
    done = journal(folder, "show", "r1")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("r1: welcome, done, autonomous, graph ")
    calls = "calls mailer.send: text Pay to ‹sealed›, please, to ‹sealed›"
    assert lines[2:] == [
        "2026-03-02 12:00:00.000Z     2  greet/0  begins",
        "2026-03-02 12:00:00.000Z     3  greet  asks boss: Greet (approval)",
        "2026-03-02 12:00:00.000Z     4  -  waits until 2026-03-02T12:02:00Z (d)",
        "2026-03-02 12:01:00.000Z     5  -  task t1: approve (fine) [Rui]",
        f"2026-03-02 12:01:00.000Z     6  greet/0  {calls}",
        '2026-03-02 12:02:00.000Z     7  -  call succeeded: call c1, values {"reply": "‹sealed›"}',
        "2026-03-02 12:02:00.000Z     8  greet/0  done: reply ‹sealed›",
        lines[-1],
    ]
    assert "run ends: done: " in lines[-1]
    assert not [each for each in SENSITIVE if each.lower() in done.stdout.lower()]


def test_a_run_that_is_not_there_is_wrong_usage(folder: Path) -> None:
    """For showing, verifying and erasing alike."""
    for words in (("show", "r9"), ("verify", "--run", "r9"), ("erase", "--run", "r9", "--by", "R")):
        done = journal(folder, *words)
        assert done.exit_code == 2
        assert "there is no run `r9`" in done.stderr


def test_a_journal_as_written_verifies(folder: Path) -> None:
    """A plain count, and the head to note."""
    head = entries(a_database(folder), "*")[-1].hash
    done = journal(folder, "verify")
    assert done.exit_code == 0
    assert done.stdout == f"22 entries of 2 runs, all as written\nhead: {head}\n"
    assert journal(folder, "verify", "--run", "r1", "--head", head).exit_code == 0
    assert journal(folder, "verify", "--run", "*").exit_code == 0


def test_a_break_makes_the_exit_code_one(folder: Path) -> None:
    """Each broken run has a line of its own."""
    with a_database(folder).begin() as connection:
        connection.exec_driver_sql("UPDATE journal SET actor = 'Eve' WHERE run = 'r2' AND seq = 5")
    done = journal(folder, "verify")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[:2] == [
        "r2: entry 5 was altered, or stands where it was not written",
        "22 entries of 2 runs; 1 chain broken",
    ]
    assert journal(folder, "verify", "--run", "r1").exit_code == 0


@pytest.mark.parametrize(
    "change",
    [
        "data = 'so it was'",
        "data = x'ff00'",
        "data = replace(hex(zeroblob(50000)), '00', '[')",
        "step = CAST(x'ff' AS TEXT)",
        "at = 'noon'",
        "at = 9e18",
    ],
)
@pytest.mark.parametrize("words", [("show", "r2"), ("export",)])
def test_an_entry_that_cannot_be_read_is_named(
    folder: Path, words: tuple[str, ...], change: str
) -> None:
    """What comes before it is told, and where to learn more."""
    with a_database(folder).begin() as connection:
        connection.exec_driver_sql(f"UPDATE journal SET {change} WHERE run = 'r2' AND seq = 5")  # noqa: S608 # the test's own
    done = journal(folder, *words)
    assert done.exit_code == 3
    assert "entry 5 of the journal of `r2` cannot be read: it is not what was" in done.stderr
    assert "`sopc journal verify` tells what else is not" in done.stderr
    assert len(done.stdout.splitlines()) == (5 if words[0] == "show" else 17)
    assert journal(folder, "verify").exit_code == 1


def test_nothing_is_erased_after_an_export_that_cannot_be_written(folder: Path) -> None:
    """What cannot be read cannot be exported either."""
    with a_database(folder).begin() as connection:
        connection.exec_driver_sql("UPDATE journal SET data = '?' WHERE run = 'r2' AND seq = 5")
    out = folder / "out.jsonl"
    done = journal(folder, "erase", "--run", "r2", "--by", "Rui", "--export", str(out))
    assert done.exit_code == 3
    assert "entry 5 of the journal of `r2` cannot be read" in done.stderr
    assert [each for each in entries(a_database(folder), "*") if each.kind == "erased"] == []


def test_entries_are_exported_as_lines_of_json(folder: Path) -> None:
    """To stdout or a file, of a run, and between two instants."""
    rows = [json.loads(each) for each in journal(folder, "export").stdout.splitlines()]
    assert [(each["run"], each["seq"]) for each in rows] == [
        *(("*", number) for number in range(1, 5)),
        *(("r1", number) for number in range(1, 10)),
        *(("r2", number) for number in range(1, 10)),
    ]
    out = folder / "out.jsonl"
    done = journal(
        folder, "export", "--run", "r1", "--since", "2026-03-02T12:01:00",
        "--until", "2026-03-02T13:02:00+0100", "--out", str(out),
    )  # fmt: skip
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"wrote `{out.as_posix()}`\n"
    seqs = [json.loads(each)["seq"] for each in out.read_text(encoding="utf-8").splitlines()]
    assert seqs == [5, 6]
    assert journal(folder, "export", "--since", "2027-01-01").stdout == ""


def test_runs_are_erased_after_their_export(folder: Path) -> None:
    """The export never replaces a file that is there."""
    out = folder / "out.jsonl"
    words = ("erase", "--before", "2026-04-01", "--by", "Rui", "--export", str(out))
    done = journal(folder, *words)
    assert (done.exit_code, done.stdout) == (0, "erased 18 entries of 2 runs\n")
    assert len(out.read_text(encoding="utf-8").splitlines()) == 18
    again = journal(folder, *words)
    assert again.exit_code == 2
    assert "is there already" in again.stderr
    assert "the content of 18 erased, all as written" in journal(folder, "verify").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--by", "R"), "give either `--run` or `--before`"),
        (("--by", "R", "--run", "r1", "--before", "2026-01-01"), "give either"),
        (("--by", " ", "--run", "r1"), "`--by` is empty"),
    ],
)
def test_it_has_to_be_said_what_is_erased_and_by_whom(
    folder: Path, words: tuple[str, ...], says: str
) -> None:
    """Nothing is erased otherwise."""
    done = journal(folder, "erase", *words)
    assert done.exit_code == 2
    assert says in done.stderr
    assert journal(folder, "erase", "--run", "r1").exit_code == 2
    assert "erased" not in journal(folder, "verify").stdout
