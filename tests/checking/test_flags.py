"""Flags of `sopc check` that do not fit together, and output that cannot be written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from checking.graphs import CLEAN, FAILS, WARNS, accepting
from sopc.cli.app import app


def _sopc(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A graph with a warning."""
    path = tmp_path / "refunds.sop.yaml"
    path.write_text(WARNS, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "flags",
    [
        ["--strict", "--fail-on", "error"],
        ["--statistics", "--format", "sarif"],
        ["--statistics", "--diff"],
        ["--watch", "--fix"],
        ["--watch", "--diff"],
        ["--diff", "--grow-baseline"],
    ],
)
def test_flags_that_exclude_each_other_are_refused(file: Path, flags: list[str]) -> None:
    """Rather than that one of them silently does nothing."""
    result = _sopc("check", file, *flags)
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr
    assert result.stdout == ""


def test_exit_zero_holds_for_findings_and_differences(file: Path) -> None:
    """But not for a file that cannot be read."""
    assert _sopc("check", file, "--strict").exit_code == 1
    assert _sopc("check", file, "--exit-zero").exit_code == 0
    file.write_text(FAILS, encoding="utf-8")
    assert _sopc("check", file, "--exit-zero").exit_code == 0
    unused = accepting(CLEAN, "rule: SOP301, reason: as it is")
    file.write_text(unused, encoding="utf-8")
    assert _sopc("check", file, "--diff").exit_code == 1
    assert _sopc("check", file, "--diff", "--exit-zero").exit_code == 0
    file.write_text("format: 1\n", encoding="utf-8")
    assert _sopc("check", file, "--exit-zero").exit_code == 2


def test_statistics_count_by_rule(file: Path) -> None:
    """For people and for programs."""
    assert _sopc("check", file, "--statistics").stdout.split()[:2] == ["1", "SOP301"]
    assert '"SOP301"' in _sopc("check", file, "--statistics", "--format", "json").stdout


def test_prose_stands_for_the_graph_beside_it(file: Path) -> None:
    """As for `sopc compile` and `sopc ask`."""
    prose = file.with_name("refunds.md")
    prose.write_text("# Refunds\n", encoding="utf-8")
    assert _sopc("check", prose).stdout == _sopc("check", file).stdout != ""


def test_a_pipe_is_not_waited_for(file: Path) -> None:
    """Nothing may ever be written to it."""
    pipe = file.with_name("pipe.sop.yaml")
    os.mkfifo(pipe)
    result = _sopc("check", pipe)
    assert result.exit_code == 2
    assert "is neither a file nor a folder" in result.stderr


def test_a_family_is_no_rule_to_explain() -> None:
    """The list of its rules is what is meant."""
    result = _sopc("explain", "SOP3")
    assert result.exit_code == 2
    assert "`sopc rules SOP3` lists them" in result.stderr


@pytest.mark.parametrize("verb", ["org", "model"])
def test_a_verb_of_several_asks_for_one(verb: str) -> None:
    """In one line, not with the whole page of help as an error."""
    result = _sopc(verb)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: `sopc {verb}` needs a command\nhelp: ")


def test_a_day_that_is_none_is_told_with_one_that_is(file: Path) -> None:
    """In the words of people, not of a library."""
    result = _sopc("check", file, "--as-of", "tomorrow")
    assert "'tomorrow' is no day as `2026-01-31`" in result.stderr


def test_output_that_is_closed_is_one_line(file: Path) -> None:
    """The work could not be done, and nothing is internal about it."""
    command = [sys.executable, "-m", "sopc", "check", str(file)]
    ended = subprocess.run(
        command,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
        preexec_fn=lambda: os.close(1),  # a closed stdout is what is tried
    )
    assert ended.returncode == 3
    assert ended.stderr.startswith("error: cannot write to stdout: it is closed\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_output_that_is_full_is_one_line(file: Path) -> None:
    """As on a disk without space."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "sopc", "check", str(file)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 3
    assert "cannot write to stdout: no space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr
