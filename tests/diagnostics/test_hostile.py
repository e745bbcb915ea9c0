"""Whatever stands in files, names and messages, no format breaks and nothing is forged in one."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.sample import RULES
from diagnostics.sarif_schema import violations
from diagnostics.test_formats import FORMATS
from sopc.diagnostics import (
    Confidence,
    Finding,
    Fix,
    GraphSpan,
    Place,
    ProseSpan,
    Report,
    Severity,
    TextEdit,
    github,
    json_report,
    junit,
    sarif,
    statistics_json,
)
from sopc.diagnostics.printable import printable

_FORGED = st.sampled_from(
    [
        "]]>",
        "]]><testcase/>",
        "</failure>",
        "&#0;",
        "::",
        "::error::",
        "\n::error file=x::forged",
        "\r\n::set-output name=a::b",
        "##[error]",
        "%0A::",
        "%25",
        ",title=forged",
        '"},{"',
        "\\u0000",
        "[a](b)",
        "{0}",
        "\x00\x07\x1b[2J\x7f\x85\u2028\u202e\ufffe\uffff",
        "\ud800",
        "\udfff\ud83d",
        "\U0001f44d\U0010ffff",
    ]
)
_ANY = st.characters(exclude_categories=())  # lone surrogates too
_HOSTILE = st.lists(_FORGED | st.text(_ANY, max_size=8), max_size=3).map("".join)
_PLACES = st.builds(
    Place,
    path=st.sampled_from(["a.sop.yaml", "b.md"]) | _HOSTILE,
    line=st.integers(1, 5),
    column=st.integers(1, 9),
    length=st.integers(0, 20),
)
_KEYS = st.lists(st.sampled_from(["steps", 0, "~/"]) | _HOSTILE, max_size=3).map(tuple)
_SPANS = st.builds(GraphSpan, _KEYS, _PLACES, _HOSTILE)
_WORDS = st.lists(_HOSTILE, max_size=2).map(tuple)
_FIXES = st.builds(
    lambda title, safe, start, length, text: Fix(
        title, safe, (TextEdit(start, start + length, text),)
    ),
    _HOSTILE,
    st.booleans(),
    st.integers(0, 9),
    st.integers(0, 9),
    _HOSTILE,
)
_FINDINGS = st.builds(
    Finding,
    code=st.sampled_from(["SOP003", "SOP101", "SOP999"]),
    rule=st.just("missing-trigger"),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    message=_HOSTILE,
    primary=_SPANS,
    prose=st.none() | st.builds(ProseSpan, _PLACES, _HOSTILE, _HOSTILE),
    related=st.lists(_SPANS, max_size=2).map(tuple),
    notes=_WORDS,
    help=_WORDS,
    step=st.none() | _HOSTILE,
    fingerprint=st.sampled_from(["f00", "f01"]),
    chain=st.lists(_SPANS, max_size=2).map(tuple),
    fix=st.none() | _FIXES,
    unread=st.booleans(),
    accepted=st.none() | _HOSTILE,
)
_MANY = st.lists(_FINDINGS, max_size=2).map(tuple)
_REPORTS = st.builds(
    lambda findings, text, suppressed, known: Report(
        findings=findings,
        files=("a.sop.yaml", *sorted({each.primary.place.path for each in findings})),
        texts={"a.sop.yaml": text, "b.md": text},
        suppressed=suppressed,
        known=known,
    ),
    _MANY,
    _HOSTILE,
    _MANY,
    _MANY,
)
_SLOW = settings(deadline=None, max_examples=60)


def _whole(text: str) -> str:
    """What JSON keeps of a text: half surrogate pairs stand for nothing."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@_SLOW
@given(_REPORTS)
def test_every_format_can_be_written_as_utf_8_twice_the_same(report: Report) -> None:
    """Nor do control characters get to a terminal; JSON and XML escape or replace theirs."""
    for write in FORMATS.values():
        text = write(report)
        assert text.encode() == write(report).encode()
        if write is not FORMATS["full-color"]:
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]", text)


@_SLOW
@given(_REPORTS)
def test_json_gives_back_what_was_found(report: Report) -> None:
    """Strict readers take it, and messages, paths and places come back whole."""
    content = json.loads(json_report(report))
    assert [
        (each["message"], each["primary"]["path"], each["notes"]) for each in content["findings"]
    ] == [
        (
            _whole(each.message),
            _whole(each.primary.place.path),
            [_whole(note) for note in each.notes],
        )
        for each in report.entries()
    ]
    assert not re.search("[\ud800-\udfff]", json.dumps(content, ensure_ascii=False))
    rules = json.loads(statistics_json(report))["rules"]
    assert sum(rule["count"] for rule in rules) == len(report.findings)


@_SLOW
@given(_REPORTS)
def test_sarif_stays_valid(report: Report) -> None:
    """The schema holds, URIs have no odd character, and there is a result for each finding."""
    log = json.loads(sarif(report, RULES, accepted=True))
    assert violations(log) == []
    results: list[dict[str, Any]] = log["runs"][0]["results"]
    everything = (*report.findings, *report.suppressed, *report.known)
    assert len(results) == len(everything)
    codes = sorted(_whole(each.code) for each in everything)
    assert sorted(each["ruleId"] for each in results) == codes
    for uri in re.findall(r'"uri": "([^"]*)"', json.dumps(log)):
        assert re.fullmatch(r"(file://)?([\w./~-]|%[0-9A-F]{2})*", uri, re.ASCII)


@_SLOW
@given(_REPORTS)
def test_junit_is_xml_with_a_case_for_each_rule_of_each_file(report: Report) -> None:
    """No text ends its element, and what failed is what fails the check."""
    root = ET.fromstring(junit(report, RULES))  # noqa: S314 # our own
    names = [suite.get("name") for suite in root]
    assert len(names) == len({*report.files, *(f.primary.place.path for f in report.findings)})
    assert {element.tag for element in root.iter()} <= {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "error",
        "system-out",
    }
    failing = {(f.primary.place.path, f.code) for f in report.findings if report.fails(f)}
    assert sum(len(root.findall(f".//{tag}")) for tag in ("failure", "error")) == len(failing)
    assert int(root.get("failures", "")) + int(root.get("errors", "")) == len(failing)
    assert int(root.get("tests", "")) == len(root.findall(".//testcase"))


_COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^:,\r\n]*,?)*)::(.*)")


def _unescaped(text: str) -> str:
    for code, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, char)
    return text


@_SLOW
@given(_REPORTS)
def test_github_gets_one_command_a_finding(report: Report) -> None:
    """As the runner reads it: at line ends, then up to the second `::`, then at commas."""
    lines = re.split(r"\r\n|\r|\n", github(report))
    assert lines.pop() == ""
    assert len(lines) == len(report.findings)
    for line, finding in zip(lines, report.entries(), strict=True):
        match = _COMMAND.fullmatch(line)
        assert match
        assert line.index("::", 2) == match.end(2)
        properties = dict(each.split("=", 1) for each in match[2].split(","))
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert _unescaped(properties["file"]) == printable(finding.primary.place.path)
        assert _unescaped(match[3]).partition("\n")[0] == printable(finding.message)
