"""Putting one value into a graph file, or taking it out, and leaving the rest as it stands."""

import pytest

from sopc.graph.document import compose, plain
from sopc.graph.edit import Change, Drop, Put, edits
from sopc.graph.span import SpanIndex

TEXT = """\
# a comment
id: a   # the id
systems:
  - id: gmial
    name: "Gmial"  # misspelt
  - {id: crm, name: CRM}
steps:
  - title: Do it
    tier:
      level: 1
      reason: one operation
    when: [{says: if it rains}]
    deadlines:
    - says: soon
      vague: true
"""


def _changed(text: str, *changes: Change) -> str:
    spans = SpanIndex(text, compose(text, "x"))
    for start, end, new in sorted(edits(text, spans, changes), reverse=True):
        text = text[:start] + new + text[end:]
    return text


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (Put(("id",), "b"), "id: a   #", "id: b   #"),
        (Put(("systems", 0, "name"), "Gmail"), '"Gmial"', "Gmail"),
        (Put(("systems", 1, "id"), "a, b"), "{id: crm,", '{id: "a, b",'),
        (Put(("systems", 1, "kind"), "form"), "name: CRM}", "name: CRM, kind: form}"),
        (Put(("systems", 0, "kind"), "inbox"), "- id: gmial\n", "- id: gmial\n    kind: inbox\n"),
        (Put(("steps", 0, "tier", "level"), 2), "level: 1", "level: 2"),
        (Put(("steps", 0, "reversible"), False), "Do it\n", "Do it\n    reversible: false\n"),
        (Put(("owner",), "Ann: B"), "# the id\n", '# the id\nowner: "Ann: B"\n'),
        (Drop(("systems", 0, "name")), '    name: "Gmial"  # misspelt\n', ""),
        (Drop(("systems", 0)), '  - id: gmial\n    name: "Gmial"  # misspelt\n', ""),
        (Drop(("systems", 0, "id")), "id: gmial\n    name", "name"),
        (Drop(("systems", 1, "name")), ", name: CRM", ""),
        (Drop(("systems", 1, "id")), "id: crm, ", ""),
        (
            Drop(("steps", 0, "tier")),
            "    tier:\n      level: 1\n      reason: one operation\n",
            "",
        ),
        (Drop(("steps", 0, "when", 0)), "    when: [{says: if it rains}]\n", ""),
        (
            Drop(("steps", 0, "deadlines", 0)),
            "    deadlines:\n    - says: soon\n      vague: true\n",
            "",
        ),
    ],
    ids=str,
)
def test_one_place_changes(change: Change, old: str, new: str) -> None:
    """Comments, quotes and indents elsewhere are as they were; a list that got empty goes too."""
    assert TEXT.count(old) == 1
    assert _changed(TEXT, change) == TEXT.replace(old, new)


def test_several_changes_at_once() -> None:
    """They are all about the text as it was."""
    changes = [Put(("id",), "b"), Drop(("systems", 0)), Put(("steps", 0, "title"), "Do that")]
    after = plain(compose(_changed(TEXT, *changes), "x"))
    assert after["id"] == "b"
    assert after["systems"] == [{"id": "crm", "name": "CRM"}]
    assert after["steps"][0]["title"] == "Do that"


def test_a_place_that_is_not_there_is_refused() -> None:
    """A rule that names one has a mistake."""
    with pytest.raises(KeyError):
        _changed(TEXT, Put(("systems", 7, "id"), "x"))
