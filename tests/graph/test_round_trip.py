"""A graph that is written and read again is the same graph, and the same bytes."""

import io
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from ruamel.yaml import YAML

from graph.generated_graphs import AMBIGUOUS, graphs
from sopc.graph import Procedure, StepGraph
from sopc.graph.canonical import as_yaml, canonical
from sopc.graph.file import dump_graph, graph_hash, loads_graph

slow = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


@slow
@given(graphs)
def test_a_written_graph_loads_as_itself_and_is_written_the_same(graph: StepGraph) -> None:
    """Whatever the graph holds, writing and reading gives it back, byte for byte."""
    text = dump_graph(graph)
    loaded = loads_graph(text).graph
    assert loaded == graph
    assert dump_graph(loaded) == text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@slow
@given(graphs)
def test_other_readers_see_the_same_values(graph: StepGraph) -> None:
    """A YAML 1.1 and a YAML 1.2 reader of other make read the canonical text as it is meant."""
    text = dump_graph(graph)
    expected = plain(canonical(graph))
    assert yaml.safe_load(text) == expected
    assert YAML(typ="safe", pure=True).load(io.StringIO(text)) == expected


@pytest.mark.parametrize("word", AMBIGUOUS)
def test_words_stay_words(word: str) -> None:
    """Words that look like numbers, dates, truths or YAML's own marks are read as words."""
    graph = StepGraph(id="a", title="t", owner=word, procedures=(Procedure(id="p", title="P"),))
    assert loads_graph(dump_graph(graph)).graph == graph
    text = as_yaml({"key": word, "list": [word], "flow": {}})
    assert yaml.safe_load(text) == {"key": word, "list": [word], "flow": {}}


def test_unicode_is_written_as_it_is() -> None:
    """Letters and signs of any script are not escaped."""
    graph = StepGraph(
        id="a", title="Überprüfung 文字 😀", procedures=(Procedure(id="p", title="P"),)
    )
    assert "title: Überprüfung 文字 😀\n" in dump_graph(graph)


def test_a_sign_off_does_not_change_what_is_signed() -> None:
    """The hash leaves out sign-offs, and every other change changes it."""
    text = (
        "format: 1\nid: a\ntitle: T\nprocedures:\n  - id: p\n    title: P\n"
        f"signoffs:\n  - by: Ann\n    at: 2026-01-31T09:00:00Z\n    graph: {'a' * 64}\n"
    )
    signed = loads_graph(text).graph
    unsigned = signed.model_copy(update={"signoffs": ()})
    assert graph_hash(signed) == graph_hash(unsigned)
    assert graph_hash(signed.model_copy(update={"title": "U"})) != graph_hash(signed)
