"""`docs/simulation.md`, held to the program."""

import re
from pathlib import Path
from typing import Any

import pytest

from sopc_runtime.core.task import TaskKind
from sopc_runtime.simulation.scenario import scenario_schema

PAGE = (Path(__file__).parents[3] / "docs/simulation.md").read_text(encoding="utf-8")
SCHEMA = scenario_schema()
RECORDS = {
    "ScenarioFile": SCHEMA,
    **{name: record for name, record in SCHEMA["$defs"].items() if "properties" in record},
}
_ROW = re.compile(r"^\| (\*\*)?`(\w+)`(?:\*\*)? \| (.+) \|$", re.MULTILINE)


@pytest.mark.parametrize("name", RECORDS)
def test_every_record_is_described_field_by_field(name: str) -> None:
    """Each record has a table with its fields in their order, the required ones in bold."""
    record: dict[str, Any] = RECORDS[name]
    _, found, section = PAGE.partition(f"\n### {name}\n")
    assert found, f"no section `{name}`"
    section = re.split(r"^##", section, maxsplit=1, flags=re.MULTILINE)[0]
    told = [(name, bool(bold), words) for bold, name, words in _ROW.findall(section)]
    assert told == [
        (field, field in record.get("required", ()), " ".join(each["description"].split()))
        for field, each in record["properties"].items()
    ]


def test_every_kind_of_task_is_named() -> None:
    """The closed list is complete."""
    assert all(f"`{kind}`" in PAGE for kind in TaskKind)
