"""Words: how a passage is split, and which words can be verbs."""

import pytest

from sopc_compiler.language.word import is_base_verb, is_only_verb, verb_base, words


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Email #ops, @ann and ann@example.com.",
         ["Email", "#ops", ",", "@ann", "and", "ann@example.com", "."]),
        ("See https://a.example/x?y=1 now", ["See", "https://a.example/x?y=1", "now"]),
        ("It’s $1,000.50 of the owner’s fee", ["It’s", "$1,000.50", "of", "the", "owner’s", "fee"]),
        ("follow-up employee(s) and/or R&D", ["follow-up", "employee(s)", "and/or", "R&D"]),
        ("Run it 2x on the 15th", ["Run", "it", "2x", "on", "the", "15th"]),
        ("", []),
        (" \n ", []),
    ],
)  # fmt: skip
def test_pieces(text: str, pieces: list[str]) -> None:
    """Addresses, handles, amounts and hyphened words stay whole; marks stand alone."""
    assert [word.text for word in words(text)] == pieces


@pytest.mark.parametrize("text", ["It’s the owner’s fee: €5.", "“Stop”, she said — naïve, no?"])
def test_places(text: str) -> None:
    """Each word lies where its place says, in code points, and none overlaps the next."""
    found = words(text)
    assert [text[word.start : word.end] for word in found] == [word.text for word in found]
    assert "".join(word.text for word in found) == text.replace(" ", "")


def test_lower_form() -> None:
    """The lower form has a straight apostrophe, so that rules spell each word one way."""
    assert [word.lower for word in words("It’s Done")] == ["it's", "done"]


def test_marks_are_no_words() -> None:
    """Letters, figures, handles and amounts are words; marks are not."""
    assert [word.text for word in words("Pay $5 (to #ops)!") if not word.is_word] == ["(", ")", "!"]


def test_tags() -> None:
    """Tags are the Penn Treebank's."""
    assert [word.tag for word in words("The manager must approve it.")] == [
        "DT",
        "NN",
        "MD",
        "VB",
        "PRP",
        ".",
    ]


@pytest.mark.parametrize(
    ("word", "base"),
    [("files", "file"), ("sent", "send"), ("running", "run"), ("notifies", "notify"),
     ("about", None), ("the", None)],
)  # fmt: skip
def test_base_form(word: str, base: str | None) -> None:
    """A verb's form gives its base, and a word that is no verb nothing."""
    assert verb_base(word) == base


@pytest.mark.parametrize(
    ("word", "base", "only"),
    [
        ("send", True, True),
        ("escalates", False, True),
        ("table", True, False),
        ("files", False, False),
        ("manager", False, False),
        ("x", False, False),
    ],
)
def test_verbs(word: str, *, base: bool, only: bool) -> None:
    """A word can be a base form or not, and a verb alone or a noun as well."""
    assert is_base_verb(word) is base
    assert is_only_verb(word) is only
