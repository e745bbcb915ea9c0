"""Who approves what, and who prepared or asked for it."""

from textwrap import indent

import pytest

from rules.one_rule import findings
from sopc.diagnostics import Confidence, Finding
from sopc.organization import Organization, loads_organization

HEAD = """\
format: 1
id: refunds
title: Refunds
roles: [{id: clerk, name: clerk}, {id: boss, name: boss}]
systems: [{id: stripe, name: Stripe}]
procedures:
  - id: refund
    title: Refund
    triggers: [{id: asked, kind: event, says: when asked, system: stripe, event: asked}]
    steps:
"""


def _findings(
    steps: str, rule: str, organization: Organization | None = None, *, head: str = HEAD
) -> list[Finding]:
    return findings(head + indent(steps, "      "), rule, organization=organization)


def _found(
    steps: str, rule: str, organization: Organization | None = None
) -> list[tuple[str | None, str]]:
    return [(each.step, each.message) for each in _findings(steps, rule, organization)]


SELF = "self-approval"


def _by(role: str, title: str, *more: str, step: str = "make", kind: str = "action") -> str:
    lines = [f"- id: {step}", f"kind: {kind}", f"title: {title}", f"role: {role}", *more]
    return "\n  ".join(lines) + "\n"


def _approved(role: str, title: str, *more: str) -> str:
    return _by(role, title, *more, step="approve", kind="approval")


@pytest.mark.parametrize(
    "title",
    [
        "Approve the report",
        "Approves or rejects the final report in Stripe",
        "Approve it",
        "Approve",
    ],
)
def test_who_made_it_does_not_approve_it(title: str) -> None:
    """What is approved is told by its last noun, or is what was made right before."""
    steps = _by("clerk", "Write the monthly report in Docs") + _approved("clerk", title)
    expected = "approval `approve` goes to the role that prepares what it approves, `clerk`"
    assert _found(steps, SELF) == [("approve", expected)]


@pytest.mark.parametrize(
    "steps",
    [
        _by("clerk", "Write the invoice") + _approved("clerk", "Approve the report"),
        _by("clerk", "Review the report") + _approved("clerk", "Approve the report"),
        _by("boss", "Write the report") + _approved("clerk", "Approve the report"),
        _by("boss", "Write the report")
        + _by("clerk", "Correct the report", step="correct")
        + _approved("clerk", "Approve the report"),
        _by("clerk", "Write the report") + _approved("boss", "Approve the report"),
        _approved("clerk", "Approve the report") + _by("clerk", "Write the next report"),
        _by("clerk", "Write the report") + "- {id: approve, kind: approval, title: Approve it}\n",
    ],
    ids=["other", "review", "other role", "both", "four eyes", "later", "nobody"],
)
def test_work_on_something_else_or_by_somebody_else_is_left_alone(steps: str) -> None:
    """Reading, correcting and later work are no preparing."""
    assert _found(steps, SELF) == []


def test_data_tells_what_was_prepared() -> None:
    """What an approval takes goes before what its words say."""
    made = _by("clerk", "Add up the hours", "outputs: [{name: hours, type: number}]")
    takes = "inputs: [{name: hours, cel: hours}]"
    assert len(_found(made + _approved("clerk", "Approve the wages", takes), SELF)) == 1


ASKED = HEAD.replace(
    "kind: event, says: when asked, system: stripe, event: asked",
    "kind: request, says: on request, by: clerk",
)


def test_who_asks_does_not_approve() -> None:
    """The requester counts as long as no step of somebody else prepares what is approved."""
    alone = _findings(_approved("clerk", "Approve the leave"), SELF, head=ASKED)
    assert [each.message for each in alone] == [
        "approval `approve` goes to the role that asks for it, `clerk`"
    ]
    assert [each.label for each in alone[0].related] == ["asks for it"]
    ordered = _by("boss", "Write the report") + _approved("clerk", "Approve the report")
    assert _findings(ordered, SELF, head=ASKED) == []


HELD = """\
name: Tidewater
roles:
  - {id: a, name: clerk, holders: [CLERKS]}
  - {id: b, name: boss, holders: [BOSSES]}
"""
ANA, BEN = "{name: Ana Pires}", "{name: Ben Okoye}"


@pytest.mark.parametrize(
    ("clerks", "bosses", "told"),
    [
        (
            ANA,
            "{name: ana  pires}",
            ["approval `approve` goes to Ana Pires, who also prepares what it approves"],
        ),
        (ANA, BEN, []),
        (f"{ANA}, {BEN}", ANA, []),
        (ANA, "{name: Ana Pires, to: 2026-03-01}, " + BEN, []),
        ("", "", []),
    ],
    ids=["same", "others", "several", "left", "unknown"],
)
def test_one_person_in_two_roles_is_the_same_pair_of_eyes(
    clerks: str, bosses: str, told: list[str]
) -> None:
    """On the day of the check, and only where both roles are that person's alone."""
    organization = loads_organization(HELD.replace("CLERKS", clerks).replace("BOSSES", bosses))
    steps = _by("clerk", "Write the report") + _approved("boss", "Approve the report")
    assert [message for _, message in _found(steps, SELF, organization)] == told


def test_the_rule_is_less_sure_where_several_hold_the_role() -> None:
    """One of them may approve what another prepared."""
    organization = loads_organization(HELD.replace("CLERKS", f"{ANA}, {BEN}").replace("BOSSES", ""))
    steps = _by("clerk", "Write the report") + _approved("clerk", "Approve the report")
    (found,) = _findings(steps, SELF, organization)
    assert found.confidence is Confidence.LOW
    assert found.notes == ("2 people hold the role; one of them may approve for another",)
