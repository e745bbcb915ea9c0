"""Retries, ladders and waits: edges of the rules of family 4."""

from textwrap import indent

import pytest

from rules.one_rule import findings
from sopc.diagnostics import Confidence, Finding, applied
from sopc.graph.file import loads_graph
from sopc.organization import Organization, loads_organization

HEAD = """\
format: 1
id: refunds
title: Refunds
roles:
  - {id: clerk, name: clerk}
  - {id: boss, name: boss}
  - {id: chief, name: chief}
systems: [{id: stripe, name: Stripe}, {id: slack, name: Slack}]
procedures:
  - id: refund
    title: Refund
    triggers: [{id: asked, kind: event, says: when asked, system: stripe, event: asked}]
"""
OFFICE = """\
name: Tidewater
time_zone: America/Chicago
business_hours: {from: "09:00", to: "17:00"}
"""


def _found(
    rule: str, steps: str, *, top: str = "", organization: Organization | None = None
) -> list[Finding]:
    return findings(_text(steps, top), rule, organization=organization)


def _text(steps: str, top: str = "") -> str:
    return HEAD + indent(top, "    ") + "    steps:\n" + indent(steps, "      ")


def _step(*more: str, kind: str = "approval", role: str | None = "clerk") -> str:
    lines = ["- id: act", f"kind: {kind}", "title: Do it", *([f"role: {role}"] if role else [])]
    return "\n  ".join([*lines, *more]) + "\n"


def _ladder(*rungs: str) -> str:
    return "escalation: [" + ", ".join(f"{{says: escalate, {rung}}}" for rung in rungs) + "]"


@pytest.mark.parametrize(
    ("retry", "unlimited", "undelayed"),
    [
        ("{says: again}", 1, 0),
        ("{says: again, delay: PT1H}", 1, 0),
        ("{says: again, times: 1}", 0, 1),
        ("{says: again later, times: 3, delays: [{says: later, vague: true}]}", 0, 1),
        ("{says: again, times: 3, delay: PT1H}", 0, 0),
    ],
)
def test_a_retry_has_one_gap_at_a_time(retry: str, unlimited: int, undelayed: int) -> None:
    """How often goes before how far apart."""
    steps = _step(f"retry: {retry}", kind="action")
    assert len(_found("unlimited-retry", steps)) == unlimited
    assert len(_found("retry-without-delay", steps)) == undelayed


SAME = "escalation-to-same-role"


@pytest.mark.parametrize(
    ("rungs", "messages"),
    [
        (("to: boss",), []),
        (("to: clerk",), ["an escalation turns to `clerk`, who does step `act`"]),
        (("by: boss, to: boss",), ["an escalation turns to `boss`, who escalates"]),
        (("to: boss", "to: boss"), ["an escalation turns to `boss`, as the rung before"]),
        (("to: boss, via: slack", "to: boss, via: stripe"), []),
        (("to: boss", "to: boss, when: [{says: if it is large}]"), []),
        (("to: boss", "to: boss, 'on': [refused]"), []),
        (("to: boss", "to: boss, if_says: the bank is closed"), []),
        (("to: boss", "to: clerk"), []),
        (("after: P1D",), []),
    ],
)
def test_who_has_it_already_is_no_escalation(rungs: tuple[str, ...], messages: list[str]) -> None:
    """The one who does it, who escalates, or who was asked just before, in the same case."""
    assert [each.message for each in _found(SAME, _step(_ladder(*rungs)))] == messages


def test_a_reminder_by_somebody_else_is_less_sure() -> None:
    """Another role turns to the one who does the step: that may be meant as a reminder."""
    (found,) = _found(SAME, _step(_ladder("by: boss, to: clerk")))
    assert found.confidence is Confidence.MEDIUM
    (found,) = _found(SAME, _step(_ladder("to: clerk")))
    assert found.confidence is Confidence.HIGH


def test_a_whole_procedure_has_no_role_of_its_own() -> None:
    """Its rungs are compared with each other and with who escalates."""
    top = _ladder("to: boss", "to: boss") + "\n"
    (found,) = _found(SAME, _step(), top=top)
    assert found.primary.at == ("procedures", 0, "escalation", 1, "to")
    assert found.step is None


def test_the_fix_turns_to_the_role_above() -> None:
    """As a guess, and only where the graph lists that role."""
    organization = loads_organization(
        OFFICE
        + "roles: [{id: clerk, name: clerk, reports_to: chief}, {id: chief, name: chief},"
        + " {id: boss, name: boss}]\n"
    )
    text = _text(_step(_ladder("after: P2D, to: clerk")))
    (found,) = findings(text, SAME, organization=organization)
    assert found.help == ("turn to `chief`, the role above",)
    assert found.fix is not None
    assert not found.fix.safe
    changed, _ = applied(text, [found.fix])
    (rung,) = loads_graph(changed).graph.procedures[0].steps[0].escalation
    assert (rung.to, rung.after) == ("chief", "P2D")
    before = {each.rule for each in findings(text, organization=organization)}
    assert {each.rule for each in findings(changed, organization=organization)} == before - {SAME}
    unlisted = text.replace("  - {id: chief, name: chief}\n", "")
    assert findings(unlisted, SAME, organization=organization)[0].fix is None
    assert findings(text, SAME)[0].fix is None


UNHELD = "escalation-to-unheld-role"


@pytest.mark.parametrize(
    ("role", "notes"),
    [
        ("holders: [{name: Ana Ruiz, to: 2026-03-01}]", ["`Ana Ruiz` held it until 2026-03-01"]),
        (
            "holders: [{name: Bo Lind, from: 2026-04-01}, {name: Cy Mann, to: 2026-01-31}]",
            ["`Cy Mann` held it until 2026-01-31", "`Bo Lind` holds it from 2026-04-01 on"],
        ),
        ("holders: [{name: Ana Ruiz, to: 2026-03-02}]", None),
        ("holders: [{name: Ana Ruiz}]", None),
        ("holders: []", None),
        ("outside: true", None),
    ],
)
def test_a_role_is_unheld_when_all_its_holders_are_elsewhere(
    role: str, notes: list[str] | None
) -> None:
    """Judged on 2026-03-02; who holds it next, and who did last, is told."""
    organization = loads_organization(
        f"{OFFICE}roles: [{{id: lead, name: boss, {role}}}, {{id: clerk, name: clerk}}]\n"
    )
    steps = _step(_ladder("to: boss", "to: clerk", "to: boss"))
    found = _found(UNHELD, steps, organization=organization)
    assert [list(each.notes) for each in found] == ([notes] if notes else [])
    for each in found:
        assert each.message == "nobody holds the role `boss`, which an escalation turns to"
        assert len(each.related) == 1
    assert _found(UNHELD, steps) == []


BACKWARD = "backward-ladder"


@pytest.mark.parametrize(
    ("rungs", "number"),
    [
        (("after: P2D, to: boss", "after: P1D, to: chief"), 1),
        (("after: P1D, to: boss", "after: P2D, to: chief"), 0),
        (("after: P1D, to: boss", "after: P1D, to: chief"), 0),
        (("after: PT25H, to: boss", "after: P1D, to: chief"), 1),
        (("after: 3 business days, to: boss", "after: 2 business days, to: chief"), 1),
        (("after: 2 business days, to: boss", "after: P2D, to: chief"), 0),
        (("after: 5 business days, to: boss", "after: P2D, to: chief"), 1),
        (("after: P3D, to: boss", "to: clerk", "after: P2D, to: chief"), 1),
        (("after: P3D, to: boss", "after: P2D, to: chief", "after: P1D, to: clerk"), 2),
        (("after: P2D, to: boss", "after: P1D, to: chief, when: [{says: if large}]"), 0),
        (
            (
                "after: P2D, to: boss, when: [{says: if still open}]",
                "after: P1D, to: chief, when: [{says: If still open}]",
            ),
            1,
        ),
        (("after: P2D, to: boss", "after: P1D, to: chief, delays: [{says: 1 day later}]"), 0),
        (("after: P2D, to: boss", "after: P1D, to: chief, delays: [{says: a, of: that}]"), 0),
    ],
)
def test_a_ladder_runs_forward(rungs: tuple[str, ...], number: int) -> None:
    """Only where every calendar has the later rung come first, in the same case."""
    assert len(_found(BACKWARD, _step(_ladder(*rungs)))) == number


CIRCULAR = "circular-escalation"


@pytest.mark.parametrize(
    ("rungs", "circle"),
    [
        (("to: boss", "to: clerk"), ["clerk", "boss", "clerk"]),
        (("to: boss", "to: chief", "to: boss"), ["boss", "chief", "boss"]),
        (("by: chief, to: boss", "to: clerk", "to: chief"), ["chief", "boss", "clerk", "chief"]),
        (("to: boss", "to: boss", "to: clerk"), ["clerk", "boss", "clerk"]),
        (("to: boss", "to: chief"), None),
        (("to: boss", "to: boss"), None),
        (("to: clerk",), None),
        (("to: boss", "after: P1D", "to: chief"), None),
        (("to: boss", "to: clerk, when: [{says: if large}]"), None),
    ],
)
def test_a_ladder_does_not_come_back(rungs: tuple[str, ...], circle: list[str] | None) -> None:
    """The way from a role back to it is shown place by place."""
    found = _found(CIRCULAR, _step(_ladder(*rungs)))
    assert len(found) == (circle is not None)
    for each in found:
        path = " -> ".join(f"`{name}`" for name in circle or ())
        assert each.message == f"an escalation goes round in a circle: {path}"
        assert len(each.chain) == len(circle or ())
        assert each.chain[0].label == f"begins with `{(circle or [''])[0]}`"
        assert each.chain[-1].at == each.primary.at


def test_a_circle_and_the_same_role_are_two_mistakes() -> None:
    """Neither rule speaks of what the other one is about."""
    for rungs in (
        ("to: clerk",),
        ("to: boss", "to: boss"),
        ("to: boss", "to: clerk"),
        ("by: clerk, to: boss", "by: clerk, to: clerk"),
        ("by: clerk, to: clerk", "to: boss"),
    ):
        steps = _step(_ladder(*rungs))
        assert len(_found(SAME, steps)) + len(_found(CIRCULAR, steps)) == 1


ENDLESS = "endless-wait"
URGENT = "deadlines: [{says: at once, within: P1D, when: [{says: If it is urgent}]}]"
IN_TIME = "deadlines: [{says: in time, within: P1D}]"
RHYTHM = "cadences: [{says: daily, every: P1D}]"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ((URGENT,), "its only deadline is for some cases"),
        ((URGENT, "when: [{says: if it is urgent}]"), None),
        ((URGENT, _ladder("after: P2D, to: boss")), None),
        ((URGENT.replace("}]}]", "}]}, {says: else, within: P9D}]"),), None),
        ((RHYTHM,), "it has a rhythm, but no deadline"),
        ((RHYTHM, IN_TIME), None),
        ((RHYTHM, _ladder("after: P2D, to: boss")), None),
        (
            (IN_TIME, _ladder("'on': [refused], to: boss", "'on': [not-found], to: chief")),
            "its escalation is for `refused` or `not-found` alone",
        ),
        ((IN_TIME, _ladder("'on': [refused], to: boss", "'on': [timed-out], to: chief")), None),
        ((IN_TIME, _ladder("'on': [refused], to: boss", "to: chief")), None),
        ((IN_TIME, _ladder("'on': [refused], after: P2D, to: boss")), None),
        ((IN_TIME, _ladder("'on': [any], to: boss")), None),
        ((IN_TIME,), None),
        ((), None),
    ],
)
def test_a_bound_has_to_hold_in_all_cases(fields: tuple[str, ...], message: str | None) -> None:
    """What has no bound at all is said by other rules."""
    expected = [f"step `act` may wait for ever: {message}"] if message else []
    assert [each.message for each in _found(ENDLESS, _step(*fields))] == expected
    event = "event: {id: paid, kind: event, says: when it is paid}"
    wait = _step(*fields, event, kind="wait", role=None)
    assert [each.message for each in _found(ENDLESS, wait)] == expected
    assert _found(ENDLESS, _step(*fields, kind="action")) == []


def test_bounds_of_the_whole_hold_for_its_steps() -> None:
    """A deadline of the procedure is one for all cases; a rhythm of it is none."""
    assert _found(ENDLESS, _step(URGENT), top=IN_TIME + "\n") == []
    (found,) = _found(ENDLESS, _step(), top=RHYTHM + "\n")
    assert found.primary.at == ("procedures", 0, "cadences", 0, "says")


def test_a_branch_that_asks_for_the_case_closes_the_gap() -> None:
    """Behind a decision for the urgent ones, a deadline for urgent ones is for all."""
    ask = (
        "- {id: ask, kind: decision, title: Ask, otherwise: end,"
        " branches: [{when: {says: if it is urgent}, then: act}]}\n"
    )
    assert _found(ENDLESS, ask + _step(URGENT)) == []


def test_no_wait_is_a_matter_of_several_rules() -> None:
    """Missing deadline, missing ladder and endless wait each have their own case."""
    rules = ("missing-deadline", "no-escalation-path", ENDLESS)
    told = {
        fields: [rule for rule in rules if _found(rule, _step(*fields))]
        for fields in (
            (),
            (_ladder("to: boss"),),
            (IN_TIME,),
            (URGENT, _ladder("to: boss")),
            (RHYTHM, _ladder("to: boss")),
            (IN_TIME, _ladder("'on': [refused], to: boss")),
            (IN_TIME, _ladder("to: boss")),
        )
    }
    assert list(told.values()) == [
        ["missing-deadline", "no-escalation-path"],
        ["missing-deadline"],
        ["no-escalation-path"],
        [ENDLESS],
        [ENDLESS],
        [ENDLESS],
        [],
    ]


@pytest.mark.parametrize(
    ("clerk", "number"), [("", 1), (", reports_to: boss", 0), (", aliases: [agent]", 1)]
)
def test_the_default_has_to_turn_to_somebody_else(clerk: str, number: int) -> None:
    """Who is turned to by default has no way out, but for the role above."""
    organization = loads_organization(
        f"{OFFICE}escalation: {{to: clerk}}\n"
        f"roles: [{{id: clerk, name: clerk{clerk}}}, {{id: boss, name: boss}}]\n"
    )
    rule = "no-escalation-path"
    found = _found(rule, _step(), organization=organization)
    assert [each.notes for each in found] == [
        ("the organization's default turns to `clerk`, which does this step",)
    ] * number
    assert _found(rule, _step(role="boss"), organization=organization) == []
    assert _found(rule, _step(role=None), organization=organization) == []


def test_a_handler_is_one_of_the_same_procedure() -> None:
    """Steps of several procedures may have the same id."""
    handler = "- {id: mend, kind: human_task, title: Mend it, handles: act}\n"
    assert _found("no-escalation-path", _step() + handler) == []
    other = f"  - {{id: other, title: Other, steps: [{handler.strip().removeprefix('- ')}]}}\n"
    text = _text(_step()) + other
    assert [each.step for each in findings(text, "no-escalation-path")] == ["act"]


@pytest.mark.parametrize(
    ("rung", "notes"),
    [("after: P1D", ()), ("via: slack", ("`slack` is where it is said, not who has to answer",))],
)
def test_a_channel_is_nobody(rung: str, notes: tuple[str, ...]) -> None:
    """A rung without a role reaches nobody in particular, whatever channel it goes through."""
    (found,) = _found("escalation-to-nobody", _step(_ladder(rung)))
    assert found.notes == notes
