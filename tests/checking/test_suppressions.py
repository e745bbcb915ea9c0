"""Findings that a graph accepts."""

from datetime import date
from pathlib import Path

import pytest

from checking.graphs import CLEAN, WARNS, accepting
from sopc.checking import CheckOptions, check_files
from sopc.checking.fixing import mend_files
from sopc.diagnostics import Report

TODAY = date(2026, 3, 2)
REASON = "reason: the queue is emptied every day"


def _report(folder: Path, text: str, **options: object) -> Report:
    file = folder / "refunds.sop.yaml"
    file.write_text(text, encoding="utf-8")
    return check_files([file], CheckOptions(today=TODAY, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "scope",
    [
        "",
        ", step: issue-refund",
        ", procedure: refund",
        ", step: issue-refund, procedure: refund",
        ", until: 2026-03-02",
    ],
)
@pytest.mark.parametrize("rule", ["missing-deadline", "SOP301"])
def test_what_is_accepted_is_not_told_but_counted(tmp_path: Path, rule: str, scope: str) -> None:
    """By name or code, in the file, a procedure or a step, to the last day."""
    report = _report(tmp_path, accepting(WARNS, f"rule: {rule}, {REASON}{scope}"))
    assert report.findings == ()
    assert [each.code for each in report.suppressed] == ["SOP301"]
    assert report.summary() == "no findings in 1 file; 1 suppressed"


def test_one_finding_is_accepted_by_its_fingerprint(tmp_path: Path) -> None:
    """Which `--format json` tells."""
    [found] = _report(tmp_path, WARNS).findings
    entry = f"rule: SOP301, fingerprint: {found.fingerprint}, {REASON}"
    assert _report(tmp_path, accepting(WARNS, entry)).findings == ()


@pytest.mark.parametrize(
    ("scope", "fact"),
    [
        (", step: other", "no finding of `SOP301` about step `other`"),
        (", procedure: other", "no finding of `SOP301` about procedure `other`"),
        (", fingerprint: x0", "no finding of `SOP301` with the fingerprint `x0`"),
        (", until: 2026-03-01", "it ran out on 2026-03-01"),
    ],
)
def test_what_fits_nothing_is_told(tmp_path: Path, scope: str, fact: str) -> None:
    """The finding stands, and so does the entry that was to accept it."""
    report = _report(tmp_path, accepting(WARNS, f"rule: SOP301, {REASON}{scope}"))
    assert [each.code for each in report.entries()] == ["SOP301", "SOP006"]
    assert report.entries()[1].message == f"this suppression suppresses nothing: {fact}"


def test_a_rule_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    """A slip of the pen must not look like an acceptance."""
    [found] = _report(tmp_path, accepting(CLEAN, f"rule: mising-deadline, {REASON}")).findings
    assert found.message.endswith("there is no rule `mising-deadline`")
    assert found.help == ("the nearest known rule is `missing-deadline`",)
    assert found.fix is not None
    assert (found.fix.title, found.fix.safe) == ("write `missing-deadline`", False)


@pytest.mark.parametrize("rule", ["invalid-file", "unused-suppression", "unreasoned-suppression"])
def test_what_cannot_be_accepted_is_told(tmp_path: Path, rule: str) -> None:
    """A file that cannot be read, or a suppression."""
    [found] = _report(tmp_path, accepting(CLEAN, f"rule: {rule}, {REASON}")).findings
    assert found.message.endswith(f"`{rule}` cannot be suppressed")


def test_entries_for_two_procedures_are_told_apart(tmp_path: Path) -> None:
    """Whichever of them comes first, each keeps its fingerprint."""
    entries = [f"rule: SOP301, procedure: {name}, {REASON}" for name in ("sales", "returns")]
    named = []
    for order in (entries, entries[::-1]):
        found = _report(tmp_path, accepting(CLEAN, *order)).findings
        named.append({each.message: each.fingerprint for each in found})
    assert len(named[0]) == 2
    assert named[0] == named[1]


def test_nothing_is_unused_while_the_organization_file_cannot_be_read(tmp_path: Path) -> None:
    """Rules that need it find nothing, and their suppressions are not to be mended away."""
    (tmp_path / "organization.yaml").write_text("nam: Tidewater\n", encoding="utf-8")
    text = accepting(CLEAN, f"rule: SOP203, {REASON}")
    assert {each.code for each in _report(tmp_path, text).findings} == {"SOP005"}
    file = tmp_path / "refunds.sop.yaml"
    assert list(mend_files([file], CheckOptions(today=TODAY))) == []


def test_of_rules_that_did_not_look_nothing_is_said(tmp_path: Path) -> None:
    """An entry for a rule that was left out is not unused."""
    text = accepting(CLEAN, f"rule: SOP301, {REASON}")
    assert [each.code for each in _report(tmp_path, text).findings] == ["SOP006"]
    assert _report(tmp_path, text, ignore=("SOP301",)).findings == ()


def test_an_acceptance_without_a_reason_still_accepts(tmp_path: Path) -> None:
    """One mistake is one finding: the reason is missing, not the deadline."""
    report = _report(tmp_path, accepting(WARNS, "rule: SOP301"))
    assert [each.code for each in report.findings] == ["SOP007"]
