"""Values and expressions: edges of the rules of family 8."""

from textwrap import indent

import pytest

from rules.data_graphs import (
    HEAD,
    an_act,
    asks,
    found_in,
    given,
    mended_by,
    told,
)
from rules.one_rule import findings
from sopc.diagnostics import Confidence, Severity

PAID = "outputs: [{name: paid, type: money, currency: USD}]"


@pytest.mark.parametrize(
    ("cel", "message"),
    [
        ("amount >", "the expression ends too early"),
        ("amount", "expected a value of type `bool`, found `int`"),
        ('urgent == "yes"', "`==` does not work on `bool` and `string`"),
        ("unknown >", "the expression ends too early"),
    ],
)
def test_what_cannot_be_evaluated_is_told(cel: str, message: str) -> None:
    """Syntax and types are judged, also where names are unknown."""
    (found,) = found_in(an_act("a", given(cel)), "invalid-expression")
    assert found.message == f"expression `{cel}` cannot be evaluated: {message}"
    assert findings(HEAD + indent(an_act("a", given(cel)), "      "), "unknown-name") == []


def test_an_unknown_name_is_one_finding() -> None:
    """Neither is its expression called invalid, nor is it told twice for one step."""
    steps = an_act("a", "when: [{says: x, cel: amuont > 5}, {says: y, cel: amuont < 9}]")
    assert told(steps, "invalid-expression") == []
    assert told(steps, "unknown-name") == ["nothing gives `amuont`, which `amuont > 5` asks for"]


def test_the_nearest_name_is_written_wherever_the_unknown_one_stands() -> None:
    """Text in quotes is no name."""
    steps = an_act("a", given('amuont > 5 && string(amuont) != "amuont"'))
    changed = mended_by(HEAD + indent(steps, "      "), "unknown-name")
    assert 'amount > 5 && string(amount) != "amuont"' in changed


@pytest.mark.parametrize(
    "cel", ["[1, 2].exists(n, n > amount)", "type(amount) == int", "order.total > 5"]
)
def test_names_that_an_expression_brings_itself_are_known(cel: str) -> None:
    """Variables of comprehensions, types of CEL, and fields of objects."""
    assert told(an_act("a", given(cel)), "unknown-name") == []


def test_the_payload_of_an_awaited_event_is_known_afterwards() -> None:
    """What the event brings is given by the wait."""
    wait = (
        "- {id: w, kind: wait, title: w, event: {id: e, kind: event, says: paid,"
        " filter: sum > 5, payload: [{name: sum, type: integer}]}}\n"
    )
    assert (
        findings(HEAD + indent(wait + an_act("a", given("sum > 9")), "      "), "unknown-name")
        == []
    )
    assert told(an_act("a", given("sum > 9")) + wait, "use-before-production") == [
        "step `a` asks for `sum`, which nothing has given by then"
    ]


def test_a_value_of_another_procedure_is_unknown_here() -> None:
    """Where it is given is told."""
    other = (
        "  - {id: p, title: P, steps:"
        " [{id: x, kind: action, title: x, inputs: [{name: a, cel: paid}]}]}\n"
    )
    (found,) = findings(HEAD + indent(an_act("a", PAID), "      ") + other, "unknown-name")
    assert found.notes == ("procedure `refund` has a `paid`, which this one cannot see",)


def test_a_value_from_another_branch_is_never_there() -> None:
    """Of two branches one is taken; the way to the step is shown."""
    steps = (
        "- id: d\n  kind: decision\n  title: d\n  branches:\n"
        "    - {when: {says: so, cel: urgent}, then: a}\n  otherwise: b\n"
    )
    steps += an_act("a", PAID, "next: end") + an_act("b", asks("paid"))
    (found,) = found_in(steps, "use-before-production")
    assert found.step == "b"
    assert [each.label for each in found.chain] == ["`d` goes to `b` otherwise", "asks for `paid`"]
    assert [each.label for each in found.related] == ["step `a` gives it"]
    assert told(steps, "uncertain-value") == []


def test_values_of_one_step_are_worked_out_in_order() -> None:
    """A value sees those before it, not those behind it."""
    values = ["{name: x, type: integer, cel: %s}", "{name: y, type: integer, cel: %s}"]
    compute = "- {id: c, kind: compute, title: c, values: [" + ", ".join(values) + "]}\n"
    assert told(compute % ("'1'", "x + 1"), "use-before-production") == []
    assert told(compute % ("y + 1", "'1'"), "use-before-production") == [
        "step `c` asks for `y`, which nothing has given by then"
    ]


def test_a_loop_may_end_by_what_its_step_gives() -> None:
    """`until` is asked when the step is done, `when` before."""
    step = an_act("a", PAID, "loop: {back_to: a, at_most: 3, until: {says: x, cel: paid > 5}}")
    assert told(step, "use-before-production") == []
    assert told(step, "uncertain-value") == []


def test_what_a_loop_gives_is_not_there_the_first_time() -> None:
    """The value comes from a later step of the round before."""
    steps = an_act("a", asks("paid")) + an_act("b", PAID, "loop: {back_to: a, at_most: 3}")
    assert told(steps, "use-before-production") == []
    assert told(steps, "uncertain-value") == [
        "step `a` asks for `paid`, which not every way to it gives"
    ]


GIVES = an_act("a", given("amount > 500"), PAID)


@pytest.mark.parametrize(
    ("user", "fine"),
    [
        (an_act("b", asks("paid")), False),
        (an_act("b", asks("paid"), given("amount > 500")), True),
        (an_act("b", asks("paid"), given("amount > 900")), True),
        (an_act("b", asks("paid"), given("amount > 100")), False),
        (an_act("b", asks("amount > 500 ? paid : amount")), True),
        (an_act("b", asks("paid"), 'when: [{says: "if it was paid"}]'), True),
        (an_act("b", asks("paid"), "handles: a"), False),
    ],
)
def test_a_value_may_be_asked_for_in_the_case_that_gives_it(user: str, *, fine: bool) -> None:
    """The same condition, or one that implies it, makes it certain; words leave it to a person."""
    assert bool(found_in(GIVES + user, "uncertain-value")) is not fine


MAY_GIVE = GIVES.replace("currency: USD", "currency: USD, required: false")


@pytest.mark.parametrize(
    ("steps", "cel", "fine"),
    [
        (MAY_GIVE, "paid == null ? 0 : paid", True),
        (MAY_GIVE, "null != paid ? paid : 0", True),
        (MAY_GIVE, "[paid == null ? 0 : paid]", True),
        (MAY_GIVE, "paid", False),
        (MAY_GIVE, "order == null ? 0 : paid", False),
        (MAY_GIVE, "paid == 5 ? 0 : paid", False),
        (GIVES, "paid == null ? 0 : paid", False),
    ],
)
def test_an_expression_may_say_what_holds_without_a_value(
    steps: str, cel: str, *, fine: bool
) -> None:
    """A value that need not be there is null where its step was passed over."""
    user = an_act("b", asks(cel))
    assert bool(found_in(steps + user, "uncertain-value")) is not fine


def test_all_paths_of_a_fork_have_run_behind_its_join() -> None:
    """Behind `join: any`, one of them may not have."""
    steps = (
        an_act("f", "next: [a, b]")
        + an_act("a", PAID, "next: j")
        + an_act("b")
        + an_act("j", "join: all", asks("paid"))
    )
    assert told(steps, "uncertain-value") == []
    assert len(told(steps.replace("join: all", "join: any"), "uncertain-value")) == 1


def test_a_value_of_one_trigger_is_not_brought_by_the_other() -> None:
    """Which trigger leaves it out is told."""
    head = HEAD.replace(
        "    steps:\n",
        "    triggers:\n"
        "      - {id: asked, kind: request, says: x, payload: [{name: note, type: string}]}\n"
        "      - {id: weekly, kind: schedule, says: every week}\n"
        "    steps:\n",
    )
    (found,) = found_in(an_act("a", asks("note")), "uncertain-value", head)
    assert found.notes == ("trigger `weekly` does not bring it",)
    assert told(an_act("a", asks("note")), "uncertain-value", head.replace("weekly", "w")) != []


def test_values_are_called_unused_only_where_values_are_used() -> None:
    """A procedure without expressions keeps its values for the record; templates take any."""
    alone = an_act("a", "outputs: [{name: x, type: string}, {name: y, type: string}]")
    assert told(alone, "unused-value") == []
    used = alone + an_act("b", asks("x"))
    (found,) = found_in(used, "unused-value")
    assert found.message == "nothing asks for `y`, which step `a` gives"
    assert found.confidence is Confidence.MEDIUM
    (found,) = found_in(used + an_act("c", "template: Welcome"), "unused-value")
    assert found.confidence is Confidence.LOW


@pytest.mark.parametrize(
    ("field", "severity"),
    [
        ("{name: customer_password, type: string}", Severity.WARNING),
        ("{name: iban, type: string}", Severity.NOTE),
        ("{name: iban, type: string, sensitive: true}", None),
        ("{name: token_count, type: integer}", None),
        ("{name: password_changed, type: boolean}", None),
    ],
)
def test_values_that_should_be_kept_quiet(field: str, severity: Severity | None) -> None:
    """Names tell secrets and personal data, unless the value is marked; the fix marks it."""
    text = HEAD + indent(an_act("a", f"outputs: [{field}]"), "      ")
    found = findings(text, "clear-secret")
    assert [each.severity for each in found] == ([severity] if severity else [])
    if severity:
        assert found[0].fix is not None
        assert found[0].fix.safe
        assert "sensitive: true" in mended_by(text, "clear-secret")


def test_a_secret_is_not_repeated_by_the_finding() -> None:
    """What is found is named by its argument alone."""
    steps = an_act("a", "inputs: [{name: auth, cel: '\"Bearer abcdefghijkl\"'}]")
    (found,) = found_in(steps, "clear-secret")
    assert found.message == "argument `auth` holds a secret in clear"


def test_one_name_with_two_types_is_told_once() -> None:
    """Expressions over it are neither called invalid nor unknown."""
    steps = an_act("a", "outputs: [{name: amount, type: string}]") + an_act(
        "b", given("amount > 5")
    )
    assert told(steps, "conflicting-types") == [
        "`amount` is string here, and money in USD elsewhere"
    ]
    for rule in ("invalid-expression", "unknown-name", "constant-condition"):
        assert told(steps, rule) == []


def _only(step: str, cel: str, says: str = "so") -> str:
    condition = f", cel: '{cel}'" if cel else ""
    return an_act(step, f'when: [{{says: "{says}"{condition}}}]', PAID)


@pytest.mark.parametrize(
    ("givers", "fine"),
    [
        (_only("a", "amount > 500") + _only("c", "amount <= 500"), True),
        (_only("a", "amount > 500") + _only("c", "amount < 500"), False),
        (_only("a", "urgent") + _only("c", "!urgent"), True),
        (_only("a", "", "if it is urgent") + _only("c", "", "if it is not urgent"), True),
        (_only("a", "", "if it is urgent") + _only("c", "", "if it is large"), False),
        (_only("a", "urgent && amount > 5") + _only("c", "!urgent"), False),
        (_only("a", "urgent") + _only("c", "urgent"), False),
    ],
)
def test_steps_for_a_case_and_its_opposite_give_a_value_together(
    givers: str, *, fine: bool
) -> None:
    """One of the two is always done."""
    assert bool(found_in(givers + an_act("b", asks("paid")), "uncertain-value")) is not fine


CALLED = """\
  - id: check
    title: Check
    steps:
      - id: look
        kind: action
        title: look
        outputs: [{name: result, type: string}]
"""


@pytest.mark.parametrize(
    ("taken", "advice"),
    [
        ("result", None),
        ("resullt", "write `result`, or let a step of `check` give `resullt`"),
        ("decision", "let a step of `check` give `decision`"),
    ],
)
def test_a_call_takes_what_the_procedure_gives(taken: str, advice: str | None) -> None:
    """What the called procedure does not give has no value for the caller."""
    call = (
        "- {id: a, kind: call, title: a, procedure: check,"
        f" outputs: [{{name: {taken}, type: string}}]}}\n"
    )
    text = HEAD + indent(call + an_act("b", asks(taken)), "      ") + CALLED
    found = findings(text, "unknown-name")
    assert [each.message for each in found] == (
        [f"procedure `check` does not give `{taken}`, which step `a` takes from it"]
        if advice
        else []
    )
    assert [each.help for each in found] == ([(advice,)] if advice else [])


COMPUTED_KEY = """\
- id: a
  kind: compute
  title: a
  values: [{name: login, type: string, cel: '"sk-live-51Hx8Qm2vT9b"'}]
"""


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (
            COMPUTED_KEY,
            "value `login` holds a secret in clear",
        ),
        (
            an_act("a", "inputs: [{name: password, cel: '\"hunter2\"'}]"),
            "argument `password` holds a secret in clear",
        ),
        (
            an_act("a", given('order.key == "sk-live-51Hx8Qm2vT9b"')),
            "an expression of step `a` holds a secret in clear",
        ),
        (an_act("a", 'inputs: [{name: password, cel: \'urgent ? "new" : "old"\'}]'), None),
    ],
)
def test_a_secret_is_found_in_any_expression(steps: str, message: str | None) -> None:
    """A name says what a text is for where the text is the whole value."""
    assert told(steps, "clear-secret") == ([message] if message else [])


def test_what_a_for_each_gives_is_a_list_to_later_steps() -> None:
    """To the step itself it is the value of one element."""
    each = """\
- id: look-up
  kind: human_task
  title: Look up
  for_each: {items: "[1, 2]", name: number}
  outputs: [{name: score, type: integer}]
"""
    assert told(each + an_act("a", given("size(score) > 1")), "invalid-expression") == []
    (wrong,) = told(each + an_act("a", given("score > 1")), "invalid-expression")
    assert "`>` does not work on `list(int)` and `int`" in wrong
