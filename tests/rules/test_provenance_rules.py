"""Where facts come from: edges of the rules of family 7."""

from textwrap import indent

import pytest

from rules.one_rule import findings
from sopc.diagnostics import Prose

HEAD = """\
format: 1
id: refunds
title: Refunds
source: {path: refund.md, sha256: SHA}
roles: [{id: clerk, name: billing clerk}]
systems: [{id: stripe, name: Stripe}]
procedures:
  - id: refund
    title: Refund
    steps:
""".replace("SHA", "0a" * 32)
INFERRED, CONTRADICTING = "inferred-fact", "contradicting-citations"


def _graph(*steps: str, head: str = HEAD) -> str:
    return head + "".join(indent(step, "      ") for step in steps)


def _step(title: str, *more: str, step: str = "act", cites: str = "", line: int = 3) -> str:
    cite = f"title: {{line: {line}, column: 1, length: 9, quote: {title}}}{cites}"
    lines = [f"- id: {step}", "kind: action", f"title: {title}", *more, f"citations: {{{cite}}}"]
    return "\n  ".join(lines) + "\n"


ANSWER = "{answer: who-says, by: Ana Pires}"
EVERYTHING = [
    "role: clerk",
    "system: stripe",
    "template: refund-letter",
    "when: [{says: if asked}]",
    "deadlines: [{says: by noon}]",
    "delays: [{says: after a day}]",
    "cadences: [{says: daily}]",
    "escalation: [{says: tell the boss}]",
    "guardrails: [{says: up to 200}]",
    "retry: {says: try again}",
]


def test_every_fact_without_a_citation_is_named_once() -> None:
    """One finding for a step, with the place of each of its facts."""
    (found,) = findings(_graph(_step("Pay it", *EVERYTHING, "reversible: false")), INFERRED)
    assert found.message == (
        "step `act` does not say where it has its role, system, template, condition, deadline, "
        "delay, cadence, escalation, guardrail and retry from"
    )
    places = [each.at[4] for each in (found.primary, *found.related)]
    fields = "role system template when deadlines delays cadences escalation guardrails retry"
    assert places == fields.split()


def test_a_branch_without_a_citation_is_an_inferred_condition() -> None:
    """The way out of a decision is a fact like any other."""
    step = (
        "- {id: which, kind: decision, title: Which, branches: [{when: {says: big}, then: end}],"
        " citations: {title: {line: 3, column: 1, length: 5, quote: Which}}}\n"
    )
    (found,) = findings(_graph(step), INFERRED)
    assert found.primary.at[4:] == ("branches", 0, "when")


@pytest.mark.parametrize(
    "graph",
    [
        _graph(_step("Pay it", "role: clerk", cites=f", role: {ANSWER}")),
        _graph(_step("Pay it", f"deadlines: [{{says: by noon, cite: {ANSWER}}}]")),
        _graph(_step("The billing clerk pays it in Stripe", "role: clerk", "system: stripe")),
        _graph(_step("Pay it by noon", "deadlines: [{says: by noon}]")),
        _graph(_step("Pay it", "role: clerk").replace("{title: {line", "{x: {line")),
        _graph(
            f"- {{id: a, kind: action, title: A, role: clerk, citations: {{title: {ANSWER}}}}}\n"
        ),
        _graph(_step("Pay it", "role: clerk")).replace("source:", "summary: none #"),
        _graph(
            _step("Pay it", "reversible: false", "operation: pay", "tier: {level: 1, reason: r}")
        ),
    ],
    ids=["role", "deadline", "named", "quoted", "uncited", "answered", "no prose", "proposals"],
)
def test_what_is_stated_somewhere_is_not_inferred(graph: str) -> None:
    """By a citation, within the step's quotes, or by the person who added the step."""
    assert findings(graph, INFERRED) == []


def test_part_of_a_word_states_nothing() -> None:
    """The clerk is not named by "clerkship"."""
    step = _step("Pay the billing clerkship", "role: clerk")
    assert len(findings(_graph(step), INFERRED)) == 1


def _due(bound: str, line: int, says: str = "soon", more: str = "") -> str:
    cite = f"{{line: {line}, column: 1, length: 4, quote: {says}}}"
    return f"{{says: {says}, {bound}, cite: {cite}{more}}}"


def _twice(first: str, second: str) -> str:
    return _graph(_step("Pay it", f"deadlines: [{first}, {second}]"))


def test_two_deadlines_of_a_step_contradict_each_other() -> None:
    """Both sentences are told: one in the window on the prose, one in a note."""
    text = _twice(_due("within: P2D", 5, "two days"), _due("within: P5D", 9, "five days"))
    (found,) = findings(text, CONTRADICTING)
    assert found.message == "step `act` is done `five days`, and elsewhere `two days`"
    assert found.notes == ("line 5 of the prose says `two days`",)
    assert found.primary.at[-3:] == ("deadlines", 1, "says")
    assert found.related[0].at[-3:] == ("deadlines", 0, "says")


def test_an_answer_can_contradict_the_prose() -> None:
    """Who looks at it learns which answer it was."""
    answered = f"{{says: PT4H, within: PT4H, cite: {ANSWER}}}"
    (found,) = findings(_twice(answered, _due("within: P2D", 5)), CONTRADICTING)
    assert found.notes == ("the answer `who-says` says `PT4H`",)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_due("within: P1D", 5), _due("within: PT24H", 9)),
        (_due("within: P2D", 5), _due("within: P5D", 5)),
        (_due("within: P2D", 5), "{says: soon, within: P5D}"),
        (_due("within: P2D", 5), _due("within: P5D", 9, more=", when: [{says: if late}]")),
        (_due("within: P2D", 5), _due("within: P5D", 9, more=", of: the order")),
        (_due("within: P2D", 5), _due("within: P5D", 9, more=", relation: before")),
        (_due("within: P2D", 5), _due("within: P5D", 9, more=", vague: true")),
        (_due("within: P2D", 5), _due("within: 1 business day", 9)),
        (_due("within: 8 business hours", 5), _due("within: 1 business day", 9)),
        (_due("within: P30D", 5), _due("within: P1M", 9)),
        (_due("by: 5 PM", 5), _due('by: "17:00"', 9)),
        (_due("by: 5 PM", 5), _due("by: friday", 9)),
        (_due("by: day 3 of the month", 5), _due("by: day 5 of the month", 9)),
    ],
)
def test_deadlines_that_agree_or_cannot_be_compared_are_left_alone(first: str, second: str) -> None:
    """Equal ones, those of different cases or moments, and those that only a calendar relates."""
    assert findings(_twice(first, second), CONTRADICTING) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("within: 1 business day", "within: 2 business days"),
        ("by: 5 PM", 'by: "16:30"'),
        ("by: 12 AM", "by: 12 PM"),
        ("by: friday", "by: Monday"),
    ],
)
def test_business_time_and_times_of_the_day_are_compared(first: str, second: str) -> None:
    """Each with its own kind."""
    assert len(findings(_twice(_due(first, 5), _due(second, 9)), CONTRADICTING)) == 1


SOON, LATE = f"deadlines: [{_due('within: P2D', 5)}]", f"deadlines: [{_due('within: P5D', 9)}]"


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (_step("Sends an invoice in Stripe", "system: stripe", LATE, step="again"), 1),
        (_step("Send the invoice", "system: stripe", LATE, step="again"), 1),
        (_step("Send the invoice to the client", "system: stripe", LATE, step="again"), 0),
        (_step("Send the invoice", LATE, step="again"), 0),
        (_step("Send the invoice", "system: stripe", LATE, "when: [{says: if}]", step="a"), 0),
        (_step("Send the invoice", "system: stripe", LATE, "handles: act", step="a"), 0),
        (
            _step("Send the invoice", "system: stripe", LATE, step="again")
            + "- {id: d, kind: decision, title: D, branches: [{when: {says: big}, then: again}]}\n",
            0,
        ),
    ],
    ids=["worded", "same", "to whom", "elsewhere", "case", "handler", "branch"],
)
def test_steps_of_the_same_title_are_the_same_act(second: str, told: int) -> None:
    """But for articles, the verb's ending and the system's name; not those of another case."""
    first = _step("Send the invoice in Stripe", "system: stripe", SOON)
    assert len(findings(_graph(first, second), CONTRADICTING)) == told


def _above(cel: str, line: int) -> str:
    cite = f"{{line: {line}, column: 1, length: 4, quote: over}}"
    return f'when: [{{says: over, cel: "{cel}", cite: {cite}}}]'


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("amount > 50000", "amount > 100000", 1),
        ("amount > 50000", "amount>50000.0", 0),
        ("amount > 50000", "amount <= 100000", 0),
        ("amount > 50000", "age > 100000", 0),
        ("amount > 50000", "amount > limit", 0),
    ],
)
def test_one_act_above_two_amounts(first: str, second: str, told: int) -> None:
    """The same comparison of the same thing with another figure."""
    text = _graph(
        _step("Ask the boss", _above(first, 5)), _step("Asks the boss", _above(second, 9), step="b")
    )
    assert len(findings(text, CONTRADICTING)) == told


UNCOVERED = "uncovered-prose"


def _passages(*more: str) -> str:
    kept = "column: 1, length: 9, kind: item, instructs: true"
    listed = (
        f"  - {{line: {line}, hash: 0a1b2c3d4e5{line}, {kept}{left_out}}}\n"
        for line, left_out in enumerate(more, 3)
    )
    return _graph(_step("Pay it")) + "passages:\n" + "".join(listed)


def test_the_coverage_is_told_once() -> None:
    """The first of several findings says how much of the prose is covered."""
    found = findings(_passages("", "", ""), UNCOVERED)
    assert [each.primary.at for each in found] == [("passages", 1), ("passages", 2)]
    assert [each.notes for each in found] == [
        ("1 of 3 passages that instruct are covered (33%)",),
        (),
    ]


def test_what_a_person_left_out_is_covered() -> None:
    """An answer that takes a step out deals with its passage."""
    assert findings(_passages("", ", left_out: no-act"), UNCOVERED) == []


@pytest.mark.parametrize(("line", "rules"), [(3, ["fuzzy-citation"]), (4, ["unlocated-quote"])])
def test_a_fuzzy_quote_that_is_not_there_is_one_mistake(line: int, rules: list[str]) -> None:
    """Nobody is to read again what is not the sentence at all."""
    step = _step("Pay the invoice", line=line).replace("length: 9, ", "length: 15, match: fuzzy, ")
    prose = Prose("refund.md", "0a" * 32, "# Refund\n\nPay the invoice.\nRead it twice.\n")
    found = findings(_graph(step), prose=prose)
    assert [each.rule for each in found if each.code in {"SOP702", "SOP704"}] == rules
