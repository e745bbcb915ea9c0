"""Findings that were there before."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from checking.graphs import CLEAN, FAILS, WARNS
from sopc.cli.app import app


def _check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a warning and an error."""
    (tmp_path / "a.sop.yaml").write_text(WARNS, encoding="utf-8")
    (tmp_path / "b.sop.yaml").write_text(FAILS, encoding="utf-8")
    return tmp_path


def _entries(baseline: Path) -> list[tuple[str, str, str | None]]:
    content = json.loads(baseline.read_text(encoding="utf-8"))
    return [(each["file"], each["rule"], each.get("step")) for each in content["findings"]]


def test_what_it_knows_is_not_told_again(folder: Path) -> None:
    """New findings are, and the known ones are counted."""
    baseline = folder / "known.json"
    result = _check(folder, "--baseline", baseline, "--grow-baseline")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert f"wrote `{baseline}`: 2 added, 0 taken out" in result.stderr
    assert _entries(baseline) == [
        ("a.sop.yaml", "SOP301", "issue-refund"),
        ("b.sop.yaml", "SOP101", None),
    ]
    (folder / "c.sop.yaml").write_text(FAILS, encoding="utf-8")
    result = _check(folder, "--baseline", baseline)
    assert result.exit_code == 1
    assert "c.sop.yaml" in result.stdout
    assert "1 error in 3 files; 2 in the baseline" in result.stderr


def test_it_shrinks_when_asked_and_never_grows_by_itself(folder: Path) -> None:
    """What is mended is taken out; what is new stays a finding."""
    baseline = folder / "known.json"
    _check(folder, "--baseline", baseline, "--grow-baseline")
    (folder / "a.sop.yaml").write_text(CLEAN, encoding="utf-8")
    (folder / "c.sop.yaml").write_text(FAILS, encoding="utf-8")
    before = baseline.read_bytes()
    _check(folder, "--baseline", baseline)
    assert baseline.read_bytes() == before
    result = _check(folder, "--baseline", baseline, "--update-baseline")
    assert result.exit_code == 1
    assert _entries(baseline) == [("b.sop.yaml", "SOP101", None)]


def test_files_that_were_not_checked_keep_their_entries(folder: Path) -> None:
    """Checking one file of many must not forget the others."""
    baseline = folder / "known.json"
    _check(folder, "--baseline", baseline, "--grow-baseline")
    (folder / "a.sop.yaml").write_text(CLEAN, encoding="utf-8")
    _check(folder / "a.sop.yaml", "--baseline", baseline, "--update-baseline")
    assert _entries(baseline) == [("b.sop.yaml", "SOP101", None)]


@pytest.mark.parametrize("flags", [("--select", "SOP8"), ("--ignore", "missing-deadline,SOP1")])
def test_rules_that_did_not_look_keep_their_entries(folder: Path, flags: tuple[str, str]) -> None:
    """That they find nothing does not say that it is mended."""
    baseline = folder / "known.json"
    _check(folder, "--baseline", baseline, "--grow-baseline")
    _check(folder, "--baseline", baseline, "--update-baseline", *flags)
    assert [rule for _, rule, _ in _entries(baseline)] == ["SOP301", "SOP101"]


@pytest.mark.parametrize(
    ("file", "text"), [("b.sop.yaml", "id: ["), ("organization.yaml", "a"), ("sopc.toml", "[")]
)
def test_what_cannot_be_read_takes_nothing_out(folder: Path, file: str, text: str) -> None:
    """Of a file that no rule could look at nothing is mended."""
    baseline = folder / "known.json"
    _check(folder, "--baseline", baseline, "--grow-baseline")
    (folder / file).write_text(text, encoding="utf-8")
    _check(folder, "--baseline", baseline, "--update-baseline")
    assert [rule for _, rule, _ in _entries(baseline)] == ["SOP301", "SOP101"]


def test_files_that_are_gone_are_taken_out(folder: Path) -> None:
    """A new file of that name must not be excused."""
    baseline = folder / "known.json"
    _check(folder, "--baseline", baseline, "--grow-baseline")
    (folder / "b.sop.yaml").unlink()
    _check(folder, "--baseline", baseline, "--update-baseline")
    assert [rule for _, rule, _ in _entries(baseline)] == ["SOP301"]


def test_it_stands_when_lines_move(folder: Path) -> None:
    """Entries name findings, not lines."""
    baseline = folder / "known.json"
    _check(folder, "--baseline", baseline, "--grow-baseline")
    (folder / "b.sop.yaml").write_text(f"# a comment\n\n{FAILS}", encoding="utf-8")
    assert _check(folder, "--baseline", baseline, "--strict").exit_code == 0


def test_it_may_stand_in_another_folder_and_move_with_the_rest(folder: Path) -> None:
    """Files are named relative to it, so that it holds on other machines."""
    (folder / "ci").mkdir()
    baseline = folder / "ci" / "known.json"
    _check(folder, "--baseline", baseline, "--grow-baseline")
    assert [file for file, *_ in _entries(baseline)] == ["../a.sop.yaml", "../b.sop.yaml"]
    moved = folder.rename(folder.with_name("elsewhere"))
    assert _check(moved, "--baseline", moved / "ci" / "known.json", "--strict").exit_code == 0


def test_of_a_broken_file_alone_the_mistake_is_told(folder: Path) -> None:
    """Not that there is no baseline."""
    (folder / "a.sop.yaml").unlink()
    (folder / "b.sop.yaml").write_text("format: 1\n", encoding="utf-8")
    result = _check(folder, "--baseline", folder / "known.json", "--grow-baseline")
    assert result.exit_code == 2
    assert "SOP003" in result.stdout
    assert "there is no baseline" not in result.stderr


def test_the_settings_name_it(folder: Path) -> None:
    """Relative to their file."""
    (folder / "sopc.toml").write_text('[check]\nbaseline = "known.json"\n', encoding="utf-8")
    assert _check(folder).exit_code == 2
    assert _check(folder, "--grow-baseline").exit_code == 0
    assert _check(folder, "--strict").exit_code == 0


def test_a_file_that_cannot_be_read_is_never_known(folder: Path) -> None:
    """Otherwise nothing would ever look at it again."""
    baseline = folder / "known.json"
    (folder / "b.sop.yaml").write_text("format: 1\n", encoding="utf-8")
    assert _check(folder, "--baseline", baseline, "--grow-baseline").exit_code == 2
    assert _entries(baseline) == [("a.sop.yaml", "SOP301", "issue-refund")]


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2, "findings": []}', '{"version": 1}'])
def test_what_is_no_baseline_is_refused(folder: Path, text: str) -> None:
    """With one line that names the file."""
    baseline = folder / "known.json"
    baseline.write_text(text, encoding="utf-8")
    result = _check(folder, "--baseline", baseline)
    assert result.exit_code == 2
    assert f"`{baseline}` is no baseline" in result.stderr
    assert result.stdout == ""


def test_growing_without_a_baseline_is_refused(folder: Path) -> None:
    """Nothing says which file to write."""
    result = _check(folder, "--grow-baseline")
    assert result.exit_code == 2
    assert "there is no baseline" in result.stderr
