"""What a step calls is proposed from what is known, and holds nothing back from people."""

import pytest

from passes.scripted_gateway import NOTHING, Quotes, Script, compiled, document_of, silent
from sopc.graph import ActionStep, Question, StepGraph, Tier
from sopc.organization import loads_organization
from sopc_compiler.answers import Answer, Answers
from sopc_compiler.llm import Reply, Request
from sopc_compiler.read.document import passage_hash

PROSE = """\
# Desk

This procedure starts when a deal is won in HubSpot.

- The clerk must create the ticket in Zendesk with queue `Urgent`.
"""
TYPED = """\
      - name: create_ticket
        inputs:
          - {name: subject, type: string}
          - {name: queue, type: enum, values: [urgent, other]}
          - {name: note, type: string, required: false}
          - {name: fee, type: money, currency: USD, required: false}
"""
ONE = "      - {name: register, inputs: [{name: deal, type: string}]}\n"
PAYLOAD = "deal string, fee money EUR, note string optional, client string"


def text_of(passage: str) -> str:
    """The hash of the passage that holds these words."""
    found = next(each for each in document_of(PROSE).passages if passage in each.text)
    return passage_hash(found)


TICKET, STARTS = text_of("ticket"), text_of("starts")


def graph_of(
    operations: str, script: Script = silent, *answers: Answer, binding: bool = True
) -> StepGraph:
    bound = "    binding: {connector: http, settings: {url: https://desk.example}}\n"
    organization = loads_organization(
        "name: Desk\nsystems:\n  - id: zendesk\n    name: Zendesk\n"
        f"{bound if binding else ''}    operations:\n{operations}"
    )
    payload = Answer(id="payload", passage=STARTS, field="trigger 1 payload", value=PAYLOAD)
    return compiled(PROSE, script, organization, Answers((payload, *answers))).graph


def answer(field: str, value: object) -> Answer:
    return Answer(id="said", passage=TICKET, field=field, value=value, by="Ana")


def action(graph: StepGraph) -> ActionStep:
    (step,) = graph.procedures[0].steps
    assert isinstance(step, ActionStep)
    return step


def question(graph: StepGraph) -> Question | None:
    fields = {"step 1 binding", "step 1 inputs"}
    return next((each for each in graph.questions if each.field in fields), None)


def given(graph: StepGraph) -> dict[str, object]:
    return {each.name: each.cel or each.value for each in action(graph).inputs}


def choosing(**choices: tuple[str, str]) -> Script:
    """Answer what the operation or an input is; nothing of what is not named."""

    def script(asked: str, request: Request) -> Quotes | Reply:
        if request.purpose != "bind":
            return NOTHING
        told = next((each for name, each in choices.items() if f"input {name} " in asked), None)
        if "Which operation" in asked:
            told = choices.get("operation")
        assert told is not None, f"not to be asked: {asked}"
        data = {"choice": told[0], "quote": told[1]}
        return Reply(data, str(data), 0, 0, cached=False, finish="stop")

    return script


def test_values_of_the_same_name_and_type_need_no_model() -> None:
    """The rules alone make the call; the model is asked nothing, and the graph says so."""
    graph = graph_of("      - {name: create, inputs: [{name: deal, type: string}]}\n", choosing())
    assert action(graph).operation == "create"
    assert given(graph) == {"deal": "deal"}
    assert graph.made is not None
    assert "bind" not in graph.made.prompts


def test_a_proposal_is_a_question_and_holds_the_step_back() -> None:
    """Until somebody confirms it, a person approves each act."""
    graph = graph_of("      - {name: create, inputs: [{name: deal, type: string}]}\n", choosing())
    step, asked = action(graph), question(graph)
    assert asked is not None
    assert asked.options == ("create(deal = deal)", "none")
    assert step.tier is not None
    assert (step.tier.level, step.tier.reason) == (Tier.PREPARED, "its binding is not confirmed")


def test_the_first_option_confirms_what_was_proposed() -> None:
    """What is confirmed stands in the answer itself, so no later compile changes it."""
    call = 'create_ticket(subject = client, queue = "urgent")'
    graph = graph_of(TYPED, choosing(), answer("step 1 binding", call))
    step = action(graph)
    assert question(graph) is None
    assert given(graph) == {"subject": "client", "queue": "urgent"}
    assert step.tier is not None
    assert step.tier.level is Tier.AUTONOMOUS


def test_the_model_fills_what_the_rules_leave_open() -> None:
    """A value of the list, and a literal as the organization file writes it."""
    script = choosing(subject=("client", "ignored"), queue=("quoted", "Urgent"))
    graph = graph_of(TYPED, script)
    assert given(graph) == {"subject": "client", "queue": "urgent", "note": "note"}
    assert graph.made is not None
    assert "bind" in graph.made.prompts


def test_values_of_another_currency_or_that_may_be_missing_are_not_given_by_name() -> None:
    """An optional note fits an optional input; euros are no dollars."""
    script = choosing(subject=("unstated", ""), queue=("unstated", ""))
    assert given(graph_of(TYPED, script)) == {"note": "note"}


@pytest.mark.parametrize("quote", ["Low", "", "Zendesk", "the ticket in"])
def test_a_quote_that_is_no_such_value_is_dropped(quote: str) -> None:
    """Invented words, and words that the input cannot hold, stay out; the question says so."""
    script = choosing(subject=("quoted", "nowhere at all"), queue=("quoted", quote))
    graph = graph_of(TYPED, script)
    assert given(graph) == {"note": "note"}
    asked = question(graph)
    assert asked is not None
    assert asked.asks.endswith("Nothing gives `subject`, `queue` yet.")


def test_the_model_chooses_an_operation_only_from_the_list() -> None:
    """Where no name holds the verb, the model picks one; its inputs are asked about then."""
    graph = graph_of(ONE, choosing(operation=("register", "")))
    assert (action(graph).operation, given(graph)) == ("register", {"deal": "deal"})


@pytest.mark.parametrize("choice", ["none", "drop_database"])
def test_without_an_operation_the_step_stays_a_persons_and_is_asked_about(choice: str) -> None:
    """No operation, or one that there is not, binds nothing and changes no tier."""
    graph = graph_of(ONE, choosing(operation=(choice, "")))
    step, asked = action(graph), question(graph)
    assert step.operation is None
    assert step.tier is not None
    assert step.tier.level is Tier.AUTONOMOUS
    assert asked is not None
    assert asked.options == ("register", "none")


@pytest.mark.parametrize("finish", ["length", "invalid"])
def test_a_reply_that_is_none_chooses_nothing(finish: str) -> None:
    """An answer that was cut off is as good as none."""

    def script(_: str, request: Request) -> Quotes | Reply:
        broken = Reply(None, "{", 0, 0, cached=False, finish=finish)  # type: ignore[arg-type]
        return broken if request.purpose == "bind" else NOTHING

    assert action(graph_of(ONE, script)).operation is None


def test_none_leaves_the_step_to_people() -> None:
    """It is decided, so nothing is asked or proposed."""
    graph = graph_of(TYPED, choosing(), answer("step 1 binding", "none"))
    assert action(graph).operation is None
    assert question(graph) is None


def test_another_operation_is_asked_what_it_is_given() -> None:
    """Naming it alone leaves its inputs open: they are proposed, and the step held back."""
    graph = graph_of(ONE, choosing(), answer("step 1 binding", "register"))
    step, asked = action(graph), question(graph)
    assert asked is not None
    assert (asked.field, asked.options) == ("step 1 inputs", ("deal = deal",))
    assert step.tier is not None
    assert step.tier.level is Tier.PREPARED


def test_an_answered_tier_does_not_stand_for_a_confirmed_binding() -> None:
    """Somebody said that it may run alone, but not what it is that runs."""
    graph = graph_of(ONE, choosing(operation=("register", "")), answer("step 1 tier", 1))
    step = action(graph)
    assert step.tier is not None
    assert step.tier.level is Tier.PREPARED
    assert "tier" not in step.citations


def test_a_system_that_only_lists_names_asks_nothing_new() -> None:
    """Nothing can be called there, so the verb's operation is all that is said."""
    graph = graph_of("      - {name: create, inputs: [deal]}\n", choosing(), binding=False)
    assert action(graph).operation == "create"
    assert question(graph) is None
