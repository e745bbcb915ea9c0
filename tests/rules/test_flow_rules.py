"""The way through the steps: edges of the rules of family 5."""

import time
from textwrap import indent

import pytest

from rules.flow_graphs import HEAD, an_act, choice, found_in, mended_by, told
from rules.one_rule import findings
from sopc.diagnostics import Confidence, Severity

AB = an_act("a", "next: end") + an_act("b")


@pytest.mark.parametrize(
    ("branches", "left"),
    [
        (("amount > 50000 -> a", "amount < 50000 -> b"), "amount is exactly 500.00 USD"),
        (('size == "small" -> a',), "size is `large`"),
        (("urgent && amount > 0 -> a", "!urgent -> b"), "amount is at most 0.00 USD"),
    ],
)
def test_the_value_that_falls_through_is_named(branches: tuple[str, ...], left: str) -> None:
    """Money, enumerations and booleans are decided exactly."""
    (found,) = found_in(choice(*branches) + AB, "incomplete-decision")
    assert found.message.startswith("decision `choose` has no branch when ")
    assert left in found.message
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize(
    "branches",
    [
        ("amount >= 50000 -> a", "amount < 50000 -> b"),
        ('size == "small" -> a', 'size == "large" -> b'),
        ("urgent -> a", "!urgent -> b"),
    ],
)
def test_a_complete_decision_is_fine(branches: tuple[str, ...]) -> None:
    """Where every value is covered, no `otherwise` is asked for."""
    assert told(choice(*branches) + AB, "incomplete-decision") == []


def test_what_cannot_get_to_a_decision_need_not_be_covered() -> None:
    """Behind the branch for large amounts, small ones are no case."""
    inner = choice("amount > 90000 -> a", "amount > 50000 && amount <= 90000 -> b", step="inner")
    steps = choice("amount > 50000 -> inner", "amount <= 50000 -> b") + inner + AB
    assert told(steps, "incomplete-decision") == []
    again = steps.replace("amount > 50000 && amount <= 90000", "amount > 60000 && amount < 80000")
    (found,) = found_in(again, "incomplete-decision")
    assert "decision `inner`" in found.message
    assert found.notes == ("here, `amount > 50000` holds for certain",)


def test_a_value_that_is_worked_out_anew_is_not_taken_for_known() -> None:
    """What was asked of the old value says nothing of the new one."""
    anew = (
        "- {id: anew, kind: compute, title: anew,"
        " values: [{name: amount, type: money, currency: USD, cel: '1'}]}\n"
    )
    inner = choice("amount > 50000 -> b", step="inner")
    first = choice("amount > 50000 -> anew", "amount <= 50000 -> b")
    (found,) = found_in(first + anew + inner + an_act("b"), "incomplete-decision")
    assert "decision `inner`" in found.message


def test_branches_that_hold_at_once_are_told_with_a_value() -> None:
    """The wider branch can leave the shared cases to the narrower one."""
    steps = choice("amount > 50000 -> a", "amount > 90000 -> b") + AB
    (found,) = found_in(steps, "overlapping-branches")
    assert found.message == (
        "branches 1 and 2 of decision `choose` both hold when amount is at least 900.01 USD"
    )
    assert "(amount > 50000) && !(amount > 90000)" in mended_by(steps, "overlapping-branches")


def test_branches_to_the_same_step_may_overlap() -> None:
    """Which of them is taken makes no difference."""
    steps = choice("amount > 50000 -> a", "urgent -> a", "amount <= 50000 && !urgent -> b") + AB
    assert told(steps, "overlapping-branches") == []


def test_branches_far_apart_in_a_long_decision_are_neighbours_in_parts() -> None:
    """A decision with many branches is looked at in overlapping parts."""
    ranges = [f"amount > {n} && amount <= {n + 10} -> a" for n in range(0, 900, 10)]
    steps = choice(*ranges, "amount > 880 && amount < 885 -> b") + AB
    (found,) = found_in(steps, "overlapping-branches")
    assert found.message.startswith("branches 89 and 91")


@pytest.mark.parametrize(
    ("cel", "severity", "message"),
    [
        ("amount > 5 && amount < 5", Severity.ERROR, "is always false"),
        ('size == "huge"', Severity.ERROR, "is always false"),
        ("amount > 5 || amount < 9", Severity.WARNING, "is always true"),
        ("amount > 5", None, ""),
        ("amount > 5 && urgent", None, ""),
    ],
)
def test_conditions_that_never_change_are_told(
    cel: str, severity: Severity | None, message: str
) -> None:
    """What never holds is an error in a `when`, what always holds a warning."""
    steps = an_act("a", f"when: [{{says: so, cel: '{cel}'}}]")
    found = found_in(steps, "constant-condition")
    assert [each.severity for each in found] == ([severity] if severity else [])
    assert all(message in each.message for each in found)


def test_conditions_that_contradict_each_other_are_told() -> None:
    """The second `when` is judged with the first one in mind."""
    steps = an_act("a", "when: [{says: x, cel: amount > 9}, {says: y, cel: amount < 3}]")
    (found,) = found_in(steps, "constant-condition")
    assert found.message == "condition `amount < 3` is always false here"
    assert [each.label for each in found.related] == ["`amount > 9` holds"]


def test_saying_again_what_holds_is_fine() -> None:
    """Behind the branch for large amounts, a step may say that it is for them."""
    steps = choice("amount > 50000 -> a", "amount <= 50000 -> b")
    steps += an_act("a", "next: end", "when: [{says: so, cel: amount > 100}]") + an_act("b")
    assert told(steps, "constant-condition") == []
    (found,) = found_in(steps.replace("amount > 100", "amount < 100"), "constant-condition")
    assert found.message == "condition `amount < 100` is always false here"


def test_a_loop_that_never_ends_is_an_error_unless_it_is_counted() -> None:
    """`at_most` ends it all the same."""
    loop = "loop: {back_to: a, until: {says: so, cel: amount > 5 && amount < 5}"
    (found,) = found_in(an_act("a", loop + "}"), "constant-condition")
    assert (found.severity, found.primary.label) == (Severity.ERROR, "it goes round for ever")
    (found,) = found_in(an_act("a", loop + ", at_most: 3}"), "constant-condition")
    assert found.severity is Severity.WARNING


def test_a_loop_does_not_make_the_first_round_certain() -> None:
    """What holds behind a decision need not hold where the loop begins."""
    steps = (
        an_act("a")
        + choice("amount > 50000 -> b", "amount <= 50000 -> c")
        + an_act("b", "loop: {back_to: a, at_most: 2}", "next: end")
        + an_act("c", "when: [{says: so, cel: amount < 50}]")
    )
    assert told(steps, "constant-condition") == []


def _calling(*calls: str) -> str:
    """Each call is `PROCEDURE calls PROCEDURE`, or with ` if` where it is not always done."""
    procedures = []
    for call in calls:
        caller, _, called = call.partition(" calls ")
        name, maybe, _ = called.partition(" if")
        when = ", when: [{says: so, cel: urgent}]" if maybe else ""
        step = f"{{id: s-{caller}, kind: call, title: s, procedure: {name}{when}}}"
        procedures.append(f"  - {{id: {caller}, title: P, steps: [{step}]}}\n")
    return HEAD[: HEAD.index("  - id: refund")] + "".join(procedures)


def test_procedures_that_call_each_other_on_every_way_never_end() -> None:
    """The circle is shown call by call; a condition breaks it."""
    (found,) = findings(_calling("a calls b", "b calls c", "c calls b"), "endless-loop")
    assert found.message == "procedure `b` calls itself without an end: `b` -> `c` -> `b`"
    assert [each.label for each in found.chain] == ["`b` calls `c`", "`c` calls `b`"]
    assert findings(_calling("b calls c", "c calls b if"), "endless-loop") == []
    (found,) = findings(_calling("a calls a"), "endless-loop")
    assert found.message == "procedure `a` calls itself without an end: `a` -> `a`"


def test_a_handler_of_nothing_is_told_the_nearest_step() -> None:
    """The step that fails may be misspelt."""
    (found,) = found_in(an_act("refund") + an_act("b", "handles: refnud"), "lost-handler")
    assert found.message == (
        "step `b` handles the failure of `refnud`, which is no step of the procedure"
    )
    assert found.help[0] == "the nearest known step is `refund`"


def test_a_handler_may_stand_before_in_a_loop() -> None:
    """In a loop, the next round comes after the failure."""
    steps = an_act("a", "handles: b") + an_act("b", "loop: {back_to: a, at_most: 3}")
    assert told(steps, "lost-handler") == []


def test_a_handler_on_the_other_branch_is_lost() -> None:
    """Of two branches one is taken, so the handler never follows the failure."""
    steps = choice("urgent -> a", "!urgent -> b") + an_act("a", "next: end")
    (found,) = found_in(steps + an_act("b", "handles: a"), "lost-handler")
    assert found.message == "step `b` handles the failure of `a`, but does not come after it"


def test_a_procedure_without_steps_is_a_dead_end() -> None:
    """Whatever starts it is answered with nothing."""
    text = HEAD.replace("    steps:\n", "")
    assert [each.message for each in findings(text, "dead-end")] == [
        "procedure `refund` has no steps"
    ]


def test_a_fork_that_names_a_step_twice_is_told_once() -> None:
    """The second one is the mistake."""
    (found,) = found_in(an_act("f", "next: [a, a]") + an_act("a"), "dead-end")
    assert found.message == "the fork at step `f` starts `a` twice"


def test_thousands_of_steps_take_seconds() -> None:
    """The rules walk the flow once, however many decisions it has."""
    steps = "".join(
        choice(f"amount > {n} -> a-{n}", f"amount <= {n} -> b-{n}", step=f"d-{n}")
        + an_act(f"a-{n}", f"next: c-{n}")
        + an_act(f"b-{n}")
        + an_act(f"c-{n}", f"next: [x-{n}, y-{n}]")
        + an_act(f"x-{n}", f"next: j-{n}")
        + an_act(f"y-{n}")
        + an_act(f"j-{n}", "join: all")
        for n in range(300)
    )
    began = time.monotonic()
    for rule in ("incomplete-decision", "overlapping-branches", "fork-never-joined"):
        assert told(steps, rule) == []
    assert time.monotonic() - began < 30  # far above what it takes


def test_the_circle_that_is_shown_is_the_endless_one() -> None:
    """A loop that is counted leads out again, so it is no part of what has no way out."""
    counted = an_act("b", "loop: {back_to: a, at_most: 3}")
    (found,) = found_in(an_act("a") + counted + an_act("c", "next: a"), "endless-loop")
    assert found.message == "no way leads out of `a` -> `b` -> `c` -> `a`"
    behind = an_act("d", "next: c")
    (found,) = found_in(an_act("a") + counted + an_act("c") + behind, "endless-loop")
    assert found.message == "no way leads out of `c` -> `d` -> `c`"


@pytest.mark.parametrize(
    ("branches", "advice"),
    [
        (
            ("amount > 50000 -> a", "amount < 50000 -> b"),
            "add a branch for `amount == 50000`, or an `otherwise`",
        ),
        (
            ("amount > 90000 -> a", "amount < 50000 -> b"),
            "widen a branch so that it holds then, or add an `otherwise`",
        ),
    ],
)
def test_the_branch_to_add_covers_all_that_falls_through(
    branches: tuple[str, ...], advice: str
) -> None:
    """One value of a whole range would leave the others without a branch."""
    (found,) = found_in(choice(*branches) + AB, "incomplete-decision")
    assert found.help == (advice,)


def test_only_amounts_below_zero_are_a_warning() -> None:
    """Most amounts are never negative, so `amount >= 0` leaves out nothing that happens."""
    steps = choice("amount >= 0 && amount < 500 -> a", "amount >= 500 -> b") + AB
    (found,) = found_in(steps, "incomplete-decision")
    assert found.message == "decision `choose` has no branch when amount is negative"
    assert (found.severity, found.confidence) == (Severity.WARNING, Confidence.LOW)
    (found,) = found_in(steps.replace(">= 0", "> 0"), "incomplete-decision")
    assert found.severity is Severity.ERROR


def test_a_branch_that_never_holds_is_said_once() -> None:
    """What is left out because of it comes right with it."""
    steps = choice('size == "small" -> a', 'size == "big" -> b') + AB
    text = HEAD + indent(steps, "      ")
    rules = [each.rule for each in findings(text) if each.code.startswith("SOP5")]
    assert rules == ["constant-condition"]


@pytest.mark.parametrize(
    ("one", "other", "complete"),
    [
        ("if yes", "if no", True),
        ("if it is approved", "if it is not approved", True),
        ("if the customer answers", "if the customer doesn't answer", True),
        ("if there is an invoice", "If there is no invoice", True),
        ("if it is urgent", "otherwise", True),
        ("if it is urgent", "in all other cases", True),
        ("if it is urgent", "if it is not approved", False),
        ("for large orders", "for small orders", False),
        ("if it is not paid", "if it is not sent", False),
        ("if no", "if no", False),
    ],
)
def test_a_yes_and_a_no_in_words_are_complete(one: str, other: str, *, complete: bool) -> None:
    """Nobody writes an `otherwise` beside them."""
    branches = "".join(
        f'    - {{when: {{says: "{says}"}}, then: {then}}}\n'
        for says, then in ((one, "a"), (other, "b"))
    )
    decision = f"- id: choose\n  kind: decision\n  title: choose\n  branches:\n{branches}"
    found = found_in(decision + AB, "incomplete-decision")
    assert [each.severity for each in found] == ([] if complete else [Severity.WARNING])


def test_expressions_overlap_beside_a_condition_in_words() -> None:
    """What only a person can judge hides nothing of the other branches."""
    steps = choice("amount > 50000 -> a", "0 -> a", "amount > 90000 -> b", more="otherwise: a")
    steps = steps.replace("says: so, cel: '0'", "says: if it is a regular customer") + AB
    assert told(steps, "overlapping-branches") == [
        "branches 1 and 3 of decision `choose` both hold when amount is at least 900.01 USD"
    ]
