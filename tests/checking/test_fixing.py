"""`sopc check --fix`, `--unsafe-fixes` and `--diff`."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from checking.graphs import CLEAN, accepting
from sopc.checking import CheckOptions
from sopc.checking.fixing import mend_files
from sopc.cli.app import app
from sopc.diagnostics import Fix, TextEdit, applied
from sopc.errors import UsageError

UNUSED = accepting(CLEAN, "rule: SOP301, reason: as it is", "rule: SOP302, reason: as it is")


def _check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A clean graph with two suppressions that nothing needs."""
    path = tmp_path / "refunds.sop.yaml"
    path.write_text(UNUSED, encoding="utf-8")
    return path


def test_safe_fixes_are_written(file: Path) -> None:
    """All that stands in the file besides is left as it is."""
    result = _check(file, "--fix", "--strict")
    assert result.exit_code == 0
    assert "mended 2 findings" in result.stderr
    assert file.read_text(encoding="utf-8") == CLEAN


def test_a_diff_changes_nothing(file: Path) -> None:
    """It says what `--fix` would do, and the exit code says that there is something."""
    result = _check(file, "--diff")
    assert result.exit_code == 1
    assert file.read_text(encoding="utf-8") == UNUSED
    lines = result.stdout.splitlines()
    assert lines[:2] == [f"--- a/{file.as_posix()}", f"+++ b/{file.as_posix()}"]
    assert [line for line in lines if line[:1] == "-"][1:] == [
        "-suppressions:",
        "-  - {rule: SOP301, reason: as it is}",
        "-  - {rule: SOP302, reason: as it is}",
    ]
    file.write_text(CLEAN, encoding="utf-8")
    assert _check(file, "--diff").exit_code == 0


def test_line_ends_and_a_mark_at_the_start_are_kept(file: Path) -> None:
    """A file of another system stays one."""
    file.write_bytes(b"\xef\xbb\xbf" + UNUSED.replace("\n", "\r\n").encode())
    assert _check(file, "--fix").exit_code == 0
    assert file.read_bytes() == b"\xef\xbb\xbf" + CLEAN.replace("\n", "\r\n").encode()


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(file: Path) -> None:
    """Their work would be lost."""
    [mended] = mend_files([file], CheckOptions())
    file.write_text(f"# new\n{UNUSED}", encoding="utf-8")
    with pytest.raises(UsageError, match="has changed while it was mended"):
        mended.write()
    assert file.read_text(encoding="utf-8").startswith("# new\n")


def test_a_file_that_cannot_be_read_is_left_alone(file: Path) -> None:
    """It is reported as ever."""
    file.write_text("format: 1\n", encoding="utf-8")
    assert _check(file, "--fix").exit_code == 2
    assert file.read_text(encoding="utf-8") == "format: 1\n"


def test_what_the_baseline_knows_is_not_mended(file: Path) -> None:
    """It is not told, so it is not touched."""
    baseline = file.with_name("known.json")
    _check(file, "--baseline", baseline, "--grow-baseline")
    assert _check(file, "--baseline", baseline, "--fix").exit_code == 0
    assert file.read_text(encoding="utf-8") == UNUSED


@pytest.mark.parametrize("flags", [["--unsafe-fixes"], ["--watch", "--fix"]])
def test_flags_that_do_not_fit_together_are_refused(file: Path, flags: list[str]) -> None:
    """Before anything is done."""
    assert _check(file, *flags).exit_code == 2
    assert file.read_text(encoding="utf-8") == UNUSED


def test_of_fixes_that_touch_the_first_is_applied() -> None:
    """The other one may not fit the text any more."""
    fixes = [
        Fix("a", safe=True, edits=(TextEdit(0, 2, "x"),)),
        Fix("b", safe=True, edits=(TextEdit(1, 3, "y"),)),
        Fix("c", safe=True, edits=(TextEdit(4, 5, ""), TextEdit(5, 5, "z"))),
    ]
    text, done = applied("abcdef", fixes)
    assert text == "xcdzf"
    assert [fix.title for fix in done] == ["a", "c"]
