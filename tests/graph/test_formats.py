"""Files of every format that was ever released load, and lead to the current one."""

from pathlib import Path
from typing import Any

import pytest

from sopc.graph import FORMAT
from sopc.graph.file import dump_graph, load_graph, save_graph
from sopc.graph.migration import FormatError, migrate

FORMATS = Path(__file__).parent / "formats"


@pytest.mark.parametrize("path", sorted(FORMATS.iterdir()), ids=lambda path: path.name)
def test_a_saved_file_of_every_format_loads(path: Path) -> None:
    """Files that earlier releases wrote still load, with all of their content."""
    graph = load_graph(path).graph
    assert {step.kind for step in graph.procedures[0].steps} == {
        "action", "human_task", "approval", "decision", "compute", "wait", "call",
    }  # fmt: skip


def test_there_is_a_saved_file_of_the_current_format() -> None:
    """A release that changes the format has to keep a file of it."""
    assert (FORMATS / f"{FORMAT}.sop.yaml").exists()


def test_the_current_formats_file_is_canonical_but_for_comments(tmp_path: Path) -> None:
    """Saving the kept file changes nothing, so it also shows how the format looks."""
    original = (FORMATS / f"{FORMAT}.sop.yaml").read_text(encoding="utf-8")
    copy = tmp_path / "copy.sop.yaml"
    copy.write_text(original, encoding="utf-8")
    save_graph(load_graph(copy).graph, copy)
    assert copy.read_text(encoding="utf-8") == original
    assert dump_graph(load_graph(copy).graph).startswith("format: 1\nid: refunds\n")


def test_an_older_file_goes_through_every_migration_in_turn() -> None:
    """From format 1 to 3 the chain runs 1 to 2, then 2 to 3."""

    def to_2(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "title": data["name"], "seen": [*data.get("seen", ()), data["format"]]}

    def to_3(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "seen": [*data["seen"], data["format"]]}

    migrated = migrate({"format": 1, "name": "x"}, migrations={1: to_2, 2: to_3}, current=3)
    assert migrated == {"format": 3, "name": "x", "title": "x", "seen": [1, 2]}


def test_a_format_that_nothing_leads_from_is_told() -> None:
    """Where a migration was dropped, the way out is to compile again."""
    with pytest.raises(FormatError, match="cannot read format 1 any more") as caught:
        migrate({"format": 1}, migrations={}, current=2)
    assert caught.value.hint == "compile the prose again"


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (
            {"format": 9, "made": {"sopc": "4.2.0"}},
            "the file has format 9, and this release of sopc reads up to 1",
            "upgrade sopc to 4.2.0 or newer, which wrote it: `pip install --upgrade sopc`",
        ),
        (
            {"format": 2},
            "the file has format 2, and this release of sopc reads up to 1",
            "upgrade sopc to the release that wrote it: `pip install --upgrade sopc`",
        ),
        ({}, "`format` is missing", "start the file with `format: 1`"),
        (
            {"format": "one"},
            "expected `format` to be a whole number, found 'one'",
            "this release writes `format: 1`",
        ),
        (
            {"format": True},
            "expected `format` to be a whole number, found True",
            "this release writes `format: 1`",
        ),
    ],
)
def test_a_format_of_another_release_names_what_is_needed(
    data: dict[str, Any], message: str, hint: str
) -> None:
    """The error says which format it is and which release reads it."""
    with pytest.raises(FormatError) as caught:
        migrate(data)
    assert (str(caught.value), caught.value.hint) == (message, hint)
