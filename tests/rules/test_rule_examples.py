"""Each rule's failing example raises exactly that rule, its passing one nothing."""

from pathlib import Path

import pytest

from sopc.cli.checked import check_files
from sopc.diagnostics import full
from sopc.rules import RULES, Rule

HERE = Path(__file__).parent


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_failing_example_raises_its_rule_alone(rule: Rule) -> None:
    """All rules look at the example, and one of them speaks, once."""
    report = check_files([HERE / rule.name / "fails.sop.yaml"], RULES)
    assert report.broken == ()
    assert [finding.rule for finding in report.findings] == [rule.name], full(report)
    assert report.findings[0].severity is rule.severity


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_passing_example_raises_nothing(rule: Rule) -> None:
    """The same procedure, as the rule wants it, is clean for every rule."""
    report = check_files([HERE / rule.name / "passes.sop.yaml"], RULES)
    assert full(report) == ""


def test_every_folder_of_examples_belongs_to_a_rule() -> None:
    """No example is left over from a rule that was renamed."""
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders == {rule.name for rule in RULES}
