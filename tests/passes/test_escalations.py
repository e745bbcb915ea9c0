"""Whom to turn to is found where something fails, is late or is escalated."""

import pytest

from passes.scripted_gateway import compiled, facts_of

CALL = "# Desk\n\n1. The manager must call the bank in Asana. "


def found(prose: str) -> list[tuple[str, str | None]]:
    """The words of a document's escalations, and of whom they turn to."""
    _, parsed, facts = facts_of(prose)
    words = {
        id(fact): (
            parsed[fact.span.passage].text[fact.span.start : fact.span.end],
            None if fact.to is None else parsed[fact.to.passage].text[fact.to.start : fact.to.end],
        )
        for fact in facts.escalations
    }
    return list(words.values())


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "The manager must escalate to the store manager.",
            ("The manager must escalate to the store manager", "store manager"),
        ),
        (
            "If the call fails, tell the store manager.",
            ("tell the store manager", "store manager"),
        ),
        (
            "If the bank does not respond, the manager must create a log.",
            ("the manager must create a log", None),
        ),
        ("If the call fails, post the case in #desk.", ("post the case in #desk", "#desk")),
    ],
)
def test_a_failure_leads_to_an_escalation(sentence: str, expected: tuple[str, str | None]) -> None:
    """What is done when something fails is an escalation, with the person or channel named."""
    assert found(CALL + sentence + "\n") == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "Tell the store manager.",
        "If the cost is over 150 USD, tell the store manager.",
        "If the client is new, the manager must create a log.",
    ],
)
def test_an_ordinary_case_is_none(sentence: str) -> None:
    """Telling somebody, or a case that is no failure, is an ordinary step."""
    assert found(CALL + sentence + "\n") == []


def test_the_section_on_escalation_names_whom_to_turn_to() -> None:
    """Under a heading that says so, turning to somebody needs no stated failure."""
    prose = "# Desk\n\n## Escalation\n\nContact the store manager.\n"
    assert found(prose) == [("Contact the store manager", "store manager")]


def test_a_rung_holds_case_delay_and_role() -> None:
    """The ladder of a step says after how long, in which case and to whom."""
    prose = (
        "# Desk\n\n1. The manager must call the bank in Asana. If the bank has not answered "
        "after 2 hours, the manager must escalate to the store owner in Slack.\n"
    )
    (step,) = compiled(prose).graph.procedures[0].steps
    (rung,) = step.escalation
    assert rung.after is not None
    assert str(rung.after) == "PT2H"
    assert rung.via == "slack"
    assert rung.by == "manager"
    assert [case.says for case in rung.when] == ["If the bank has not answered after 2 hours"]


def test_an_escalation_without_a_step_belongs_to_the_procedure() -> None:
    """A ladder that stands alone holds for the whole procedure."""
    prose = (
        "# Desk\n\nThe manager must call the bank.\n\n## Escalation\n\n"
        "The manager must contact the store owner and the sales manager.\n"
    )
    (procedure,) = compiled(prose).graph.procedures
    assert [rung.says for rung in procedure.escalation] != []
    assert all(not step.escalation for step in procedure.steps)
