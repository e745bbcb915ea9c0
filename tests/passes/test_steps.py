"""Steps are built from acts and from what governs them."""

import pytest

from passes.scripted_gateway import Quotes, Script, compiled
from sopc.graph import (
    ActionStep,
    ApprovalStep,
    HumanTaskStep,
    Procedure,
    Step,
    WaitStep,
)
from sopc_compiler.llm import Request

CHECK = "# Desk\n\n1. The manager must check the order in Shopify within 2 hours. "


def quoting(*quotes: str) -> Script:
    """Make a script that quotes what of some words stands in the passage."""

    def script(passage: str, _request: Request) -> Quotes:
        return {"do": [quote for quote in quotes if quote in passage]}

    return script


def procedure_of(prose: str, *quotes: str) -> Procedure:
    """The sole procedure of some prose, with some acts quoted by the model."""
    (procedure,) = compiled(prose, quoting(*quotes)).graph.procedures
    return procedure


def sole(prose: str, *quotes: str) -> Step:
    """The sole step of some prose."""
    (step,) = procedure_of(prose, *quotes).steps
    return step


def test_a_step_cites_each_of_its_fields() -> None:
    """Role, system and title each point to their words."""
    step = sole(CHECK)
    assert isinstance(step, ActionStep)
    assert (step.role, step.system) == ("manager", "shopify")
    quotes = {name: getattr(cite, "quote", None) for name, cite in step.citations.items()}
    assert quotes == {
        "role": "The manager",
        "system": "Shopify",
        "title": "check the order in Shopify",
    }
    assert [str(bound.within) for bound in step.deadlines] == ["PT2H"]


def test_trying_again_is_the_step_s_retry() -> None:
    """A retry is no step of its own; its count, pause and case are kept."""
    step = sole(CHECK + "If the check fails, retry it twice after 10 minutes.\n", "retry it twice")
    assert step.retry is not None
    assert step.retry.times == 2
    assert str(step.retry.delay) == "PT10M"
    assert [case.says for case in step.retry.when] == ["If the check fails"]


def test_turning_to_somebody_is_a_rung_of_the_step() -> None:
    """An escalation to a role hangs on the step before it in its passage."""
    step = sole(CHECK + "If the check fails, tell the store owner.\n", "tell the store owner")
    assert [rung.to for rung in step.escalation] == ["store-owner"]


def test_work_after_a_failure_handles_the_step_that_failed() -> None:
    """What is done instead is a step, which says what it deals with."""
    first, second = procedure_of(
        CHECK + "If the log is missing, the manager must create a log in Excel.\n"
    ).steps
    assert second.handles == first.id
    assert [case.says for case in second.when] == ["If the log is missing"]


def test_a_named_template_is_kept_and_an_unnamed_one_is_not() -> None:
    """A template counts by its name; "the form in" names none."""
    named = sole("# Desk\n\nThe manager must send template `done` to the client by Gmail.\n")
    assert isinstance(named, ActionStep)
    assert named.template == "done"
    unnamed = sole("# Desk\n\nThe manager must send the form in Gmail.\n")
    assert isinstance(unnamed, ActionStep)
    assert unnamed.template is None


def test_links_of_the_sentence_are_references() -> None:
    """A step refers to what its own sentence links to."""
    step = sole(
        "# Desk\n\nThe manager must check the order by the [refund policy](refund.md). "
        "The [other](other.md) was old.\n"
    )
    assert [(each.says, each.target) for each in step.references] == [
        ("refund policy", "refund.md")
    ]


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("approve the refund", ApprovalStep),
        ("wait 2 days", WaitStep),
        ("meet the client", HumanTaskStep),
        ("decide on the refund", HumanTaskStep),
        ("open the order", ActionStep),
    ],
)
def test_the_verb_makes_the_kind(act: str, kind: type[Step]) -> None:
    """Approvals, waits, people's work and actions are told apart."""
    assert isinstance(sole(f"# Desk\n\nThe manager must {act}.\n"), kind)


def test_a_wait_holds_its_length() -> None:
    """How long to wait is read from the prose."""
    step = sole("# Desk\n\nThe manager must wait 2 days.\n")
    assert isinstance(step, WaitStep)
    assert str(step.duration) == "P2D"


def test_vague_words_are_kept_with_their_place() -> None:
    """A judgment word and a vague time stay what they are."""
    step = sole("# Desk\n\nThe manager must promptly check the order if appropriate.\n")
    assert [bound.vague for bound in step.deadlines] == [True]
    assert "appropriate" in " ".join(word.says for word in step.vague)


def test_a_figure_becomes_an_expression_over_an_input() -> None:
    """A threshold is CEL on an input of the graph, money in its smallest unit."""
    compilation = compiled(
        "# Desk\n\nIf the cost is over 150 USD, the manager must approve the refund.\n"
    )
    (step,) = compilation.graph.procedures[0].steps
    assert [case.cel for case in step.when] == ["cost > 15000"]
    assert [(each.name, each.type, each.currency) for each in compilation.graph.inputs] == [
        ("cost", "money", "USD")
    ]


def test_the_same_words_twice_make_two_ids() -> None:
    """Steps of one document never share an id."""
    line = "The manager must check the order.\n"
    ids = [step.id for step in procedure_of(f"# Desk\n\n{line}\n{line}").steps]
    assert ids == ["check-the-order", "check-the-order-2"]
