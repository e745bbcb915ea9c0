"""Each format against its snapshot; `SOPC_SNAPSHOTS=write` writes them anew, to be read."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sopc.diagnostics import (
    Broken,
    Confidence,
    Coverage,
    Finding,
    GraphSpan,
    Place,
    ProseSpan,
    Report,
    Severity,
    concise,
    fingerprint,
    full,
    json_report,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"

GRAPH = "\n" * 40 + "    when: amount > 500\n" + "\n" * 60 + "\ttitle: 返金 cafe\u0301 über 500\n"
PROSE = (
    "# Refunds\r\n\r\nRefunds over $500 need a manager; smaller\r\n  ones are automatic.\r\n\r\n"
    "Bitte 返金\u00a0sofort 👍 melden.\r\n"
)


def _finding(
    code: str, rule: str, severity: Severity, message: str, primary: GraphSpan, **more: object
) -> Finding:
    parts = {
        "confidence": Confidence.HIGH,
        "prose": None,
        "related": (),
        "notes": (),
        "help": (),
        "step": None,
        "fingerprint": fingerprint(code, message),
    } | more
    return Finding(code, rule, severity, message=message, primary=primary, **parts)  # type: ignore[arg-type]


REPORT = Report(
    findings=(
        _finding(
            "SOP601",
            "judgment-words",
            Severity.NOTE,
            "`über` is \x1b[31mred\x1b[0m, or is it?\nno",
            GraphSpan(("title",), Place("refund.sop.yaml", 102, 9, 9)),
            prose=ProseSpan(Place("refund.md", 6, 7, 9)),
        ),
        _finding(
            "SOP503",
            "incomplete-decision",
            Severity.ERROR,
            "decision `refund-limit` has no branch for an amount of exactly 500",
            GraphSpan(
                ("procedures", 0, "steps", 2, "branches", 0, "when"),
                Place("refund.sop.yaml", 41, 11, 12),
                "starts above 500",
            ),
            prose=ProseSpan(Place("refund.md", 3, 1, 64)),
            related=(GraphSpan((), Place("refund.sop.yaml", 41, 5, 5), "the branch"),),
            notes=("the other branch ends below 500",),
            help=("write `amount <= 500`, or add an `else` branch",),
            step="refund-limit",
        ),
        _finding(
            "SOP101",
            "missing-trigger",
            Severity.WARNING,
            "it stands in a file that cannot be shown",
            GraphSpan(("id",), Place("elsewhere.sop.yaml", 7, 1, 3)),
            confidence=Confidence.LOW,
        ),
    ),
    broken=(
        Broken(Place("broken.sop.yaml", 2, 1, 3), "key `id` stands twice", "keep one of them"),
    ),
    files=3,
    texts={"refund.sop.yaml": GRAPH, "refund.md": PROSE, "broken.sop.yaml": "id: a\nid: b\n"},
    coverage=Coverage(10, 11),
)


def _colored(report: Report) -> str:
    return full(report, color=True)


@pytest.mark.parametrize(
    ("name", "write"),
    [("full", full), ("full-color", _colored), ("concise", concise), ("json", json_report)],
)
def test_a_format_is_as_its_snapshot(name: str, write: Callable[[Report], str]) -> None:
    """Every byte of the format is agreed upon."""
    file = SNAPSHOTS / f"{name}.txt"
    text = write(REPORT)
    if os.environ.get("SOPC_SNAPSHOTS") == "write":
        file.write_bytes(text.encode())
    assert file.read_bytes().decode() == text


def test_findings_are_sorted_by_file_line_column_and_code() -> None:
    """Broken files stand among findings, by their place."""
    lines = concise(REPORT).splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "broken.sop.yaml:2:1",
        "elsewhere.sop.yaml:7:1",
        "refund.sop.yaml:41:11",
        "refund.sop.yaml:102:9",
    ]


def test_json_is_versioned_and_complete() -> None:
    """Programs find the version, every finding and the counts."""
    content = json.loads(json_report(REPORT))
    assert content["version"] == 1
    assert [each["code"] for each in content["findings"]] == ["SOP101", "SOP503", "SOP601"]
    assert content["findings"][1]["primary"]["at"][-1] == "when"
    assert content["summary"] == {
        "files": 3,
        "errors": 2,
        "warnings": 1,
        "notes": 1,
        "coverage": {"cited": 10, "instructing": 11, "percent": 90},
    }


def test_the_summary_counts_in_words() -> None:
    """One line, singular where there is one, and nothing that is zero."""
    assert REPORT.summary() == "2 errors, 1 warning, 1 note in 3 files; prose coverage 90%"
    assert Report(files=1).summary() == "no findings in 1 file"


def test_nothing_found_is_nothing_written() -> None:
    """A clean report is empty for people."""
    assert full(Report(files=2)) == ""
    assert concise(Report(files=2)) == ""
