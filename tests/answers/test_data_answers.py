"""Answers about data: calls, inputs, fields, limits, and what becomes of them in the graph."""

import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.test_apply import ANCHORS, BY_ANA, _answer, _applied, _first, _graph
from sopc.errors import UsageError
from sopc.graph import Argument, DataField, DataType, EventTrigger, ForEach, HumanTaskStep
from sopc_compiler.answers import Answers, apply_answers, spoken_data
from sopc_compiler.answers.field import answer_field
from sopc_compiler.answers.value import allowed, read_value

CALL = 'send(to = email, subject = "Welcome, \\"Ana\\"", copies = 2, at = string(due))'


def inputs(step: Any) -> dict[str, object]:
    return {
        each.name: each.value if each.cel is None else f"cel:{each.cel}" for each in step.inputs
    }


def test_a_call_sets_the_operation_and_its_inputs() -> None:
    """Literals stay literals, everything else is an expression; both cite the answer."""
    step = _first(_applied("step 1 binding", CALL))
    assert step.operation == "send"
    assert inputs(step) == {
        "to": "cel:email",
        "subject": 'Welcome, "Ana"',
        "copies": 2,
        "at": "cel:string(due)",
    }
    assert step.citations["operation"] == step.citations["inputs"] == BY_ANA
    assert {each.cite for each in step.inputs} == {BY_ANA}


@pytest.mark.parametrize(
    "value",
    [
        {"operation": "send", "inputs": {"to": {"cel": "email"}, "copies": 2}},
        {"operation": "send", "inputs": "to = email, copies = 2"},
        "send( to=email ,copies= 2 )",
    ],
)
def test_the_mapping_form_says_the_same(value: object) -> None:
    """A text and a mapping give one graph."""
    assert inputs(_first(_applied("step 1 binding", value))) == {"to": "cel:email", "copies": 2}


@pytest.mark.parametrize("value", ["none", "None", {"operation": None}, None])
def test_without_an_operation_a_person_does_it(value: object) -> None:
    """None, however it is said, and what nobody states."""
    step = _first(_applied("step 1 binding", value))
    assert (step.operation, step.inputs) == (None, ())
    assert step.citations["operation"] == BY_ANA


def test_an_operation_alone_leaves_its_inputs_as_they_are() -> None:
    """What it is given is another question."""
    step = _first(_applied("step 1 binding", "send"))
    assert step.operation == "send"
    assert "inputs" not in step.citations


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True),
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
            st.integers(-(2**53), 2**53),
            st.booleans(),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        max_size=4,
    )
)
def test_what_is_proposed_reads_back_as_it_was(values: dict[str, Any]) -> None:
    """The call that a question shows is the one that its first option confirms."""
    arguments = tuple(Argument(name=name, value=value) for name, value in values.items())
    shown = spoken_data.call("create-ticket", arguments)
    read = read_value(answer_field("step 1 binding"), shown)
    assert read.operation == "create-ticket"
    assert {each.name: each.value for each in read.inputs} == {
        each.name: each.value for each in arguments
    }


def test_a_trigger_gets_its_payload() -> None:
    """Each field has its type, and cites the answer."""
    said = (
        "fee money USD, note string optional, tier enum(basic, plus), ids list of string sensitive"
    )
    (trigger,) = _applied("trigger 1 payload", said).procedures[0].triggers
    assert isinstance(trigger, EventTrigger)
    assert trigger.payload == (
        DataField(name="fee", type=DataType.MONEY, currency="USD", cite=BY_ANA),
        DataField(name="note", type=DataType.STRING, required=False, cite=BY_ANA),
        DataField(name="tier", type=DataType.ENUM, values=("basic", "plus"), cite=BY_ANA),
        DataField(
            name="ids", type=DataType.LIST, items=DataType.STRING, sensitive=True, cite=BY_ANA
        ),
    )


def test_fields_may_be_mappings_too() -> None:
    """Objects have fields of their own, which the short form cannot say."""
    value = [{"name": "who", "type": "object", "fields": [{"name": "id", "type": "string"}]}]
    (field,) = _first(_applied("step 1 outputs", value)).outputs
    assert field.fields[0].name == "id"


def test_the_graph_gets_inputs_and_keeps_the_others() -> None:
    """An input of the same name is replaced."""
    had = (DataField(name="fee", type=DataType.INTEGER), DataField(name="x", type=DataType.STRING))
    graph = _graph().model_copy(update={"inputs": had})
    answers = Answers((_answer("procedure inputs", "fee money EUR, region string"),))
    found, _ = apply_answers(graph, ANCHORS, answers)
    assert [(each.name, each.type.value) for each in found.inputs] == [
        ("fee", "money"),
        ("x", "string"),
        ("region", "string"),
    ]


def test_a_person_can_be_given_inputs_as_well() -> None:
    """What people are shown is said as for operations."""
    step = _applied("step 2 inputs", {"client": {"cel": "client_name"}}).procedures[0].steps[1]
    assert isinstance(step, HumanTaskStep)
    assert inputs(step) == {"client": "cel:client_name"}


def test_a_guardrail_names_its_limit_and_who_is_asked() -> None:
    """The role is found by its name."""
    (rail,) = _first(
        _applied("step 1 guardrail", "amount <= 50000, else account manager")
    ).guardrails
    assert (rail.limit, rail.ask, rail.cite) == ("amount <= 50000", "account-manager", BY_ANA)


def test_a_step_is_done_for_each_element() -> None:
    """The list is an expression."""
    step = _first(_applied("step 1 for_each", "client in clients"))
    assert step.for_each == ForEach(items="clients", name="client")


def test_a_step_without_an_operation_has_no_binding() -> None:
    """People's work is not called."""
    _, report = apply_answers(_graph(), ANCHORS, Answers((_answer("step 2 binding", "send"),)))
    assert [each.reason for each in report.unused] == [
        "a step of kind `human_task` has no `binding`"
    ]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("step 1 binding", "send(to = )", "`to =` gives no input"),
        ("step 1 binding", "send(email)", "`email` gives no input; write `name = client_name`"),
        ("step 1 binding", "send(a = 1, a = 2)", "`a` is given twice"),
        ("step 1 binding", "send(a = 1 +)", "`1 +` is no CEL expression"),
        ("step 1 binding", "send(a = 1", "is no call"),
        ("step 1 binding", {"operatoin": "send"}, "operatoin"),
        ("step 1 inputs", {"to": ["a"]}, "`to` is a list"),
        ("step 1 inputs", {"to": {"value": "a"}}, "`to` is a plain value, or `{cel: ...}`"),
        ("step 1 inputs", {"To": "a"}, "pattern"),
        ("step 1 outputs", "fee", "`fee` is no field; write a name and a type"),
        ("step 1 outputs", "fee dollars", "`fee dollars` is no field"),
        ("step 1 outputs", "fee money", "`fee` is money and needs a `currency`"),
        ("trigger 1 payload", "", "at least 1 item"),
        ("step 1 for_each", "clients", "`clients` names no element of a list"),
        ("step 1 guardrail", "amount <=, else Ana", "`amount <=` is no CEL expression"),
    ],
)
def test_what_cannot_be_read_says_what_can(field: str, value: object, message: str) -> None:
    """A refusal names what was written, and the answer's file says what is allowed."""
    with pytest.raises(ValueError, match=re.escape(message)):
        read_value(answer_field(field), value)
    answers = Answers((_answer(field, value),))
    with pytest.raises(UsageError) as refused:
        apply_answers(_graph(), ANCHORS, answers)
    assert allowed(answer_field(field)) in str(refused.value.hint)


@pytest.mark.parametrize("text", ["", "a", "'", '"', "(", ")", "a = (", "\\", "=", "x = NaN", ","])
def test_no_text_breaks_the_reading(text: str) -> None:
    """Whatever is typed is read or refused in words."""
    for name in ("binding", "inputs", "outputs", "for_each", "guardrail"):
        with suppress(ValueError):
            read_value(answer_field(f"step 1 {name}"), text)
