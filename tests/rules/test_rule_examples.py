"""Each rule's failing example raises exactly that rule, its passing one nothing.

An example is a graph file, or a folder where a rule is about more than one file.
"""

from datetime import date
from pathlib import Path

import pytest

from sopc.checking import CheckOptions, check_files
from sopc.diagnostics import full
from sopc.rules import RULES, Rule

CATALOGUE = Path(__file__).parent / "catalogue"
OPTIONS = CheckOptions(today=date(2026, 3, 2))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_failing_example_raises_its_rule_alone(rule: Rule) -> None:
    """All rules look at the example, and one of them speaks, once."""
    report = check_files([_example(rule, "fails")], OPTIONS)
    assert [finding.rule for finding in report.findings] == [rule.name], full(report)
    assert report.findings[0].severity is rule.severity
    assert report.findings[0].primary.place.length > 0


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_passing_example_raises_nothing(rule: Rule) -> None:
    """The same procedure, as the rule wants it, is clean for every rule."""
    report = check_files([_example(rule, "passes")], OPTIONS)
    assert full(report) == ""


def test_every_folder_of_examples_belongs_to_a_rule() -> None:
    """No example is left over from a rule that was renamed."""
    folders = {path.name for path in CATALOGUE.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders == {rule.name for rule in RULES}


def _example(rule: Rule, kind: str) -> Path:
    folder = CATALOGUE / rule.name / kind
    return folder if folder.is_dir() else folder.with_name(f"{kind}.sop.yaml")
