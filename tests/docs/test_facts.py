"""The labels of the examples keep in step with their prose."""

import json
from pathlib import Path

import pytest

from sopc.organization import load_organization

EXAMPLES = Path(__file__).parents[2] / "examples"
LABELLED = sorted(EXAMPLES.glob("*/facts.json"))
FOLDERS = sorted(path.parent for path in EXAMPLES.glob("*/*.md"))


@pytest.mark.parametrize("labels", LABELLED, ids=lambda path: path.parent.name)
def test_every_quote_stands_on_its_line(labels: Path) -> None:
    """Each labelled fact quotes the line that it names, and governs a line that there is."""
    data = json.loads(labels.read_text(encoding="utf-8"))
    prose = labels.with_name(data["doc"])
    assert prose.stem == labels.parent.name
    lines = prose.read_text(encoding="utf-8").splitlines()
    assert data["facts"]
    for fact in data["facts"]:
        assert fact["quote"]
        assert fact["quote"] in lines[fact["line"] - 1], fact
        assert 1 <= (fact.get("action_line") or 1) <= len(lines), fact


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_organization_file_loads(folder: Path) -> None:
    """Each example has an organization file, of one and the same company."""
    assert load_organization(folder / "organization.yaml").name == "Tidewater"


@pytest.mark.parametrize("folder", [one for one in FOLDERS if one.name.endswith("-vague")])
def test_no_organization_answers_for_vague_prose(folder: Path) -> None:
    """Where the prose is vague, nothing by default hides that: no escalation, no clock."""
    organization = load_organization(folder / "organization.yaml")
    assert organization.escalation is None
    assert organization.time_zone is None


def test_every_example_is_listed() -> None:
    """The table in `examples/README.md` has a row for each folder."""
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for folder in FOLDERS:
        assert f"| [{folder.name}]({folder.name}) |" in listed
