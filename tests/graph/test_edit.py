"""Putting one value into a graph file, or taking it out, and leaving the rest as it stands."""

from copy import deepcopy
from typing import Any

import pytest

from sopc.graph.document import compose, plain
from sopc.graph.edit import Change, Drop, Put, Value, edits
from sopc.graph.span import Path, SpanIndex

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
    changes: list[Change] = [
        Put(("id",), "b"),
        Drop(("systems", 0)),
        Put(("steps", 0, "title"), "Do that"),
    ]
    after = plain(compose(_changed(TEXT, *changes), "x"))
    assert after["id"] == "b"
    assert after["systems"] == [{"id": "crm", "name": "CRM"}]
    assert after["steps"][0]["title"] == "Do that"


def test_a_place_that_is_not_there_is_refused() -> None:
    """A rule that names one has a mistake."""
    with pytest.raises(KeyError):
        _changed(TEXT, Put(("systems", 7, "id"), "x"))


TRICKY = """\
"id" : 'a'  # x: - y
owner:
tier:   # to - do
  # why: - so
  level: 1
roles:
-   # first - one
  id: a
  # inside - the first
- id: b
  name: >-
    a: b
    # c
- - x
  - y
-
systems: [  # all - of them
  {"id":1, name, kind: ,}, [],  # {a, b}
  {}, ]
steps:
  - title: "two
      lines"
    next: [a, b]
    summary: |
      - text
      # text

      # a comment - no more
  # of the steps
# the end - of it"""
VALUES: tuple[Value, ...] = (
    "a",
    "a: b",
    "- {x, y}",
    "é 😀\n#",
    "",
    2,
    None,
    {"k": "v, w"},
    ["a", "#b"],
)


def _places(value: Any, path: Path = ()) -> list[Path]:
    inner: Any = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    return [path, *(place for key, each in inner for place in _places(each, (*path, key)))]


def _within(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _without(value: Any, path: Path) -> Any:
    """Take out a place, and what it leaves empty."""
    parent = _within(value, path[:-1])
    if len(parent) == 1 and len(path) > 1:
        return _without(value, path[:-1])
    del parent[path[-1]]
    return value


def _read(text: str) -> Any:
    return plain(compose(text, "x"))


@pytest.mark.parametrize("text", [TEXT, TRICKY], ids=["plain", "tricky"])
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_that_is_put_changes_its_place_alone(text: str, value: Value) -> None:
    """Whatever stands there, in whatever style, and where nothing stands yet."""
    for path in _places(_read(text)):
        expected = _read(text)
        if path:
            _within(expected, path[:-1])[path[-1]] = value
            assert _read(_changed(text, Put(path, value))) == expected, path
        old = _read(text)
        if isinstance(_within(old, path), dict) and _within(old, path):
            _within(old, path)["new"] = value
            assert _read(_changed(text, Put((*path, "new"), value))) == old, path


@pytest.mark.parametrize("text", [TEXT, TRICKY], ids=["plain", "tricky"])
def test_a_place_that_is_dropped_is_all_that_goes(text: str) -> None:
    """In every style, with dashes in comments and with comments behind a block of text."""
    for path in _places(_read(text))[1:]:
        expected = _without(deepcopy(_read(text)), path)
        assert _read(_changed(text, Drop(path))) == expected, path


def test_a_comment_behind_a_key_stays() -> None:
    """A list at the indent of its key makes way for a value on the key's line."""
    text = "id: a\nroles:  # all\n- id: b\n- id: c\nend: d\n"
    assert _changed(text, Put(("roles",), "none")) == "id: a\nroles: none  # all\nend: d\n"
