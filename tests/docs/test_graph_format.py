"""`docs/graph-format.md` and its example, held to the program."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from sopc.graph.file import dump_graph, load_graph
from sopc.graph.schema import graph_schema
from sopc_compiler.read.document import passage_hash
from sopc_compiler.read.reader import read_document

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/graph-format.md").read_text(encoding="utf-8")
SAMPLE = ROOT / "docs/sample"
SCHEMA = graph_schema()
RECORDS = {
    "StepGraph": SCHEMA,
    **{name: record for name, record in SCHEMA["$defs"].items() if "properties" in record},
}
_FIELD = re.compile(r"^\| (\*\*)?`(\w+)`(?:\*\*)? \|", re.MULTILINE)


def described(heading: str) -> dict[str, bool]:
    """The fields in a section's table, and whether they are shown as required."""
    _, found, section = PAGE.partition(f"\n### {heading}\n")
    assert found, f"docs/graph-format.md has no section `{heading}`"
    section = re.split(r"^##", section, maxsplit=1, flags=re.MULTILINE)[0]
    return {name: bool(bold) for bold, name in _FIELD.findall(section)}


@pytest.mark.parametrize("name", RECORDS)
def test_every_record_is_described_field_by_field(name: str) -> None:
    """Each record has a section with its fields, no others, the required ones in bold."""
    record: dict[str, Any] = RECORDS[name]
    fields = {field: field in record.get("required", ()) for field in record["properties"]}
    told = described(name)
    if name.endswith("Step"):
        common = described("Every step")
        assert common.keys() <= fields.keys()
        told = common | told
    assert told == fields


def test_the_page_describes_no_record_that_is_gone() -> None:
    """Every section of a record is about one that the schema has."""
    sections = re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)
    assert sorted(sections) == sorted(RECORDS)


def test_closed_lists_are_complete() -> None:
    """Every value of an enumeration is named on the page."""
    for record in SCHEMA["$defs"].values():
        for value in record.get("enum", ()):
            assert f"`{value}`" in PAGE


def test_the_example_is_a_graph_in_canonical_form() -> None:
    """It loads, and saving it changes nothing but its opening comment."""
    path = SAMPLE / "refunds.sop.yaml"
    opening, _, rest = path.read_text(encoding="utf-8").partition("\n")
    assert opening.startswith("#")
    assert dump_graph(load_graph(path).graph) == rest


def test_the_example_belongs_to_its_prose() -> None:
    """Hash, passages and their places are those of the prose beside it."""
    graph = load_graph(SAMPLE / "refunds.sop.yaml").graph
    assert graph.source is not None
    prose = SAMPLE / graph.source.path
    assert graph.source.sha256 == hashlib.sha256(prose.read_bytes()).hexdigest()
    document = read_document(prose)
    found = [
        (place.line, place.column, passage_hash(passage))
        for passage in document.passages
        for place in [document.position(passage.starts[0])]
    ]
    assert [(one.line, one.column, one.hash) for one in graph.passages] == found
