"""The table of examples, held to their reports."""

import re

from docs.pages import ROOT, rows

EXAMPLES = ROOT / "examples"


def test_errors_and_warnings_are_counted_as_the_reports_have_them() -> None:
    """Each example's row gives how many of each its committed report tells."""
    table = {
        re.sub(r"\[(.+)\]\(.*", r"\1", row[0]): (int(row[-2]), int(row[-1]))
        for row in rows(EXAMPLES / "README.md", "| Folder")
    }
    told = {
        report.parent.name: tuple(
            len(re.findall(rf"^{severity}\[", report.read_text(encoding="utf-8"), re.MULTILINE))
            for severity in ("error", "warning")
        )
        for report in EXAMPLES.glob("*/*.check.txt")
    }
    assert table == told
