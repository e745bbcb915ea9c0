"""SARIF: valid, and telling viewers what they ask for."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.sample import ACCEPTED, DECISION, KNOWN, REPORT, ROUND, RULES, finding
from diagnostics.sarif_schema import violations
from sopc.diagnostics import (
    Fix,
    GraphSpan,
    Place,
    Report,
    Severity,
    TextEdit,
    applied,
    sarif,
)


def _run(report: Report, *, accepted: bool = False) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(sarif(report, RULES, accepted=accepted))["runs"][0]
    return run


def _result(report: Report) -> dict[str, Any]:
    result: dict[str, Any] = _run(report)["results"][0]
    return result


def _at(path: str) -> Report:
    place = GraphSpan((), Place(path, 1, 1, 0))
    return Report((finding("SOP101", "missing-trigger", Severity.NOTE, "it has none", place),))


@pytest.mark.parametrize("report", [REPORT, Report(), Report(files=("a.sop.yaml",))])
@pytest.mark.parametrize("accepted", [False, True])
def test_every_log_fits_the_schema(*, report: Report, accepted: bool) -> None:
    """The official schema has nothing to say against it."""
    assert violations(json.loads(sarif(report, RULES, accepted=accepted))) == []
    assert violations(json.loads(sarif(report, (), accepted=accepted))) == []


def test_the_schema_is_looked_at() -> None:
    """A log that is none is told where it is wrong."""
    log = json.loads(sarif(REPORT, RULES))
    log["runs"][0]["results"][0]["level"] = "fatal"
    log["runs"][0]["results"][1]["line"] = 3
    assert sorted(each.partition(":")[0] for each in violations(log)) == [
        "$.runs[0].results[0].level",
        "$.runs[0].results[1]",
    ]


def test_rule_indexes_lead_to_the_rule() -> None:
    """Rules are sorted by code; a finding of a rule that is not listed has no index."""
    run = _run(REPORT)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["SOP003", "SOP101", "SOP503", "SOP601"]
    pairs = [
        (each["ruleId"], rules[each["ruleIndex"]]["id"])
        for each in run["results"]
        if "ruleIndex" in each
    ]
    assert pairs == [(code, code) for code in ("SOP003", "SOP101", "SOP503", "SOP601")]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("hr/leave.sop.yaml", "hr/leave.sop.yaml"),
        ("a b%#?.sop.yaml", "a%20b%25%23%3F.sop.yaml"),
        ("c:d.sop.yaml", "c%3Ad.sop.yaml"),
        ("返金.md", "%E8%BF%94%E9%87%91.md"),
        ("new\nline", "new%0Aline"),
        ("latin\udcff", "latin%FF"),
        ("half\ud800", "half%3F"),
    ],
)
def test_paths_below_the_working_folder_are_relative_uris(path: str, uri: str) -> None:
    """Every character that a URI does not take is written as the bytes of the file's name."""
    (location,) = _result(_at(path))["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {
        "uri": uri,
        "uriBaseId": "%SRCROOT%",
    }


def test_paths_elsewhere_are_file_uris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No base is named, since they do not stand below it."""
    inside = tmp_path / "in side"
    inside.mkdir()
    monkeypatch.chdir(inside)
    above = tmp_path / "up.sop.yaml"
    for path in ("../up.sop.yaml", "./x/../../up.sop.yaml", str(above)):
        (location,) = _result(_at(path))["locations"]
        assert location["physicalLocation"]["artifactLocation"] == {"uri": above.as_uri()}


def test_a_chain_is_a_code_flow() -> None:
    """Its places stand in their order, each with what happens there."""
    (flow,) = _result(Report((ROUND,), texts=REPORT.texts))["codeFlows"]
    (thread,) = flow["threadFlows"]
    steps = [each["location"] for each in thread["locations"]]
    assert [
        (each["physicalLocation"]["region"]["startLine"], each["message"]["text"]) for each in steps
    ] == [
        (4, "`file-request` leads on to `approve`"),
        (6, "`approve` leads back to `file-request`"),
    ]
    assert "codeFlows" not in _result(Report((DECISION,)))


def test_the_prose_is_a_related_location_with_its_words() -> None:
    """The graph's other places come first; the sentence can be read without its file."""
    branch, sentence = _result(Report((DECISION,), texts=REPORT.texts))["relatedLocations"]
    assert branch["message"]["text"] == "the branch"
    assert sentence["message"]["text"] == "compiled from this sentence"
    assert sentence["physicalLocation"]["artifactLocation"]["uri"] == "refund.md"
    region = sentence["physicalLocation"]["region"]
    assert (region["startLine"], region["endLine"], region["endColumn"]) == (3, 4, 22)
    assert region["snippet"]["text"].startswith("Refunds over $500")


def test_logical_locations_are_the_step_and_the_field() -> None:
    """Names that viewers show, with JSON Pointers into the graph."""
    (location,) = _result(Report((DECISION,)))["locations"]
    assert [
        (each["name"], each["fullyQualifiedName"]) for each in location["logicalLocations"]
    ] == [
        ("refund-limit", "/procedures/0/steps/2"),
        ("when", "/procedures/0/steps/2/branches/0/when"),
    ]


def test_keys_with_slashes_are_escaped_in_pointers() -> None:
    """As RFC 6901 has it."""
    place = GraphSpan(("inputs", "a/b~c", 0), Place("a", 1, 1, 0))
    report = Report((finding("SOP1", "x", Severity.NOTE, "m", place),))
    (location,) = _result(report)["locations"]
    assert location["logicalLocations"] == [
        {"name": "0", "fullyQualifiedName": "/inputs/a~1b~0c/0", "kind": "object"}
    ]


def test_what_is_accepted_is_left_out_unless_asked_for() -> None:
    """GitHub would show it as open; others take it with its state and reason."""
    assert ACCEPTED.code not in {each["ruleId"] for each in _run(REPORT)["results"]}
    results = {each["ruleId"]: each for each in _run(REPORT, accepted=True)["results"]}
    assert results[ACCEPTED.code]["suppressions"] == [
        {"kind": "inSource", "justification": "the manager sits next door"}
    ]
    assert results[KNOWN.code]["baselineState"] == "unchanged"
    assert results["SOP503"]["baselineState"] == "new"
    without = _run(replace(REPORT, known=()), accepted=True)["results"]
    assert not any("baselineState" in each for each in without)


def test_a_file_that_cannot_be_read_is_told() -> None:
    """The run was no success then."""
    assert _run(REPORT)["invocations"] == [{"executionSuccessful": False}]
    assert _run(Report((DECISION,)))["invocations"] == [{"executionSuccessful": True}]


def test_text_that_looks_like_a_link_is_none() -> None:
    """Viewers make links of `[words](target)` in messages."""
    place = GraphSpan((), Place("a", 1, 1, 0))
    bad = finding("SOP1", "x", Severity.NOTE, "see [here](http://e.example) [1]", place)
    assert _result(Report((bad,)))["message"]["text"] == r"see \[here](http://e.example) [1]"


@given(
    st.text(alphabet="ab \n返👍"),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.text("xy\n", max_size=3))),
)
def test_replacements_do_what_the_fix_does(text: str, edits: list[tuple[int, int, str]]) -> None:
    """Lines and columns lead to the same characters as offsets."""
    spread = sorted({min(start, len(text)): (length, new) for start, length, new in edits}.items())
    chosen: list[TextEdit] = []
    for start, (length, new) in spread:
        if not chosen or start > chosen[-1].end:
            chosen.append(TextEdit(start, min(start + length, len(text)), new))
    fix = Fix("does it", True, tuple(chosen))
    place = GraphSpan((), Place("a", 1, 1, 0))
    report = Report((finding("SOP1", "x", Severity.NOTE, "m", place, fix=fix),), texts={"a": text})
    fixes = _result(report).get("fixes", [])
    assert bool(fixes) == bool(chosen)
    mended = text
    starts = [0, *(index + 1 for index, char in enumerate(text) if char == "\n")]
    for one in reversed(
        [each for each in fixes for each in each["artifactChanges"][0]["replacements"]]
    ):
        region = one["deletedRegion"]
        begin = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        mended = mended[:begin] + one["insertedContent"]["text"] + mended[end:]
    assert mended == applied(text, [fix])[0]
