"""What may run without a person: edges of the rules of family 6."""

import time
from textwrap import indent

import pytest

from rules.one_rule import findings, mended
from sopc.diagnostics import Confidence, Finding
from sopc.graph import Tier
from sopc.organization import Organization, loads_organization
from sopc_compiler.fact import ActFact, ActKind, Span
from sopc_compiler.passes.tier import propose_tier

HEAD = """\
format: 1
id: refunds
title: Refunds
inputs:
  - {name: amount, type: money, currency: USD}
  - {name: country, type: string}
roles: [{id: clerk, name: clerk}, {id: boss, name: boss}]
systems: [{id: stripe, name: Stripe}]
procedures:
  - id: refund
    title: Refund
    triggers: [{id: asked, kind: event, says: when asked, system: stripe, event: asked}]
    steps:
"""
ALONE = "tier: {level: 1, reason: one operation}"


def _findings(
    steps: str, rule: str, organization: Organization | None = None, *, head: str = HEAD
) -> list[Finding]:
    return findings(head + indent(steps, "      "), rule, organization=organization)


def _found(
    steps: str, rule: str, organization: Organization | None = None
) -> list[tuple[str | None, str]]:
    return [(each.step, each.message) for each in _findings(steps, rule, organization)]


def _act(title: str, *more: str, step: str = "act", tier: str = ALONE) -> str:
    lines = [f"- id: {step}", "kind: action", f"title: {title}", "system: stripe", tier, *more]
    return "\n  ".join(line for line in lines if line) + "\n"


APPROVE = "- {id: approve, kind: approval, title: Approve it, role: boss}\n"
UNGUARDED = "unguarded-irreversible-action"


def _stripe(effect: str, limit: str = "") -> Organization:
    return loads_organization(
        "name: Tidewater\n"
        "systems:\n"
        "  - id: pay-pal\n"
        "    name: Stripe\n"
        f"    operations: [{{name: run, effect: {effect}}}, {{name: x}}]\n"
        "  - {id: bank, name: Bank}\n"
        f"limits: [{limit}]\n"
    )


@pytest.mark.parametrize(
    ("title", "sort"),
    [
        ("Pays the supplier from the main account", "payment"),
        ("Refund the customer", "payment"),
        ("Wires $500 to the landlord", "payment"),
        ("Issues the partial refund in Stripe", "payment"),
        ("Transfer the remaining funds", "payment"),
        ("Sends a wire transfer of 9,500 USD to them", "payment"),
        ("Deletes the account", "deletion"),
        ("Grant the new colleague access to the folder", "change of access"),
        ("Removes their admin rights", "change of access"),
        ("Immediately, then permanently revoke access to Okta", "change of access"),
        ("Deactivate the leaver's Okta account", "change of access"),
        ("Promptly pay the vendor", "payment"),
        ("Runs the monthly payroll in Gusto", "payment"),
    ],
)
def test_words_tell_of_a_lasting_act(title: str, sort: str) -> None:
    """A payment, a deletion or a change of access that nobody approves is told by the title."""
    expected = f"nobody approves and no guardrail limits the {sort} in step `act`"
    assert _found(_act(title), UNGUARDED) == [("act", expected)]


@pytest.mark.parametrize(
    "title",
    [
        "Pay attention to the deadline",
        "Pays a visit to the client",
        "Transfer the call to the support lead",
        "Issue a ticket number",
        "Charges the laptop",
        "Sends the payment reminder",
        "Process the refund request in Zendesk",
        "Makes a payment plan",
        "Gives the client a call",
        "Removes the tag from the ticket",
        "Sends the invoice to the customer",
        "Records the payment in Xero",
        "Enters the refund amount",
        "Opens the form Access request",
        "Process the payroll report",
        "Disable the account lockout alert",
        "Next steps pay off",
    ],
)
def test_words_that_only_look_like_it_are_left_alone(title: str) -> None:
    """Verbs that mean something else, and acts about money that move none."""
    assert _found(_act(title), UNGUARDED) == []


@pytest.mark.parametrize(
    "tier",
    ["", "tier: {level: 2, reason: costly}", "tier: {level: 3, reason: a person's}"],
    ids=["none", "prepared", "led"],
)
def test_words_alone_say_nothing_of_steps_that_do_not_run_alone(tier: str) -> None:
    """Tier 2 and 3 have their person; without a tier nobody said that it may run alone."""
    assert _found(_act("Pay the supplier", tier=tier), UNGUARDED) == []


@pytest.mark.parametrize("tier", ["", ALONE])
def test_what_the_graph_says_goes_before_the_words(tier: str) -> None:
    """`reversible` decides either way, also where there is no tier."""
    lasting = _act("Archive the record", "reversible: false", tier=tier)
    (found,) = _findings(lasting, UNGUARDED)
    assert (
        found.message
        == "nobody approves and no guardrail limits the irreversible act in step `act`"
    )
    assert (found.confidence, found.primary.at[-1]) == (Confidence.HIGH, "reversible")
    assert _found(_act("Pay the supplier", "reversible: true", tier=tier), UNGUARDED) == []


def test_what_the_organization_says_goes_before_the_words() -> None:
    """An operation that pays is a payment whatever the title says, and one that writes is none."""
    (found,) = _findings(_act("Settle it", "operation: run"), UNGUARDED, _stripe("pay"))
    assert found.primary.at[-1] == "operation"
    assert found.notes == ("the organization file says that `run` of `Stripe` pays",)
    assert not _found(_act("Pay the supplier", "operation: run"), UNGUARDED, _stripe("write"))
    assert _found(_act("Pay the supplier", "operation: other"), UNGUARDED, _stripe("write"))


def test_a_message_from_a_template_was_settled_before() -> None:
    """Free words sent outside are a lasting act, a template is not."""
    free, fixed = "operation: run", "template: welcome-1"
    (found,) = _found(_act("Write back", free), UNGUARDED, _stripe("send"))
    assert found[1] == "nobody approves and no guardrail limits the message in step `act`"
    assert _found(_act("Write back", free, fixed), UNGUARDED, _stripe("send")) == []


PAY = _act("Pay the supplier", step="pay")
DELETE = _act("Delete the account", step="delete")


JUDGE = "- {id: judge, kind: human_task, title: Decide it, judgment: true}\n"
BRANCHING = """\
- id: which
  kind: decision
  title: Which
  branches: [{when: {says: big, cel: "amount > 500"}, then: approve}]
  otherwise: OTHERWISE
"""


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (APPROVE, 0),
        (JUDGE, 0),
        ("- {id: look, kind: human_task, title: Look at it}\n", 1),
        (_act("Look it up", "next: delete", step="look") + APPROVE, 1),
        (
            BRANCHING.replace("OTHERWISE", "judge")
            + APPROVE.replace("boss", "boss, next: delete")
            + JUDGE,
            0,
        ),
        (BRANCHING.replace("OTHERWISE", "delete") + APPROVE, 1),
    ],
    ids=["approval", "judgment", "task", "way round", "each way", "one way"],
)
def test_every_way_has_to_lead_by_a_person(before: str, told: int) -> None:
    """One approval counts if all ways pass it, and so do several that share the ways."""
    assert len(_found(before + DELETE, UNGUARDED)) == told


@pytest.mark.parametrize(("cel", "told"), [("amount > 50000", 0), ("country == 'US'", 1)])
def test_a_decision_by_the_amount_is_enough_for_a_payment(cel: str, told: int) -> None:
    """What is paid without a person is bounded then; a decision by a country bounds nothing."""
    before = BRANCHING.replace("amount > 500", cel).replace("OTHERWISE", "pay")
    assert len(_found(before + APPROVE + PAY, UNGUARDED)) == told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("when: [{says: up to 500, cel: amount <= 50000}]", 0),
        ("when: [{says: at home, cel: \"country == 'US'\"}]", 1),
        ("when: [{says: if it is small}]", 1),
        ("guardrails: [{says: ask above 500, limit: amount <= 50000}]", 0),
    ],
)
def test_a_bounded_amount_is_enough_for_a_payment(more: str, told: int) -> None:
    """A condition that a program can check bounds it as well as a guardrail does."""
    assert len(_found(_act("Pay the supplier", more), UNGUARDED)) == told


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("{id: a, says: small ones, most: 20000, currency: USD}", 0),
        ("{id: a, says: small ones, most: 20000, currency: USD, systems: [pay-pal]}", 0),
        ("{id: a, says: small ones, most: 20000, currency: USD, systems: [bank]}", 1),
        (
            "{id: a, says: no, most: 9, currency: USD, systems: [pay-pal], operations: [x]}",
            1,
        ),
    ],
)
def test_limits_of_the_organization_count(limit: str, told: int) -> None:
    """As far as they are for the step's system and operation, by the organization's own ids."""
    step = _act("Settle it", "operation: run")
    assert len(_found(step, UNGUARDED, _stripe("pay", limit))) == told


CALLED = "- {id: call-it, kind: call, title: Pay, procedure: payment}\n"
PAYMENT = "  - id: payment\n    title: Payment\n    steps:\n" + indent(PAY, "      ")


@pytest.mark.parametrize(("before", "told"), [(APPROVE, 0), ("", 1)])
def test_a_called_procedure_begins_where_it_is_called(before: str, told: int) -> None:
    """An approval before the call counts for the steps behind it."""
    steps = indent(before + CALLED, "      ")
    assert len(findings(HEAD + steps + PAYMENT, UNGUARDED)) == told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("if the request is approved", 0),
        ("after the manager signs off", 0),
        ("once the client has confirmed it", 0),
        ("if the request is not approved", 1),
        ("if nobody approved it", 1),
        ("if the manager rejects or approves", 1),
        ("if the request is late", 1),
    ],
)
def test_words_can_say_that_somebody_approved(words: str, told: int) -> None:
    """A condition, a trigger or an event that is waited for, unless it says the contrary."""
    condition = _act("Delete the account", f"when: [{{says: {words}}}]")
    assert len(_found(condition, UNGUARDED)) == told
    triggered = HEAD.replace("says: when asked", f"says: {words}")
    assert len(_findings(DELETE, UNGUARDED, head=triggered)) == told
    event = f"event: {{id: it, kind: event, says: {words}}}"
    waiting = f"- {{id: hold, kind: wait, title: Wait, {event}}}\n"
    assert len(_found(waiting + DELETE, UNGUARDED)) == told


def test_an_unreachable_step_is_not_told_of_twice() -> None:
    """That nothing leads to it is the mistake."""
    assert _found(_act("Look", "next: end", step="look") + PAY, UNGUARDED) == []


@pytest.mark.parametrize("tier", ["", ALONE, "tier:\n    level: 1\n    reason: one operation"])
def test_the_fix_leaves_the_irreversible_act_to_an_approval(tier: str) -> None:
    """It sets tier 2 in whatever way the tier is written, and is safe."""
    steps = _act("Archive the record", "reversible: false", tier=tier)
    step = mended(HEAD + indent(steps, "      "), UNGUARDED).graph.procedures[0].steps[0]
    assert step.tier is not None
    assert step.tier.level is Tier.PREPARED


@pytest.mark.parametrize(
    "verb",
    """
    pay refund reimburse transfer wire charge issue delete erase purge destroy revoke grant
    deactivate disable suspend
    """.split(),  # noqa: SIM905  # read best as words
)
def test_the_compiler_proposes_what_the_rule_wants(verb: str) -> None:
    """Verbs that the rule takes for lasting acts never get tier 1 from the compiler."""
    fact = ActFact(span=Span(0, 0, 1), verb=verb, form=verb, kind=ActKind.ACT)
    assert propose_tier(fact, vague=False, system=True).level > Tier.AUTONOMOUS


def test_thousands_of_payments_are_looked_at_at_once() -> None:
    """The flow is followed once, not once for each step."""
    steps = "".join(_act("Pay the supplier", step=f"pay-{number}") for number in range(3000))
    begun = time.perf_counter()
    found = _findings(steps, UNGUARDED)
    assert len(found) == 3000
    assert time.perf_counter() - begun < 30


def test_the_fix_of_an_act_of_no_sort_reads_well() -> None:
    """Its reason stands in the file for people to read."""
    text = HEAD + indent(_act("Submit the form", "reversible: false"), "      ")
    tier = mended(text, UNGUARDED).graph.procedures[0].steps[0].tier
    assert tier is not None
    assert tier.reason == "an irreversible act, to be approved"
