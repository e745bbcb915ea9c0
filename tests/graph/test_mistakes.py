"""A file that is no graph gets every mistake told once, at its place, with the change to make."""

import contextlib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from graph.mistaken_files import mistaken
from sopc.graph.document import compose, plain
from sopc.graph.file import loads_graph
from sopc.graph.mistake import problems_of
from sopc.graph.problem import GraphFileError, Problem
from sopc.graph.span import SpanIndex

HEAD = "format: 1\nid: a\ntitle: T\nprocedures:\n  - id: p\n    title: P\n    steps:\n"
AN_ID = "an id of lower-case words and digits joined by hyphens"
A_KEY = "a key of letters, digits and `_./-`"
A_DURATION = "write ISO 8601, as `PT4H` or `P2D`, or business time, as `5 business days`"
ANY_VALUE = "words or a whole number or a number or `true` or `false`"
STEP = "      - id: s\n        kind: action\n        title: Send\n"
REFUNDS = Path(__file__).parents[2] / "examples" / "refund-approval" / "refund-approval.sop.yaml"


def mistakes(text: str) -> list[Problem]:
    with pytest.raises(GraphFileError) as caught:
        loads_graph(text, "x.sop.yaml")
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("lines", "shown", "message", "hint"),
    [
        (
            "tittle: x",
            "tittle",
            "unknown key `tittle` in `s`",
            "did you mean `title`",
        ),
        (
            "tier:\n          level: 4\n          reason: r",
            "4",
            "expected `level` to be one of `1`, `2`, `3`; found the number 4",
            None,
        ),
        (
            "join: al",
            "al",
            "expected `join` to be one of `all`, `any`; found `al`",
            "did you mean `all`",
        ),
        (
            "operation: 5",
            "5",
            "expected `operation` to be words; found the number 5",
            "put it in quotes",
        ),
        (
            "when: often",
            "often",
            "expected `when` to be a list; found `often`",
            "write each element on a line of its own that starts with `- `",
        ),
        (
            "when:",
            "when",
            "expected `when` to be a list; found nothing",
            "leave the key out where there is nothing to say",
        ),
        (
            "role: Account Manager",
            "Account Manager",
            f"expected `role` to be {AN_ID}; found `Account Manager`",
            None,
        ),
        (
            "next: [a, B]",
            "B",
            f"expected each of `next` to be {AN_ID}; found `B`",
            None,
        ),
        (
            "next: {a: b}",
            "{a: b}",
            "expected `next` to be words; found a mapping",
            None,
        ),
        (
            "reversible: perhaps",
            "perhaps",
            "expected `reversible` to be `true` or `false`; found `perhaps`",
            None,
        ),
        (
            "deadlines:\n          - says: soon\n            within: 4h",
            "4h",
            f"`4h` is no duration; {A_DURATION}",
            None,
        ),
        (
            "inputs:\n          - name: n\n            value: [1]",
            "[1]",
            f"expected `value` to be {ANY_VALUE}; found a list",
            None,
        ),
        (
            "citations:\n          title: {line: 0, column: 1, length: 1, quote: x}",
            "0",
            "expected `line` to be at least 1; found the number 0",
            None,
        ),
        (
            "citations:\n          title: {line: 1, column: 1, quote: x}",
            "{line: 1, column: 1, quote: x}",
            "`length` is missing",
            "add `length: ...`",
        ),
        (
            "outputs:\n          - name: n\n            type: money",
            "name: n",
            "`n` is money and needs a `currency`, for example `USD`",
            None,
        ),
        (
            "escalation:\n          - says: x\n            too: y",
            "too",
            "unknown key `too`",
            "did you mean `to`",
        ),
        (
            "citations:\n          a b: {answer: x}",
            "a b",
            f"expected each key of `citations` to be {A_KEY}; found `a b`",
            None,
        ),
        (
            "escalation: [5]",
            "5",
            "expected each of `escalation` to be a mapping; found the number 5",
            None,
        ),
        (
            "outputs:\n          - name: total\n            tipe: date",
            "tipe",
            "unknown key `tipe` in `total`",
            "did you mean `type`",
        ),
    ],
)
def test_a_mistake_is_told_once_at_its_place(
    lines: str, shown: str, message: str, hint: str | None
) -> None:
    """One mistake gives one problem whose place covers exactly the words to change."""
    text = HEAD + STEP + f"        {lines}\n"
    (problem,) = mistakes(text)
    line = text.splitlines()[problem.line - 1]
    assert line[problem.column - 1 :][: problem.length] == shown
    assert (problem.message, problem.hint) == (message, hint)


def test_an_unknown_kind_names_the_kinds_and_nothing_else() -> None:
    """A union is told by its kind; the fields of other kinds make no noise."""
    (problem,) = mistakes(HEAD + STEP.replace("action", "decison") + "        branches: []\n")
    assert problem.message == (
        "expected `kind` to be one of `action`, `human_task`, `approval`, `decision`, `compute`, "
        "`wait`, `call`; found `decison`"
    )
    assert (problem.line, problem.column, problem.length) == (9, 15, 7)
    assert problem.hint == "did you mean `decision`"


def test_a_missing_kind_is_told_with_the_choices() -> None:
    """A step without `kind` is told which kinds there are."""
    (problem,) = mistakes(HEAD + STEP.replace("        kind: action\n", ""))
    assert problem.message == "`kind` is missing in `s`"
    assert problem.hint is not None
    assert problem.hint.startswith("add `kind: ...`, one of `action`, `human_task`")


def test_a_misspelt_required_key_is_one_mistake() -> None:
    """`titel` for `title` is not also told as a missing title."""
    (problem,) = mistakes(HEAD + STEP.replace("title", "titel"))
    assert problem.message == "unknown key `titel` in `s`"
    assert problem.hint == "did you mean `title`"


def test_a_wrong_element_is_not_also_a_list_that_is_too_short() -> None:
    """The consequence of a mistake is left out; a list that is empty is told."""
    assert [p.message for p in mistakes("format: 1\nid: a\ntitle: T\nprocedures: [5]\n")] == [
        "expected each of `procedures` to be a mapping; found the number 5"
    ]
    assert [p.message for p in mistakes("format: 1\nid: a\ntitle: T\nprocedures: []\n")] == [
        "expected `procedures` to be a list of at least 1; found an empty list"
    ]


def test_fields_of_a_trigger_named_like_its_kind_are_found() -> None:
    """`event` is both a kind and a field: each error stands at the right one of them."""
    text = (
        "format: 1\nid: a\ntitle: T\nprocedures:\n  - id: p\n    title: P\n    triggers:\n"
        "      - id: t\n        kind: event\n        says: 1\n        event: 2\n        foo: 3\n"
    )
    assert [(p.line, p.column) for p in mistakes(text)] == [(10, 15), (11, 16), (12, 9)]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (HEAD + STEP + STEP, 11, "step id `s` stands twice"),
        (
            HEAD + STEP.replace("id: s", "id: end"),
            8,
            "step id `end` is reserved for the end of the procedure",
        ),
        (HEAD + STEP + "  - id: p\n    title: Q\n", 11, "procedure id `p` stands twice"),
        (
            HEAD + STEP + "roles:\n  - id: r\n    name: R\n  - id: r\n    name: S\n",
            14,
            "role id `r` stands twice",
        ),
        (
            HEAD + STEP + "systems:\n  - id: r\n    name: R\n  - id: r\n    name: S\n",
            14,
            "system id `r` stands twice",
        ),
    ],
)
def test_an_id_that_is_taken_is_told_at_the_second_place(
    text: str, line: int, message: str
) -> None:
    """Ids tell parts apart, so a second use is a mistake of the file."""
    (problem,) = mistakes(text)
    assert (problem.line, problem.message) == (line, message)


def test_all_mistakes_are_collected_and_sorted() -> None:
    """The first is shown in full, the others by their places."""
    text = HEAD + STEP.replace("title: Send", "title: 5") + "        join: x\nformat_: 1\n"
    with pytest.raises(GraphFileError) as caught:
        loads_graph(text, "x.sop.yaml")
    assert str(caught.value) == (
        "x.sop.yaml:10:16: expected `title` to be words; found the number 5"
        " (and 2 more, at 11:15, 12:1)"
    )
    assert caught.value.exit_code == 2


def test_places_are_found_for_keys_values_and_what_is_not_there() -> None:
    """A path leads to its value or its key; a path that leads nowhere to its nearest parent."""
    loaded = loads_graph(HEAD + STEP)
    find = loaded.spans.find
    title = ("procedures", 0, "steps", 0, "title")
    lines = loaded.text.splitlines()

    def shown(*path: str | int, key: bool = False) -> str:
        span = find(path, key=key)
        return lines[span.line - 1][span.column - 1 :][: span.length]

    assert shown(*title) == "Send"
    assert shown(*title, key=True) == "title"
    assert shown("procedures", 0, "steps") == "steps"
    assert shown("procedures", 0, "steps", 0) == "id: s"
    assert shown("procedures", 0, "steps", 0, "role") == "id: s"
    assert shown("procedures", 0, "steps", 7, "role") == "steps"
    assert find(()) == find(("nothing",))


def test_what_stands_where_a_record_of_several_kinds_should_is_told() -> None:
    """A step that is no mapping, and one whose kind is a list, name what may stand there."""
    assert [p.message for p in mistakes(HEAD + "      - 5\n")] == [
        "expected each of `steps` to be a mapping; found the number 5"
    ]
    (problem,) = mistakes(HEAD + STEP.replace("action", "[action]"))
    assert problem.message.startswith("expected `kind` to be one of `action`, `human_task`")
    assert problem.message.endswith("; found a list")


class _Clerk(BaseModel, extra="forbid"):
    name: str
    since: int = Field(alias="from")
    kind: str = "person"


class _Office(BaseModel, extra="forbid"):
    clerks: tuple[_Clerk, ...]
    desks: dict[str, _Clerk] = {}


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (
            "clerks: [{name: Ana, form: 5}]",
            (1, 22),
            "unknown key `form` in `Ana`",
            "did you mean `from`",
        ),
        (
            "clerks: [{name: Ana, from: 5, zzz: 5}]",
            (1, 31),
            "unknown key `zzz` in `Ana`",
            "keys that may stand here: `name`, `from`, `kind`",
        ),
        # a key that is called as the record's kind is
        (
            "clerks: [{name: Ana, from: 5, kind: vip, vip: 5}]",
            (1, 42),
            "unknown key `vip` in `Ana`",
            "keys that may stand here: `name`, `from`, `kind`",
        ),
        (
            "clerks: []\ndesks: {a: {name: Rui, from: 5, nme: x}}",
            (2, 33),
            "unknown key `nme` in `Rui`",
            "did you mean `name`",
        ),
        ("clerk: []", (1, 1), "unknown key `clerk`", "did you mean `clerks`"),
    ],
)
def test_mistakes_are_told_by_the_keys_of_any_record(
    text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    """The keys are those of the record that the file should be, as files write them."""
    root = compose(text, "x")
    data = plain(root)
    with pytest.raises(ValidationError) as caught:
        _Office.model_validate(data)
    (problem,) = problems_of(caught.value, data, SpanIndex(text, root), _Office)
    assert (problem.line, problem.column) == place
    assert (problem.message, problem.hint) == (message, hint)


@cache
def _right() -> dict[str, Any]:
    right: dict[str, Any] = plain(compose(REFUNDS.read_text(encoding="utf-8"), "x"))
    return right


@given(st.data())
def test_no_shape_of_file_is_too_odd_to_tell(data: st.DataObject) -> None:
    """Whatever is edited, the file loads or its mistakes are told, each with a place."""
    with contextlib.suppress(GraphFileError):
        loads_graph(data.draw(mistaken(_right())))


def test_a_file_of_another_shape_is_told_how_a_graph_file_begins() -> None:
    """A list is no graph file; its first line would be the format."""
    (problem,) = mistakes("- a\n")
    assert (problem.message, problem.hint) == (
        "expected a mapping, found a list",
        "a graph file starts with `format: 1`",
    )
