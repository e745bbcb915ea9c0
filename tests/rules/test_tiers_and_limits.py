"""Tiers that are too low, payments without a limit, approvals that change nothing."""

from textwrap import indent

import pytest

from rules.one_rule import findings, mended
from sopc.diagnostics import Confidence
from sopc.organization import loads_organization

HEAD = """\
format: 1
id: refunds
title: Refunds
inputs:
  - {name: amount, type: money, currency: USD}
  - {name: country, type: string}
roles: [{id: boss, name: boss}]
systems: [{id: stripe, name: Stripe}]
procedures:
  - id: refund
    title: Refund
    triggers: [{id: asked, kind: event, says: when asked, system: stripe, event: asked}]
    steps:
"""
ALONE = "tier: {level: 1, reason: one operation}"
LIMIT, LOW, REJECTED = "money-without-limit", "tier-too-low", "rejection-ignored"


def _graph(steps: str) -> str:
    return HEAD + indent(steps, "      ")


def _step(kind: str, title: str, *more: str, step: str = "act", tier: str = ALONE) -> str:
    lines = [f"- id: {step}", f"kind: {kind}", f"title: {title}", tier, *more]
    return "\n  ".join(line for line in lines if line) + "\n"


def _messages(steps: str, rule: str) -> list[str]:
    return [each.message for each in findings(_graph(steps), rule)]


UNBOUNDED = ["nothing that a program can check bounds what step `act` pays"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["guardrails: [{says: small ones only}]"], UNBOUNDED),
        (["guardrails: [{says: at home, limit: \"country == 'US'\"}]"], UNBOUNDED),
        (["guardrails: [{says: up to 200, limit: amount <= 20000}]"], []),
        (["guardrails: [{says: small ones}]", "when: [{says: s, cel: amount <= 20000}]"], []),
        (["guardrails: [{says: up to what was asked, limit: unknown <= 1}]"], []),
        (["reversible: true"], UNBOUNDED),
        ([], []),
    ],
    ids=["words", "country", "amount", "condition", "untyped", "reversible", "unguarded"],
)
def test_a_payment_needs_a_limit_that_can_be_checked(more: list[str], told: list[str]) -> None:
    """Words and limits of something else bound no amount; without any, another rule speaks."""
    assert _messages(_step("action", "Pay the supplier", "system: stripe", *more), LIMIT) == told


@pytest.mark.parametrize(
    ("limit", "bounds"),
    [
        ("amount > 5000", False),
        ("amount >= 5000 || amount < 100", False),
        ("amount != 5000", False),
        ("amount > 5000 && amount <= 9000", True),
        ("!(amount > 9000)", True),
        ('amount > 5000 && country == "PT"', False),
    ],
)
def test_a_lower_end_bounds_no_amount(limit: str, *, bounds: bool) -> None:
    """Only what keeps the amount from growing is a limit of it."""
    guardrail = f"guardrails: [{{says: so, limit: '{limit}'}}]"
    pay = _step("action", "Pay the supplier", "system: stripe", guardrail)
    assert (_messages(pay, LIMIT) == []) is bounds
    case = _step("action", "Pay the supplier", f"when: [{{says: so, cel: '{limit}'}}]")
    assert (_messages(case, "unguarded-irreversible-action") == []) is bounds


@pytest.mark.parametrize(
    ("before", "told"),
    [("", UNBOUNDED), ("- {id: ok, kind: approval, title: Approve it}\n", [])],
    ids=["nobody", "approved"],
)
def test_an_approval_before_it_sees_the_amount(before: str, told: list[str]) -> None:
    """Who approves a payment bounds it."""
    pay = _step("action", "Pay the supplier", "guardrails: [{says: small ones only}]")
    assert _messages(before + pay, LIMIT) == told


@pytest.mark.parametrize(("limit", "told"), [("", 1), (", most: 20000, currency: USD", 0)])
def test_a_limit_of_the_organization_has_to_name_an_amount(limit: str, told: int) -> None:
    """One in words alone is one that nobody can check."""
    organization = loads_organization(
        "name: Tidewater\nsystems: [{id: stripe, name: Stripe}]\n"
        f"limits: [{{id: small, says: small payments only{limit}}}]\n"
    )
    text = _graph(_step("action", "Pay the supplier", "system: stripe"))
    assert len(findings(text, LIMIT, organization=organization)) == told
    assert findings(text, "unguarded-irreversible-action", organization=organization) == []


def test_a_payment_without_a_limit_can_be_left_to_an_approval() -> None:
    """The fix sets tier 2, where the amount is seen."""
    text = _graph(_step("action", "Pay the supplier", "guardrails: [{says: small ones only}]"))
    (step,) = mended(text, LIMIT).graph.procedures[0].steps
    assert (step.tier and step.tier.level) == 2
    (found,) = findings(text, LIMIT)
    assert found.primary.at[-2:] == ("guardrails", 0)
    assert found.help == ("give it a guardrail with a limit in minor units, as `amount <= 20000`",)


DECISION = "branches: [{when: {says: big, cel: amount > 500}, then: end}, {when: WORDS, then: end}]"


@pytest.mark.parametrize(
    ("step", "reason", "level"),
    [
        (_step("approval", "Approve it"), "somebody's approval is the step", 2),
        (
            _step("human_task", "Judge it", "judgment: true"),
            "it is a judgment that a person takes",
            2,
        ),
        (_step("human_task", "Count the boxes"), "it is a person's task", 3),
        (
            _step("decision", "Which", DECISION.replace("WORDS", "{says: small}")),
            "a person decides what is in words alone",
            2,
        ),
        (
            _step("action", "Post it", "guardrails: [{says: only if it is harmless}]"),
            "a person has to see to a guardrail in words alone",
            2,
        ),
        (_step("action", "Interviews the candidate"), "`Interviews` is a person's work", 3),
        (_step("action", "Meet with the client"), "`Meet` is a person's work", 3),
    ],
)
def test_what_only_a_person_can_do_does_not_run_alone(step: str, reason: str, level: int) -> None:
    """The finding stands on the level, and its fix sets the one that the step allows."""
    (found,) = findings(_graph(step), LOW)
    assert found.message == f"step `act` is of tier 1, but {reason}"
    assert found.primary.at[-2:] == ("tier", "level")
    tier = mended(_graph(step), LOW).graph.procedures[0].steps[0].tier
    assert tier is not None
    assert (tier.level, tier.reason) == (level, reason)


@pytest.mark.parametrize(
    "step",
    [
        _step("approval", "Approve it", tier=""),
        _step("approval", "Approve it", tier="tier: {level: 2, reason: approval}"),
        _step("human_task", "Count the boxes", tier="tier: {level: 2, reason: prepared}"),
        _step("decision", "Which", DECISION.replace("WORDS", "{says: s, cel: amount <= 500}")),
        _step("action", "Post it", "when: [{says: if it is late}]"),
        _step("action", "Post it", "guardrails: [{says: cheap, limit: amount < 1}, {says: w}]"),
        _step("action", "Meets the deadline"),
        _step("action", "Mentors are listed in the sheet"),
        _step("approval", "Approve it", "vague: [{says: if reasonable}]"),
        _step("action", "Pay the supplier", "guardrails: [{says: small ones only}]"),
        _step("wait", "Wait for the answer"),
    ],
)
def test_steps_whose_tier_fits_and_mistakes_of_other_rules_are_left_alone(step: str) -> None:
    """An action under a condition in words runs alone once a person has said that it holds."""
    assert findings(_graph(step), LOW) == []


def test_judgment_words_can_be_left_to_an_approval() -> None:
    """Two such words are two findings, and the fix of one mends both."""
    vague = "vague: [{says: as appropriate}, {says: if needed}]"
    text = _graph(_step("action", "Post it", vague))
    found = findings(text, "judgment-words")
    assert [each.confidence for each in found] == [Confidence.HIGH] * 2
    once = _graph(_step("action", "Post it", "vague: [{says: as appropriate}]"))
    tier = mended(once, "judgment-words").graph.procedures[0].steps[0].tier
    assert (tier and tier.level) == 2


PAY = _step("action", "Pay the supplier", step="pay", tier="")


@pytest.mark.parametrize(
    ("approval", "after", "told"),
    [
        ("on_reject: pay", PAY, 1),
        ("on_reject: [pay]", PAY, 1),
        ("on_reject: end", PAY, 0),
        ("on_reject: end", "", 0),
        ("on_reject: pay", PAY.rstrip() + "\n  when: [{says: if it was approved}]\n", 0),
        ("outputs: [{name: ok, type: boolean}], on_reject: pay", PAY, 0),
        ("next: end, on_reject: pay", PAY, 0),
        ("next: pay, on_reject: pay", PAY, 1),
        ("on_reject: nowhere", PAY, 0),
    ],
)
def test_a_rejection_has_to_change_something(approval: str, after: str, told: int) -> None:
    """Unless the step behind it asks for itself what came of the approval."""
    steps = f"- {{id: ok, kind: approval, title: Approve it, {approval}}}\n" + after
    expected = ["`pay` follows whether `ok` approves or rejects"] * told
    assert _messages(steps, REJECTED) == expected


def test_a_procedure_without_steps_has_no_rejections() -> None:
    """Nothing is paired that is not there."""
    assert findings(HEAD.removesuffix("    steps:\n"), REJECTED) == []
