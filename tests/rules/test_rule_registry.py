"""The catalogue as a whole."""

import re

import pytest

from sopc.errors import UsageError
from sopc.rules import RULES, Rule, chosen, rule_named
from sopc.rules.explanation import SECTIONS


def test_codes_and_names_are_unique_and_in_order() -> None:
    """No two rules share a code or a name, and the table is sorted."""
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_explains_itself_in_all_sections(rule: Rule) -> None:
    """The docstring has a one-line summary and the fixed sections, none of them empty."""
    assert re.fullmatch(r"SOP[0-8][0-9]{2}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert rule.explanation.summary.endswith(".")
    assert "\n" not in rule.explanation.summary
    assert tuple(name for name, _ in rule.explanation.sections) == SECTIONS
    assert all(text for _, text in rule.explanation.sections)


def test_a_rule_is_found_by_code_and_name_in_any_case() -> None:
    """`sop101`, `SOP101` and `missing-trigger` are one rule."""
    found = {rule_named(name) for name in ("sop101", "SOP101", "missing-trigger")}
    assert [rule.code for rule in found if rule] == ["SOP101"]
    assert rule_named("SOP1") is None


def test_selectors_take_codes_names_and_beginnings() -> None:
    """A beginning selects a family, and ignoring wins over selecting."""
    codes = [rule.code for rule in chosen(["SOP1", "vague-time"], ["sop102"])]
    family = [rule.code for rule in RULES if rule.code.startswith("SOP1")]
    assert codes == [code for code in family if code != "SOP102"] + ["SOP302"]
    assert chosen() == RULES


@pytest.mark.parametrize("selector", ["SOP9", "missing", "", "so"])
def test_a_selector_that_fits_nothing_is_refused(selector: str) -> None:
    """A slip of the pen would otherwise silently check nothing."""
    with pytest.raises(UsageError, match="is no rule"):
        chosen([selector])
