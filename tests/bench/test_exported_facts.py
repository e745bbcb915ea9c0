"""A graph's facts quote one line of the prose each."""

from pathlib import Path

import pytest
from facts import Fact, all_citations, graph_facts

from sopc.graph import Match, StepGraph
from sopc.graph.file import load_graph
from sopc_compiler.read.document import Document
from sopc_compiler.read.reader import read_text

PROSE = """\
# Refunds

The clerk copies the order number of the customer
into Zendesk within two
business days of the request.
"""

GRAPH = """\
format: 1
id: refunds
title: Refunds
source: {path: refunds.md, sha256: SHA}
made: {sopc: 0.1.0}
roles:
  - id: clerk
    name: clerk
    cite: {line: 3, column: 1, length: 9, quote: The clerk}
systems:
  - id: zendesk
    name: Zendesk
    cite: {answer: where, by: Ana}
procedures:
  - id: refunds
    title: Refunds
    steps:
      - id: copies
        kind: action
        title: Copies the order number
        role: clerk
        system: zendesk
        deadlines:
          - says: within two business days of the request
            within: 2 business days
            cite: {line: 4, column: 14, length: 39, quote: within two business days of the request}
        citations:
          role: {line: 3, column: 1, length: 9, quote: The clerk}
          system: {answer: where, by: Ana}
          title: {line: 3, column: 11, length: 52, match: partial, quote: copies the order}
"""


@pytest.fixture
def document() -> Document:
    """The prose, as read."""
    return read_text(PROSE, name="refunds.md")


@pytest.fixture
def graph(tmp_path: Path, document: Document) -> StepGraph:
    """A graph of one step whose act and deadline span lines."""
    path = tmp_path / "refunds.sop.yaml"
    path.write_text(GRAPH.replace("SHA", document.sha256), encoding="utf-8")
    return load_graph(path).graph


def _of(facts: list[Fact], label: str) -> list[tuple[int, str]]:
    return [(fact["line"], fact["quote"]) for fact in facts if fact["type"] == label]


def test_a_wrapped_act_is_quoted_by_its_first_line(graph: StepGraph, document: Document) -> None:
    """What goes on in the next line is left out; actor and system stand beside the act."""
    facts = graph_facts(graph, document)
    assert _of(facts, "action") == [(3, "copies the order number of the customer")]
    (act,) = [fact for fact in facts if fact["type"] == "action"]
    assert (act["kind"], act["actor"], act["system"]) == ("act", "The clerk", None)


def test_a_wrapped_time_is_quoted_by_its_longest_line(graph: StepGraph, document: Document) -> None:
    """The line that says most of a time stands for it, with that line's number."""
    assert _of(graph_facts(graph, document), "time") == [(5, "business days of the request")]


def test_what_people_answered_is_no_fact_of_the_prose(graph: StepGraph, document: Document) -> None:
    """A system that an answer names is not exported; a role that the prose names is, once."""
    facts = graph_facts(graph, document)
    assert _of(facts, "system") == []
    assert _of(facts, "role") == [(3, "The clerk")]


def test_facts_stand_in_the_order_of_their_lines(graph: StepGraph, document: Document) -> None:
    """The export reads from top to bottom, and each quote is verbatim on its line."""
    facts = graph_facts(graph, document)
    lines = PROSE.splitlines()
    assert [fact["line"] for fact in facts] == sorted(fact["line"] for fact in facts)
    assert all(fact["quote"] in lines[fact["line"] - 1] for fact in facts)


def test_every_citation_of_the_prose_is_walked(graph: StepGraph) -> None:
    """Citations are found however deep they stand; those of answers are none of the prose."""
    found = list(all_citations(graph))
    assert sorted((cite.line, cite.column) for cite in found) == [(3, 1), (3, 1), (3, 11), (4, 14)]
    assert Match.NONE not in {cite.match for cite in found}
