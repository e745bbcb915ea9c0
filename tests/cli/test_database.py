"""What all commands of the runtime have alike: where the database is, and who is at it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sopc.cli.app import app

READERS = (
    ("inbox",),
    ("done", "1", "--by", "Ana Ruiz"),
    ("runs",),
    ("runs", "show", "r1"),
    ("procedures",),
    ("deliveries",),
    ("replay", "--all"),
    ("journal", "verify"),
    ("agreement", "show", "refunds"),
    ("promote", "refunds", "--by", "Ana Ruiz"),
    ("pause", "refunds", "--by", "Ana Ruiz", "--reason", "late"),
)


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_a_misspelt_folder_is_no_empty_database(words: tuple[str, ...], tmp_path: Path) -> None:
    """It is refused by its name, and nothing is made there."""
    folder = tmp_path / "misspelt"
    done = CliRunner().invoke(app, [*words, "--data", str(folder)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: there is no database in `{folder}`\n")
    assert not folder.exists()


def test_the_environment_says_where_the_database_is(tmp_path: Path) -> None:
    """`SOPC_DATA` is as good as `--data`, which wins."""
    told = CliRunner().invoke(app, ["inbox"], env={"SOPC_DATA": str(tmp_path / "a")})
    assert f"`{tmp_path / 'a'}`" in told.stderr
    given = ["inbox", "--data", str(tmp_path / "b")]
    assert f"`{tmp_path / 'b'}`" in CliRunner().invoke(app, given, env={"SOPC_DATA": "a"}).stderr


@pytest.mark.parametrize(
    "words",
    [
        ("promote", "refunds"),
        ("demote", "refunds", "--reason", "late"),
        ("pause", "refunds", "--reason", "late"),
        ("resume", "refunds"),
        ("runs", "cancel", "r1", "--reason", "late"),
        ("journal", "erase", "--run", "r1"),
    ],
    ids=" ".join,
)
def test_the_environment_says_who_for_all_commands(words: tuple[str, ...], tmp_path: Path) -> None:
    """Without `--by`, `SOPC_PERSON` is asked for; with it, the command goes on to its work."""
    lacking = CliRunner().invoke(app, [*words, "--data", str(tmp_path)], env={"SOPC_PERSON": ""})
    assert lacking.exit_code == 2
    assert lacking.stderr.startswith("error: missing option '--by'\nhelp: `SOPC_PERSON` says it")
    env = {"SOPC_PERSON": "Ana Ruiz"}
    told = CliRunner().invoke(app, [*words, "--data", str(tmp_path)], env=env)
    assert told.stderr.startswith("error: there is no database in")


def test_a_time_is_asked_for_in_plain_words(tmp_path: Path) -> None:
    """No format of a programming language is shown."""
    words = ["journal", "export", "--since", "22.11.2026", "--data", str(tmp_path)]
    done = CliRunner().invoke(app, words)
    assert "is no time as `2026-01-31` or `2026-01-31T09:00:00`" in done.stderr
    assert "%" not in done.stderr
