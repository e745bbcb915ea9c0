"""Condition clauses: where they begin and end, and which labels name a case."""

import pytest

from sopc_compiler.language.condition_clause import case_label, condition_clauses
from sopc_compiler.read.sentence import sentences


def _read(text: str) -> list[tuple[str, str, bool]]:
    found = condition_clauses(text, sentences(text))
    return [(text[each.start : each.end], each.opener, each.leading) for each in found]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("If the form is missing, ask the client.", "If the form is missing"),
        ("If it fails then retry.", "If it fails"),
        ("Unless the lead objects, close the ticket.", "Unless the lead objects"),
        ("When the alarm rings, leave.", "When the alarm rings"),
        ("Only if the lead agrees, pay.", "Only if the lead agrees"),
        ("Once approved, send it to legal.", "Once approved"),
        ("After the call, log the notes.", "After the call"),
        ("Should the client object, call the lead.", "Should the client object"),
        ("In the event of a fire, leave the building.", "In the event of a fire"),
        ("For urgent tickets, page the engineer.", "For urgent tickets"),
        ("Where possible, use the form.", "Where possible"),
        ("Otherwise, close the case.", "Otherwise"),
        ("And if it fails, retry.", "if it fails"),
        ("“If it fails, retry.”", "If it fails"),
    ],
)
def test_leading(text: str, clause: str) -> None:
    """A condition that opens its sentence ends where the instruction begins."""
    assert _read(text) == [(clause, clause.lower().partition(" ")[0], True)]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("Ask the client if the form is missing.", "if the form is missing"),
        ("Escalate the case unless it is closed. Then stop.", "unless it is closed"),
        ("Ask the client when they arrive, and write it down.", "when they arrive"),
        ("Call the client, if the order is late, and file it.", "if the order is late"),
        ("Page the engineer for urgent tickets only.", "for urgent tickets only"),
        ("Refund orders for new customers.", "for new customers"),
        ("File a copy if needed.", "if needed"),
        ("Close the case otherwise.", "otherwise"),
    ],
)
def test_trailing(text: str, clause: str) -> None:
    """A condition behind its instruction ends with the sentence or before the next clause."""
    assert _read(text) == [(clause, clause.partition(" ")[0], False)]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("If the order is over $10,000, ask the lead.", "If the order is over $10,000"),
        ("If 1,500 or more units fail, ask the lead.", "If 1,500 or more units fail"),
    ],
)
def test_figures_stay_whole(text: str, clause: str) -> None:
    """A comma within a figure ends no clause."""
    assert [found for found, _, _ in _read(text)] == [clause]


def test_first_comma_of_an_enumeration() -> None:
    """The commas of "late, damaged, or lost" do not end the clause at its first member."""
    ((clause, _, _),) = _read("If the order is late, damaged, or lost, call the carrier.")
    assert clause.startswith("If the order is late, damaged")


def test_whole_enumeration() -> None:
    """All members of an enumeration belong to the condition."""
    ((clause, _, _),) = _read("If the order is late, damaged, or lost, call the carrier.")
    assert clause == "If the order is late, damaged, or lost"


def test_two_conditions_of_a_sentence() -> None:
    """A condition within a trailing one is found as one of its own, without overlap."""
    assert _read("Call when the client is back if the case is open.") == [
        ("when the client is back", "when", False),
        ("if the case is open", "if", False),
    ]


def test_sentence_by_sentence() -> None:
    """No condition reaches over the end of its sentence."""
    assert _read("If it rains, stay. Leave when it is dry.") == [
        ("If it rains", "if", True),
        ("when it is dry", "when", False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Know when to stop.",
        "Decide if a refund is due.",
        "Check if the form is signed.",
        "Note if the door is open.",
        "You should check this.",
        "The ifs and whens.",
    ],
)
def test_no_condition(text: str) -> None:
    """What is to be known or decided is an object, not a condition."""
    assert _read(text) == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("High severity: reply hourly", "High severity"),
        ("Gold customers - call them", "Gold customers"),
        ("Over $500 – ask the lead", "Over $500"),
        ("Note: keep a copy", None),
        ("Purpose: explains why", None),
        ("Step 1: open the form", None),
        ("Owner: Finance", None),
        ("Call the client", None),
        ("Remote staff in another country who have no desk: ship it", None),
    ],
)
def test_case_labels(text: str, label: str | None) -> None:
    """A short label names a case unless it names a field of the document or the line is none."""
    place = case_label(text)
    assert (text[slice(*place)] if place else None) == label
