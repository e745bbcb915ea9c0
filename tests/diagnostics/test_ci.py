"""What CI systems are told: annotations, test cases, counts."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from diagnostics.sample import DECISION, HOSTILE, NAME, NOWHERE, REPORT, RULES, UNREAD
from sopc.diagnostics import (
    Fix,
    Place,
    ProseSpan,
    Report,
    RuleCount,
    Scope,
    Severity,
    github,
    junit,
    rule_counts,
    statistics,
)


def _cases(report: Report) -> dict[str, list[str]]:
    """What became of each test, by classname and name."""
    root = ET.fromstring(junit(report, RULES))  # noqa: S314 # our own
    return {
        f"{case.get('classname')} {case.get('name')}": [each.tag for each in case]
        for case in root.iter("testcase")
    }


def test_a_clean_file_passes_each_rule_that_looked() -> None:
    """Rules that its settings leave out are no tests of it."""
    everything = _cases(Report(files=("hr/a.sop.yaml",)))
    assert everything == {f"hr/a {rule.code} {rule.name}": [] for rule in RULES}
    some = Report(files=("a.sop.yaml",), scopes={"a.sop.yaml": Scope(frozenset({"SOP101"}))})
    assert _cases(some) == {"a SOP101 missing-trigger": []}


def test_what_fails_the_check_fails_the_test() -> None:
    """Findings below `--fail-on` are what the test put out."""
    path = "refund.sop.yaml"
    report = Report((DECISION, HOSTILE), files=(path,))
    assert _cases(report) == {
        "refund SOP003 invalid-file": [],
        "refund SOP101 missing-trigger": [],
        "refund SOP503 incomplete-decision": ["failure"],
        "refund SOP601 judgment-words": ["system-out"],
    }
    strict = replace(report, scopes={path: Scope(frozenset(), Severity.NOTE)})
    assert _cases(strict)["refund SOP601 judgment-words"] == ["failure"]


def test_a_file_that_cannot_be_read_is_an_error_and_nothing_passes() -> None:
    """No other rule has looked at it."""
    report = Report((UNREAD,), files=("broken.sop.yaml",))
    assert _cases(report) == {"broken SOP003 invalid-file": ["error"]}
    settings = replace(UNREAD, primary=replace(UNREAD.primary, place=Place("sopc.toml", 1, 1, 0)))
    assert _cases(Report((settings,))) == {"sopc.toml SOP003 invalid-file": ["error"]}


def test_findings_of_one_rule_are_one_failure() -> None:
    """Readers take the first failure of a test; it holds all of them."""
    twice = (DECISION, replace(DECISION, message="another", fingerprint="f"))
    root = ET.fromstring(junit(Report(twice), RULES))  # noqa: S314 # our own
    (failure,) = root.iter("failure")
    assert failure.get("message", "").endswith(" (and 1 more)")
    assert (failure.text or "").count("error[SOP503]: ") == 2


def test_annotations_have_columns_on_one_line_only() -> None:
    """GitHub takes no columns for a stretch of several lines."""
    long = replace(
        DECISION, primary=replace(DECISION.primary, place=Place("refund.sop.yaml", 41, 11, 74))
    )
    head = github(Report((long,), texts=REPORT.texts)).partition(",title")[0]
    assert head == "::error file=refund.sop.yaml,line=41,endLine=102"


def test_long_prose_is_cut_in_an_annotation() -> None:
    """An annotation is a remark beside the diff, and no document."""
    long = replace(NOWHERE, prose=ProseSpan(Place("a.md", 1, 1, 900)))
    text = github(Report((long,), texts={"a.md": "word " * 200}))
    assert text.endswith(f"(a.md%3A1%3A1): {'word ' * 60}…\n".replace("%3A", ":"))


def test_statistics_are_sorted_by_count_and_code_and_mark_what_can_be_fixed() -> None:
    """Unsafe fixes do not count: `--fix` alone leaves them."""
    third = replace(DECISION, message="third", fix=None)
    named = replace(NAME, message="again", fix=Fix("writes it", True, ()))
    report = Report((NAME, DECISION, HOSTILE, third, named, replace(DECISION, message="x")))
    assert rule_counts(report) == [
        RuleCount("SOP503", "incomplete-decision", 3, 1, 2),
        RuleCount("SOP802", "unknown-name", 2, 1, 1),
        RuleCount("SOP601", "judgment-words", 1, 1, 0),
    ]
    assert statistics(report) == (
        "3  SOP503  incomplete-decision  in 1 file  [-] 2 fixable\n"
        "2  SOP802  unknown-name         in 1 file  [-] 1 fixable\n"
        "1  SOP601  judgment-words       in 1 file\n"
    )
    every = statistics(Report((DECISION, replace(DECISION, message="x"))))
    assert every == "2  SOP503  incomplete-decision  in 1 file  [*] fixable\n"
