"""`docs/connectors.md`, held to the program."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from docs.pages import ROOT, blocks, rows
from sopc.graph import Failure
from sopc.organization import System, loads_organization
from sopc_runtime.connectors.caldav.connector import CaldavSettings
from sopc_runtime.connectors.connector import Request
from sopc_runtime.connectors.files import FilesSettings
from sopc_runtime.connectors.http.binding import HttpSettings
from sopc_runtime.connectors.http.failure import answered
from sopc_runtime.connectors.mcp.binding import McpSettings
from sopc_runtime.connectors.registry import connector
from sopc_runtime.connectors.settings import Settings
from sopc_runtime.connectors.smtp import SmtpSettings
from sopc_runtime.connectors.sql import SqlSettings

PAGE: Path = ROOT / "docs/connectors.md"
SETTINGS = {
    "## Settings": Settings,
    "## http": HttpSettings,
    "## mcp": McpSettings,
    "## smtp": SmtpSettings,
    "## files": FilesSettings,
    "## sql": SqlSettings,
    "## caldav": CaldavSettings,
}
"""The settings of connectors by the heading of their tables; the page's other tables are others."""


def systems() -> list[tuple[System, Any]]:
    """The systems of the page's examples, each with its organization."""
    found = []
    for block in blocks(PAGE, "yaml"):
        named = re.search("^name:", block.text, re.MULTILINE)
        organization = loads_organization(block.text if named else f"name: A\n{block.text}")
        found += [(system, organization) for system in organization.systems if system.binding]
    return found


@pytest.mark.parametrize(
    ("system", "organization"),
    [pytest.param(*each, id=f"{number}-{each[0].id}") for number, each in enumerate(systems())],
)
def test_the_examples_make_connectors(system: System, organization: Any, tmp_path: Path) -> None:
    made = connector(system, organization, tmp_path)
    made.close()


@pytest.mark.parametrize("heading", SETTINGS)
def test_every_setting_is_described_as_in_the_program(heading: str) -> None:
    model = SETTINGS[heading]
    fields = {
        field.alias or name: field
        for name, field in model.model_fields.items()
        if model is Settings or name not in Settings.model_fields
    }
    assert rows(PAGE, heading) == [
        [
            f"**`{name}`**" if field.is_required() else f"`{name}`",
            " ".join(str(field.description).split()),
        ]
        for name, field in fields.items()
    ]


def test_the_failures_are_those_of_graphs() -> None:
    said = [row[0].strip("`") for row in rows(PAGE, "## What can go wrong")]
    assert sorted(said) == sorted(each.value for each in Failure if each is not Failure.ANY)


def test_the_statuses_are_the_failures_that_the_page_says() -> None:
    table = PAGE.read_text(encoding="utf-8")
    said = re.findall(
        r"^\| (.*?) \| `([a-z-]+)` \|$", table[table.index("| Answer |") :], re.MULTILINE
    )
    statuses = {
        int(status): kind for text, kind in said for status in re.findall(r"\b\d{3}\b", text)
    }
    assert len(statuses) == 10
    for status, kind in {**statuses, 400: "refused", 422: "refused"}.items():
        failure = answered(status, "", b"", what="x", retry_after=None, safe=True).failure
        assert (status, failure) == (status, kind)


def test_the_request_that_is_shown_is_what_would_be_sent(tmp_path: Path) -> None:
    (shown,) = [json.loads(block.text) for block in blocks(PAGE, "json")]
    system, organization = next(each for each in systems() if len(each[0].operations) == 3)
    crm = connector(system, organization, tmp_path)
    inputs = {"first_name": "Ana", "email": "ana@example.com", "credit_limit": 1250}
    key = shown["headers"]["Idempotency-Key"]
    assert crm.render(Request(operation="create_contact", inputs=inputs, key=key)) == shown
    crm.close()
