"""The table `[check]` of `sopc.toml`."""

from pathlib import Path

import pytest

from checking.graphs import CLEAN, FAILS, WARNS
from sopc.checking import CheckOptions, check_files
from sopc.diagnostics import Report, Severity, concise


def _folder(folder: Path, settings: str) -> Path:
    (folder / "sopc.toml").write_text(settings, encoding="utf-8")
    (folder / "legacy").mkdir()
    (folder / "legacy" / "old.sop.yaml").write_text(WARNS, encoding="utf-8")
    (folder / "new.sop.yaml").write_text(WARNS, encoding="utf-8")
    return folder


def _found(report: Report) -> dict[str, list[str]]:
    return {
        Path(file).name: [each.code for each in report.findings if each.primary.place.path == file]
        for file in report.files
    }


def test_rules_are_selected_for_all_files(tmp_path: Path) -> None:
    """What a flag selects wins over what the settings select."""
    folder = _folder(tmp_path, '[check]\nselect = ["SOP1"]\n')
    assert _found(check_files([folder])) == {"old.sop.yaml": [], "new.sop.yaml": []}
    found = _found(check_files([folder], CheckOptions(select=("missing-deadline",))))
    assert found == {"old.sop.yaml": ["SOP301"], "new.sop.yaml": ["SOP301"]}


def test_a_pattern_holds_for_the_files_that_it_fits(tmp_path: Path) -> None:
    """It is relative to the settings file, wherever the command runs."""
    folder = _folder(tmp_path, '[check.per-path]\n"legacy/**" = { ignore = ["SOP3"] }\n')
    assert _found(check_files([folder])) == {"old.sop.yaml": [], "new.sop.yaml": ["SOP301"]}


def test_each_file_fails_by_its_own_settings(tmp_path: Path) -> None:
    """A flag wins over all of them."""
    folder = _folder(
        tmp_path,
        '[check]\nfail-on = "warning"\n[check.per-path]\nlegacy = { fail-on = "error" }\n',
    )
    assert check_files([folder]).failing == 1
    assert check_files([folder], CheckOptions(fail_on=Severity.ERROR)).failing == 0
    assert check_files([folder], CheckOptions(fail_on=Severity.NOTE)).failing == 2


def test_settings_can_be_left_aside(tmp_path: Path) -> None:
    """A caller with settings of its own looks at no file."""
    folder = _folder(tmp_path, '[check]\nignore = ["SOP3"]\n')
    assert len(check_files([folder], CheckOptions(settings=False)).findings) == 2


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("[check]\nfail_on = 'error'\n", "2:1", "`[check]` has no key `fail_on`"),
        ("[check]\n\nignore = ['SOP9']\n", "3:1", "`SOP9` is no rule, nor the beginning"),
        (
            "[check]\nfail-on = 'never'\n",
            "2:1",
            "expected `fail-on` to be `error`, `warning` or `note`",
        ),
        ("[check]\nselect = 'SOP1'\n", "2:1", "expected `select` to be a list"),
        ("[check.per-path]\na = {ignroe = []}\n", "2:6", "pattern `a` has no key `ignroe`"),
        ("[check\n", "1:7", "not valid TOML"),
        (f"a = {'9' * 5000}\n", "1:1", "not valid TOML: a number of too many digits"),
        ("[check]\nbaseline = 3\n", "2:1", "expected `baseline` to be a text in quotes"),
        ("[chek]\nignore = ['SOP3']\n", "1:2", "there is nothing called `chek` in `sopc.toml`"),
        ("ignore = ['SOP3']\n", "1:1", "there is nothing called `ignore` in `sopc.toml`"),
        ("check = 3\n", "1:1", "expected `check` to be a table"),
    ],
)
def test_a_mistake_is_a_finding_at_its_key(
    tmp_path: Path, text: str, place: str, message: str
) -> None:
    """It is told once for the folder, and the graphs are checked all the same."""
    folder = _folder(tmp_path, text)
    report = check_files([folder])
    lines = [line for line in concise(report).splitlines() if "SOP005" in line]
    assert len(lines) == 1
    assert lines[0].startswith(f"{(folder / 'sopc.toml').as_posix()}:{place}: error[SOP005]")
    assert message in lines[0]
    assert report.unread
    assert [each.code for each in report.findings].count("SOP301") == 2


def test_settings_that_are_no_utf_8_are_a_finding(tmp_path: Path) -> None:
    """No traceback for bytes of another encoding."""
    (tmp_path / "sopc.toml").write_bytes(b"[check]\nselect = ['\xff']\n")
    (tmp_path / "a.sop.yaml").write_text(FAILS, encoding="utf-8")
    assert [each.code for each in check_files([tmp_path]).entries()] == ["SOP101", "SOP005"]


def test_what_leans_on_an_unreadable_organization_file_is_not_said(tmp_path: Path) -> None:
    """It may give the calendar, the time zone and whom to turn to; the mistake is told once."""
    begin, _, steps = CLEAN.partition("    escalation:\n")
    step = steps.partition("    steps:\n")[2].replace("PT8H", "1 business day")
    text = f"{begin}    steps:\n{step}suppressions: [{{rule: SOP302, reason: as it is}}]\n"
    (tmp_path / "a.sop.yaml").write_text(text, encoding="utf-8")
    alone = {each.code for each in check_files([tmp_path]).findings}
    (tmp_path / "organization.yaml").write_text("name: A\nnome: B\n", encoding="utf-8")
    beside = {each.code for each in check_files([tmp_path]).findings}
    assert alone == {"SOP006", "SOP305", "SOP401"}
    assert beside == {"SOP005"}
