"""The answers file: exact errors, and adding that never loses a word."""

from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopc.graph.canonical import as_yaml, canonical
from sopc.graph.problem import GraphFileError
from sopc_compiler.answers import Answer, AnswersFile, load_answers, save_answer
from sopc_compiler.answers.schema import answers_schema

FILE = """\
# Ana's notes
format: 1
answers:
  # asked in the stand-up
  - id: welcome-system
    passage: a1b2c3d4e5f6
    words: "Send: a welcome email"
    field: step 1 system
    value: Gmail  # not Outlook
    by: Ana Ruiz
    at: 2026-11-22T10:00:00+00:00
"""
AT = datetime(2026, 11, 23, tzinfo=UTC)


def _answer(field: str, **more: object) -> Answer:
    made = {"id": "new", "passage": "a1b2c3d4e5f6", "field": field, "value": "x"} | more
    return Answer.model_validate(made)


def test_a_file_that_is_not_there_holds_no_answers(tmp_path: Path) -> None:
    """Nobody has answered yet."""
    assert load_answers(tmp_path / "x.answers.yaml").entries == ()


def test_adding_keeps_entries_and_comments(tmp_path: Path) -> None:
    """A new answer goes to the end; every comment stays where it was."""
    path = tmp_path / "x.answers.yaml"
    path.write_text(FILE)
    save_answer(_answer("step 1 role", value="Clerk", at=AT), path)
    text = path.read_text()
    assert [one.id for one in load_answers(path).entries] == ["welcome-system", "new"]
    assert all(c in text for c in ("# Ana's notes", "# asked in the stand-up", "# not Outlook"))


def test_answering_again_replaces_the_answer(tmp_path: Path) -> None:
    """A field of a passage has one answer."""
    path = tmp_path / "x.answers.yaml"
    path.write_text(FILE)
    save_answer(_answer("step 1 system", id="welcome-system", value="Outlook"), path)
    assert [(one.id, one.value) for one in load_answers(path).entries] == [
        ("welcome-system", "Outlook")
    ]


def test_saving_the_same_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """The file is canonical."""
    path = tmp_path / "x.answers.yaml"
    save_answer(_answer("step 1 deadline", value={"within": "PT4H", "of": "x"}, at=AT), path)
    first = path.read_bytes()
    save_answer(load_answers(path).entries[0], path)
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("field: step 1 system", "field: step 1 sytem", "8:12: `step 1 sytem` is no field"),
        ("value: Gmail", "valu: Gmail", "9:5: unknown key `valu`"),
        ("    value: Gmail  # not Outlook\n", "", "5:5: an answer needs either a `value`"),
        ("field: step 1 system", "feild: step 1 system", "8:5: unknown key `feild`"),
        ("a1b2c3d4e5f6", "a1b2", "6:14: expected `passage` to be a hash of 12 hexadecimal digits"),
        ("format: 1", "format: 7", "2:9: expected `format` to be `1`; found the number 7"),
        ("    field: step 1 system\n", "", "5:5: `field` is missing in `welcome-system`"),
        ("by: Ana Ruiz", "by: 7", "10:9: expected `by` to be words; found the number 7"),
        ("2026-11-22T10:00:00+00:00", "noon", "11:9: expected `at` to be a time with its zone"),
    ],
)
def test_mistakes_are_shown_with_their_place(
    old: str, new: str, expected: str, tmp_path: Path
) -> None:
    """File, line, column and what was expected."""
    path = tmp_path / "x.answers.yaml"
    path.write_text(FILE.replace(old, new))
    with pytest.raises(GraphFileError) as raised:
        load_answers(path)
    assert str(raised.value).startswith(f"{path}:{expected}")


def test_an_unknown_key_is_told_the_keys_of_answers(tmp_path: Path) -> None:
    """The nearest key, or all that may stand there: those of the file outside of its answers."""
    path = tmp_path / "x.answers.yaml"
    path.write_text(f"{FILE}    zzz: 1\n    nota: x\nanswer: []\n")
    with pytest.raises(GraphFileError) as raised:
        load_answers(path)
    assert [(one.line, one.message, one.hint) for one in raised.value.problems] == [
        (
            12,
            "unknown key `zzz` in `welcome-system`",
            (
                "keys that may stand here: `id`, `passage`, `words`, `field`, `value`, "
                "`unstated`, `by`, `at`, `note`"
            ),
        ),
        (13, "unknown key `nota` in `welcome-system`", "did you mean `note`"),
        (14, "unknown key `answer`", "did you mean `answers`"),
    ]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("- a\n", "expected a mapping, found a list", "an answers file starts with `format: 1`"),
        (
            "answers: &a []\n",
            "anchor `&a` is not allowed in an answers file",
            "write the value out",
        ),
    ],
)
def test_what_it_may_not_hold_is_told_of_an_answers_file(
    text: str, message: str, hint: str, tmp_path: Path
) -> None:
    """It is called by what it is, not a graph file."""
    path = tmp_path / "x.answers.yaml"
    path.write_text(text)
    with pytest.raises(GraphFileError) as raised:
        load_answers(path)
    (problem,) = raised.value.problems
    assert (problem.message, problem.hint) == (message, hint)


def test_two_answers_to_one_field_are_refused(tmp_path: Path) -> None:
    """A merge that left two answers is shown instead of one winning silently."""
    path = tmp_path / "x.answers.yaml"
    entry = FILE.partition("answers:\n")[2]
    path.write_text(FILE + entry.replace("welcome-system", "other"))
    with pytest.raises(GraphFileError, match="`welcome-system` and `other` are both about"):
        load_answers(path)


@given(
    st.text(min_size=1).filter(lambda text: bool(text.strip())),
    st.one_of(st.booleans(), st.integers(-9, 9), st.text(min_size=1)),
)
def test_any_words_survive_the_file(words: str, value: object) -> None:
    """Whatever people write is read back as they wrote it."""
    from sopc.graph.document import compose, plain

    entry = _answer("step 1 title", words=words, value=value)
    text = as_yaml(canonical(AnswersFile(answers=(entry,))))
    assert AnswersFile.model_validate(plain(compose(text, "x"))).answers == (entry,)


def test_the_schema_knows_the_values_of_each_field() -> None:
    """An editor marks a tier of 4 and takes a deadline as text or as a mapping."""
    validator = jsonschema.Draft202012Validator(answers_schema())

    def is_valid(field: str, value: object) -> bool:
        entry = {"id": "x", "passage": "a1b2c3d4e5f6", "field": field, "value": value}
        return validator.is_valid({"format": 1, "answers": [entry]})

    assert is_valid("step 1 tier", 2)
    assert not is_valid("step 1 tier", 4)
    assert is_valid("step 2 deadline", "4 hours")
    assert is_valid("step 2 deadline", [{"within": "PT4H"}])
    assert not is_valid("step 2 deadline", 4)
    assert not is_valid("step 2 sytem", "x")
