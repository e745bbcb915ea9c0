"""`docs/organization.md`, held to the program."""

import re
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from docs.pages import ROOT, blocks, rows
from sopc.organization import (
    Holidays,
    Organization,
    WorkingTime,
    loads_organization,
    organization_schema,
)

PAGE: Path = ROOT / "docs/organization.md"
SCHEMA = organization_schema()
RECORDS: dict[str, Any] = {
    "Organization": SCHEMA,
    **{name: record for name, record in SCHEMA["$defs"].items() if "properties" in record},
}
OF_GRAPHS = {"DataField", "ProseCitation", "AnswerCitation"}
"""What graphs share with this file; `docs/graph-format.md` describes it."""


def examples() -> list[Organization]:
    """The page's pieces of the file; what is only a part of one gets a name."""
    texts = [block.text for block in blocks(PAGE, "yaml")]
    return [
        loads_organization(text if re.search("^name:", text, re.MULTILINE) else f"name: A\n{text}")
        for text in texts
    ]


def test_the_examples_load() -> None:
    """The first one has every part that there is."""
    whole, *others = examples()
    assert whole.model_fields_set == set(Organization.model_fields)
    assert len(others) == 2


def test_the_example_of_replacements_leads_where_the_page_says() -> None:
    """To the first system in use."""
    day = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")).date()
    organization = examples()[1]
    successor = organization.successor(organization.systems[0], day)
    assert successor is not None
    assert successor.name == "Asana"


@pytest.mark.parametrize("name", sorted(RECORDS.keys() - OF_GRAPHS))
def test_every_field_is_described_as_in_the_schema(name: str) -> None:
    """Each record's table has its fields, in order, with the words that editors show."""
    record = RECORDS[name]
    expected = [
        [
            f"**`{field}`**" if field in record.get("required", ()) else f"`{field}`",
            " ".join(content["description"].split()),
        ]
        for field, content in record["properties"].items()
    ]
    assert rows(PAGE, f"### {name}") == expected


def test_no_record_is_described_that_is_gone() -> None:
    """Every section of a record is about one that the schema has."""
    sections = re.findall(r"^### (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted(RECORDS.keys() - OF_GRAPHS)


@pytest.mark.parametrize("row", rows(PAGE, "## Working time"), ids=" from ".join)
def test_the_times_are_those_that_come_out(row: list[str]) -> None:
    """Each row of the table, counted again."""
    duration, start, end = row
    zone = ZoneInfo("America/New_York")
    work = WorkingTime(zone, frozenset(range(5)), time(9), time(17), Holidays(country="US"))
    instant = datetime.strptime(start, "%a %Y-%m-%d %H:%M").replace(tzinfo=zone)
    found = work.add(instant, duration.strip("`")).astimezone(zone)
    assert f"{found:%a %Y-%m-%d %H:%M}" == end
