"""Each format against its snapshot; `SOPC_SNAPSHOTS=write` writes them anew, to be read."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from diagnostics.sample import DECISION, NAME, REPORT, ROUND, RULES, UNREAD
from sopc.diagnostics import (
    Coverage,
    Report,
    concise,
    full,
    github,
    json_report,
    junit,
    sarif,
    statistics,
    statistics_json,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"

FORMATS: dict[str, Callable[[Report], str]] = {
    "full": full,
    "full-color": lambda report: full(report, color=True),
    "concise": concise,
    "json": json_report,
    "sarif": lambda report: sarif(report, RULES),
    "sarif-accepted": lambda report: sarif(report, RULES, accepted=True),
    "github": github,
    "junit": lambda report: junit(report, RULES),
    "statistics": statistics,
    "statistics-json": statistics_json,
}

_PROGRAM = """
import sys
from diagnostics.sample import REPORT
from diagnostics.test_formats import FORMATS
for name in FORMATS:
    sys.stdout.buffer.write(FORMATS[name](REPORT).encode())
"""


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_as_its_snapshot(name: str) -> None:
    """Every byte of the format is agreed upon."""
    file = SNAPSHOTS / f"{name}.txt"
    text = FORMATS[name](REPORT)
    if os.environ.get("SOPC_SNAPSHOTS") == "write":
        file.write_bytes(text.encode())
    assert file.read_bytes().decode() == text


@pytest.mark.parametrize("name", FORMATS)
def test_the_order_of_findings_makes_no_difference(name: str) -> None:
    """Findings may come from files and rules in any order."""
    mixed = replace(REPORT, findings=REPORT.findings[::-1], files=REPORT.files[::-1])
    assert FORMATS[name](mixed) == FORMATS[name](REPORT)


def test_two_runs_are_byte_identical() -> None:
    """Neither the order of hashes, nor the clock, nor the machine goes into a format."""
    tests = str(Path(__file__).parents[1])

    def output(seed: str, zone: str) -> bytes:
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": tests}
        return subprocess.run(
            [sys.executable, "-c", _PROGRAM], env=env, check=True, capture_output=True
        ).stdout

    once = output("1", "UTC")
    assert once == output("2", "Asia/Tokyo")
    assert once == b"".join(FORMATS[name](REPORT).encode() for name in FORMATS)


def test_findings_are_sorted_by_file_line_column_and_code() -> None:
    """Files that cannot be read stand among the others, by their place."""
    lines = concise(REPORT).splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "broken.sop.yaml:2:1",
        "elsewhere.sop.yaml:7:1",
        "hr/leave.sop.yaml:3:9",
        "hr/leave.sop.yaml:8:11",
        "refund.sop.yaml:41:11",
        "refund.sop.yaml:102:9",
    ]


def test_full_shows_the_chain_in_its_order() -> None:
    """Each place of the way is a numbered note with its own window."""
    text = full(Report((ROUND,), texts=REPORT.texts))
    notes = [line for line in text.splitlines() if line.startswith("note")]
    assert notes == [
        "note: 1 of 2: `file-request` leads on to `approve`",
        "note: 2 of 2: `approve` leads back to `file-request`",
    ]
    assert "6 |     next: file-request\n  |           ^^^^^^^^^^^^\n" in text


def test_full_tells_safe_fixes_from_others() -> None:
    """The flag that is named is the one that the fix takes."""
    safe, unsafe = (full(Report((each,))) for each in (DECISION, NAME))
    assert "help: `sopc check --fix` does this: starts the branch at 500\n" in safe
    assert "help: `sopc check --fix --unsafe-fixes` does this: writes `total`" in unsafe


def test_json_is_versioned_and_complete() -> None:
    """Programs find the version, every finding and the counts."""
    content = json.loads(json_report(REPORT))
    assert content["version"] == 2
    assert [each["code"] for each in content["findings"]] == [
        "SOP003",
        "SOP101",
        "SOP502",
        "SOP802",
        "SOP503",
        "SOP601",
    ]
    assert content["findings"][4]["primary"]["at"][-1] == "when"
    assert content["findings"][4]["fix"]["edits"] == [{"start": 57, "end": 58, "text": ">="}]
    assert [span["line"] for span in content["findings"][2]["chain"]] == [4, 6]
    assert [each["accepted"] for each in content["suppressed"]] == ["the manager sits next door"]
    assert [each["code"] for each in content["baseline"]] == ["SOP302"]
    assert content["summary"] == {
        "files": 5,
        "errors": 4,
        "warnings": 1,
        "notes": 1,
        "failing": 5,
        "suppressed": 1,
        "baseline": 1,
        "coverage": {"cited": 10, "instructing": 11, "percent": 90},
    }


def test_the_summary_counts_in_words() -> None:
    """One line, singular where there is one, and nothing that is zero."""
    assert REPORT.summary() == (
        "4 errors, 1 warning, 1 note in 5 files; 1 suppressed; 1 in the baseline; "
        "prose coverage 90%"
    )
    assert Report(files=("a",)).summary() == "no findings in 1 file"
    assert Report(files=("a",), coverage=Coverage(2, 3)).summary().endswith("prose coverage 66%")


def test_a_finding_fails_by_the_settings_of_its_file() -> None:
    """Where nothing is said, errors fail; a file that cannot be read always does."""
    failing = [finding.code for finding in REPORT.entries() if REPORT.fails(finding)]
    assert failing == ["SOP003", "SOP101", "SOP502", "SOP802", "SOP503"]
    assert REPORT.unread
    assert not replace(REPORT, findings=(DECISION,)).unread
    assert UNREAD.unread


@pytest.mark.parametrize("write", [full, concise, github, statistics])
def test_nothing_found_is_nothing_written(write: Callable[[Report], str]) -> None:
    """A clean report is empty for people."""
    assert write(Report(files=("a", "b"))) == ""
