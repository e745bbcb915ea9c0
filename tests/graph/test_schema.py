"""The JSON Schema accepts what sopc writes and refuses what sopc refuses."""

import copy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from graph.generated_graphs import graphs
from sopc.graph import StepGraph
from sopc.graph.file import dump_graph
from sopc.graph.schema import graph_schema

SAVED = Path(__file__).parent / "formats" / "1.sop.yaml"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(graph_schema())


def test_the_schema_is_a_schema() -> None:
    """It is valid JSON Schema 2020-12 and says so."""
    schema = graph_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_record_is_described_and_closed() -> None:
    """An editor shows what each record is for, and marks keys that do not exist."""
    schema = graph_schema()
    records = {n: d for n, d in schema["$defs"].items() if d["type"] == "object"}
    assert len(records) > 30
    assert [name for name, record in records.items() if not record.get("description")] == []
    assert [n for n, record in records.items() if record["additionalProperties"] is not False] == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(graph=graphs)
def test_whatever_sopc_writes_is_valid(
    validator: jsonschema.Draft202012Validator, graph: StepGraph
) -> None:
    """A written graph, read by another program's YAML reader, passes the schema."""
    validator.validate(yaml.safe_load(dump_graph(graph)))


def test_the_saved_file_is_valid(validator: jsonschema.Draft202012Validator) -> None:
    """The kept file with every kind in it passes."""
    validator.validate(yaml.safe_load(SAVED.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("key", "value"),
    [("kind", "acton"), ("title", 5), ("titel", "x"), ("join", "some"), ("next", "Not an id")],
)
def test_what_sopc_refuses_is_not_valid(
    validator: jsonschema.Draft202012Validator, key: str, value: Any
) -> None:
    """An editor underlines the mistakes that loading would tell."""
    data = copy.deepcopy(yaml.safe_load(SAVED.read_text(encoding="utf-8")))
    data["procedures"][0]["steps"][0][key] = value
    assert not validator.is_valid(data)
