"""Values and expressions: edges of the rules of family 8."""

from textwrap import indent

import pytest

from rules.one_rule import findings
from sopc.diagnostics import Confidence, Finding, Severity, applied

HEAD = """\
format: 1
id: refunds
title: Refunds
inputs:
  - {name: amount, type: money, currency: USD}
  - {name: urgent, type: boolean}
  - {name: days_late, type: integer}
  - {name: order, type: object, fields: [{name: total, type: money, currency: EUR}]}
procedures:
  - id: refund
    title: Refund
    steps:
"""


def _findings(steps: str, rule: str, head: str = HEAD) -> list[Finding]:
    return findings(head + indent(steps, "      "), rule)


def _messages(steps: str, rule: str, head: str = HEAD) -> list[str]:
    return [each.message for each in _findings(steps, rule, head)]


def _mended(text: str, rule: str) -> str:
    """Apply the fix of a rule's only finding; it is gone afterwards, and nothing is new."""
    before = {each.rule for each in findings(text)}
    (found,) = findings(text, rule)
    assert found.fix is not None
    changed, _ = applied(text, [found.fix])
    assert {each.rule for each in findings(changed)} <= before - {rule}
    return changed


def _act(step: str, *more: str) -> str:
    return "\n  ".join([f"- id: {step}", "kind: action", f"title: {step}", *more]) + "\n"


def _when(cel: str, says: str = "so") -> str:
    return f"when: [{{says: \"{says}\", cel: '{cel}'}}]"


def _takes(cel: str) -> str:
    return f"inputs: [{{name: it, cel: '{cel}'}}]"


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
    (found,) = _findings(_act("a", _when(cel)), "invalid-expression")
    assert found.message == f"expression `{cel}` cannot be evaluated: {message}"
    assert findings(HEAD + indent(_act("a", _when(cel)), "      "), "unknown-name") == []


def test_an_unknown_name_is_one_finding() -> None:
    """Neither is its expression called invalid, nor is it told twice for one step."""
    steps = _act("a", "when: [{says: x, cel: amuont > 5}, {says: y, cel: amuont < 9}]")
    assert _messages(steps, "invalid-expression") == []
    assert _messages(steps, "unknown-name") == [
        "nothing gives `amuont`, which `amuont > 5` asks for"
    ]


def test_the_nearest_name_is_written_wherever_the_unknown_one_stands() -> None:
    """Text in quotes is no name."""
    steps = _act("a", _when('amuont > 5 && string(amuont) != "amuont"'))
    changed = _mended(HEAD + indent(steps, "      "), "unknown-name")
    assert 'amount > 5 && string(amount) != "amuont"' in changed


@pytest.mark.parametrize(
    "cel", ["[1, 2].exists(n, n > amount)", "type(amount) == int", "order.total > 5"]
)
def test_names_that_an_expression_brings_itself_are_known(cel: str) -> None:
    """Variables of comprehensions, types of CEL, and fields of objects."""
    assert _messages(_act("a", _when(cel)), "unknown-name") == []


def test_the_payload_of_an_awaited_event_is_known_afterwards() -> None:
    """What the event brings is given by the wait."""
    wait = (
        "- {id: w, kind: wait, title: w, event: {id: e, kind: event, says: paid,"
        " filter: sum > 5, payload: [{name: sum, type: integer}]}}\n"
    )
    assert (
        findings(HEAD + indent(wait + _act("a", _when("sum > 9")), "      "), "unknown-name") == []
    )
    assert _messages(_act("a", _when("sum > 9")) + wait, "use-before-production") == [
        "step `a` asks for `sum`, which nothing has given by then"
    ]


def test_a_value_of_another_procedure_is_unknown_here() -> None:
    """Where it is given is told."""
    other = (
        "  - {id: p, title: P, steps:"
        " [{id: x, kind: action, title: x, inputs: [{name: a, cel: paid}]}]}\n"
    )
    (found,) = findings(HEAD + indent(_act("a", PAID), "      ") + other, "unknown-name")
    assert found.notes == ("procedure `refund` has a `paid`, which this one cannot see",)


def test_a_value_from_another_branch_is_never_there() -> None:
    """Of two branches one is taken; the way to the step is shown."""
    steps = (
        "- id: d\n  kind: decision\n  title: d\n  branches:\n"
        "    - {when: {says: so, cel: urgent}, then: a}\n  otherwise: b\n"
    )
    steps += _act("a", PAID, "next: end") + _act("b", _takes("paid"))
    (found,) = _findings(steps, "use-before-production")
    assert found.step == "b"
    assert [each.label for each in found.chain] == ["`d` goes to `b` otherwise", "asks for `paid`"]
    assert [each.label for each in found.related] == ["step `a` gives it"]
    assert _messages(steps, "uncertain-value") == []


def test_values_of_one_step_are_worked_out_in_order() -> None:
    """A value sees those before it, not those behind it."""
    values = ["{name: x, type: integer, cel: %s}", "{name: y, type: integer, cel: %s}"]
    compute = "- {id: c, kind: compute, title: c, values: [" + ", ".join(values) + "]}\n"
    assert _messages(compute % ("'1'", "x + 1"), "use-before-production") == []
    assert _messages(compute % ("y + 1", "'1'"), "use-before-production") == [
        "step `c` asks for `y`, which nothing has given by then"
    ]


def test_a_loop_may_end_by_what_its_step_gives() -> None:
    """`until` is asked when the step is done, `when` before."""
    step = _act("a", PAID, "loop: {back_to: a, at_most: 3, until: {says: x, cel: paid > 5}}")
    assert _messages(step, "use-before-production") == []
    assert _messages(step, "uncertain-value") == []


def test_what_a_loop_gives_is_not_there_the_first_time() -> None:
    """The value comes from a later step of the round before."""
    steps = _act("a", _takes("paid")) + _act("b", PAID, "loop: {back_to: a, at_most: 3}")
    assert _messages(steps, "use-before-production") == []
    assert _messages(steps, "uncertain-value") == [
        "step `a` asks for `paid`, which not every way to it gives"
    ]


GIVES = _act("a", _when("amount > 500"), PAID)


@pytest.mark.parametrize(
    ("user", "fine"),
    [
        (_act("b", _takes("paid")), False),
        (_act("b", _takes("paid"), _when("amount > 500")), True),
        (_act("b", _takes("paid"), _when("amount > 900")), True),
        (_act("b", _takes("paid"), _when("amount > 100")), False),
        (_act("b", _takes("amount > 500 ? paid : amount")), True),
        (_act("b", _takes("paid"), 'when: [{says: "if it was paid"}]'), True),
        (_act("b", _takes("paid"), "handles: a"), False),
    ],
)
def test_a_value_may_be_asked_for_in_the_case_that_gives_it(user: str, *, fine: bool) -> None:
    """The same condition, or one that implies it, makes it certain; words leave it to a person."""
    assert bool(_findings(GIVES + user, "uncertain-value")) is not fine


def test_all_paths_of_a_fork_have_run_behind_its_join() -> None:
    """Behind `join: any`, one of them may not have."""
    steps = (
        _act("f", "next: [a, b]")
        + _act("a", PAID, "next: j")
        + _act("b")
        + _act("j", "join: all", _takes("paid"))
    )
    assert _messages(steps, "uncertain-value") == []
    assert len(_messages(steps.replace("join: all", "join: any"), "uncertain-value")) == 1


def test_a_value_of_one_trigger_is_not_brought_by_the_other() -> None:
    """Which trigger leaves it out is told."""
    head = HEAD.replace(
        "    steps:\n",
        "    triggers:\n"
        "      - {id: asked, kind: request, says: x, payload: [{name: note, type: string}]}\n"
        "      - {id: weekly, kind: schedule, says: every week}\n"
        "    steps:\n",
    )
    (found,) = _findings(_act("a", _takes("note")), "uncertain-value", head)
    assert found.notes == ("trigger `weekly` does not bring it",)
    assert (
        _messages(_act("a", _takes("note")), "uncertain-value", head.replace("weekly", "w")) != []
    )


@pytest.mark.parametrize(
    ("cel", "says", "message"),
    [
        ("amount > 500", "over $500", "is 5.00 USD, but the words say `$500`"),
        ("amount > 5000", "over $5k", "is 50.00 USD, but the words say `$5k`"),
        ("amount > 50000", "over €500", "the words say `€500`, but `amount` is in USD"),
        ("amount > 60000", "over 500 dollars", "is 600.00 USD, but the words say `500 dollars`"),
        ("days_late > 2", "more than 2 weeks late", "is 2 days, but the words say `2 weeks`"),
        ("amount > 500", "if it is over 500", "is 5.00 USD, but the words say `500`"),
        ("amount > 1500", "over 1,500, or so", "is 15.00 USD, but the words say `1,500`"),
        ("amount > order.total", "so", "compares `amount` in USD and `order.total` in EUR"),
        ("amount > days_late", "so", "compares `amount` in USD and `days_late` in days"),
    ],
)
def test_units_that_differ_are_told(cel: str, says: str, message: str) -> None:
    """Minor and major units, currencies, times, and what the words say."""
    (found,) = _findings(_act("a", _when(cel, says)), "unit-mismatch")
    assert message in found.message


@pytest.mark.parametrize(
    ("cel", "says"),
    [
        ("amount > 50000", "over $500"),
        ("amount >= 50001", "over 500 USD"),
        ("amount > 50000 && amount <= 500000", "over $500, and up to US$ 5,000.00"),
        ("amount > 0 && amount <= 50000", "up to $500"),
        ("order.total >= 100000", "from €1.000"),
        ("days_late > 14", "more than two weeks late"),
        ("days_late > 5", "more than 5 business days late"),
        ("amount * 2 > 50000", "over the limit"),
        ("amount > 500", "over the limit"),
        ("urgent", "over $500"),
        ("amount > 50000", "over 500"),
        ("amount > 50", "over 50 cents"),
        ("amount > 5", "more than 5 items"),
        ("amount > 12", "by rule #12"),
        ("amount > 0", "above 0"),
        ("amount > 25000", "over half of $500"),
        ("amount > 5000", "over 10% of $500"),
        ("days_late > 60", "more than twice the 30 days"),
    ],
)
def test_units_that_agree_are_fine(cel: str, says: str) -> None:
    """Where the words say the same, or nothing that could be compared."""
    assert _messages(_act("a", _when(cel, says)), "unit-mismatch") == []


def test_no_part_of_a_unit_is_written() -> None:
    """36 hours are neither one day nor two."""
    cel, says = "days_late > 36", "after more than 36 hours"
    (found,) = _findings(_act("a", _when(cel, says)), "unit-mismatch")
    assert found.message == "36 in `days_late > 36` is 36 days, but the words say `36 hours`"
    assert found.help == (
        "count in a smaller unit: `days_late` counts days, and `36 hours` is no whole number",
    )
    assert found.fix is None


def test_two_values_that_do_not_fit_are_told_once() -> None:
    """However often an expression brings them together."""
    cel = "amount > order.total || order.total + amount > 5"
    assert _messages(_act("a", _when(cel)), "unit-mismatch") == [
        f"expression `{cel}` compares `amount` in USD and `order.total` in EUR"
    ]


def test_the_fix_writes_what_the_words_say() -> None:
    """The number becomes minor units."""
    steps = _act("a", _when("amount > 500", "over $500"))
    assert "amount > 50000" in _mended(HEAD + indent(steps, "      "), "unit-mismatch")


def test_a_computed_amount_has_the_currency_of_what_it_comes_from() -> None:
    """Euros do not become dollars by a new name."""
    compute = (
        "- {id: c, kind: compute, title: c,"
        " values: [{name: x, type: money, currency: USD, cel: order.total}]}\n"
    )
    assert _messages(compute, "unit-mismatch") == ["`x` is in USD, but `order.total` gives EUR"]


def test_values_are_called_unused_only_where_values_are_used() -> None:
    """A procedure without expressions keeps its values for the record; templates take any."""
    alone = _act("a", "outputs: [{name: x, type: string}, {name: y, type: string}]")
    assert _messages(alone, "unused-value") == []
    used = alone + _act("b", _takes("x"))
    (found,) = _findings(used, "unused-value")
    assert found.message == "nothing asks for `y`, which step `a` gives"
    assert found.confidence is Confidence.MEDIUM
    (found,) = _findings(used + _act("c", "template: Welcome"), "unused-value")
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
    text = HEAD + indent(_act("a", f"outputs: [{field}]"), "      ")
    found = findings(text, "clear-secret")
    assert [each.severity for each in found] == ([severity] if severity else [])
    if severity:
        assert found[0].fix is not None
        assert found[0].fix.safe
        assert "sensitive: true" in _mended(text, "clear-secret")


def test_a_secret_is_not_repeated_by_the_finding() -> None:
    """What is found is named by its argument alone."""
    steps = _act("a", "inputs: [{name: auth, cel: '\"Bearer abcdefghijkl\"'}]")
    (found,) = _findings(steps, "clear-secret")
    assert found.message == "argument `auth` holds a secret in clear"


def test_one_name_with_two_types_is_told_once() -> None:
    """Expressions over it are neither called invalid nor unknown."""
    steps = _act("a", "outputs: [{name: amount, type: string}]") + _act("b", _when("amount > 5"))
    assert _messages(steps, "conflicting-types") == [
        "`amount` is string here, and money in USD elsewhere"
    ]
    for rule in ("invalid-expression", "unknown-name", "constant-condition"):
        assert _messages(steps, rule) == []


def _only(step: str, cel: str, says: str = "so") -> str:
    condition = f", cel: '{cel}'" if cel else ""
    return _act(step, f'when: [{{says: "{says}"{condition}}}]', PAID)


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
    assert bool(_findings(givers + _act("b", _takes("paid")), "uncertain-value")) is not fine


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
    text = HEAD + indent(call + _act("b", _takes(taken)), "      ") + CALLED
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
            _act("a", "inputs: [{name: password, cel: '\"hunter2\"'}]"),
            "argument `password` holds a secret in clear",
        ),
        (
            _act("a", _when('order.key == "sk-live-51Hx8Qm2vT9b"')),
            "an expression of step `a` holds a secret in clear",
        ),
        (_act("a", 'inputs: [{name: password, cel: \'urgent ? "new" : "old"\'}]'), None),
    ],
)
def test_a_secret_is_found_in_any_expression(steps: str, message: str | None) -> None:
    """A name says what a text is for where the text is the whole value."""
    assert _messages(steps, "clear-secret") == ([message] if message else [])
