"""`docs/formats.md` names the formats and fields that there are."""

import json
from typing import Any

from diagnostics.sample import REPORT, RULES
from docs.pages import ROOT, rows
from sopc.cli.report_format import Format
from sopc.diagnostics import json_report, sarif, statistics_json

PAGE = ROOT / "docs/formats.md"


def _first(heading: str) -> list[str]:
    return [row[0].strip("`") for row in rows(PAGE, heading)]


def test_every_format_has_its_row_and_its_section() -> None:
    """In the order of the flag's values."""
    names = [each.value for each in Format]
    assert _first("`sopc check --format NAME`") == names
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line[3:] for line in lines if line.startswith("## ")] == [*names, "Statistics"]


def test_every_field_of_json_is_explained() -> None:
    """In the order that they are written in, the counts of the summary included."""
    content = json.loads(json_report(REPORT))
    assert _first("## json") == list(content)
    assert _first("A finding:") == list(content["findings"][0])
    summary = next(row[1] for row in rows(PAGE, "## json") if row[0] == "`summary`")
    for name in (*content["summary"], *content["summary"]["coverage"]):
        assert f"`{name}`" in summary
    primary = next(row[1] for row in rows(PAGE, "A finding:") if row[0] == "`primary`")
    assert all(f"`{name}`" in primary for name in content["findings"][0]["primary"])
    section = PAGE.read_text(encoding="utf-8").partition("## Statistics")[2]
    counted = json.loads(statistics_json(REPORT))
    assert all(f"`{name}`" in section for name in (*counted, *counted["rules"][0]))


def test_every_part_of_a_sarif_result_is_explained() -> None:
    """What a run and its results hold has a row, but for what the standard asks of all."""
    run: dict[str, Any] = json.loads(sarif(REPORT, RULES))["runs"][0]
    told = set(_first("## sarif"))
    parts = {f"results.{name}" for result in run["results"] for name in result}
    parts |= {name for name in run if name not in {"tool", "columnKind", "results"}}
    assert parts - {"results.ruleId", "results.ruleIndex"} == told - {"tool.driver.rules"}
