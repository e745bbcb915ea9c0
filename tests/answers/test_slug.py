"""Ids made from words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopc.graph.slug import slug


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Send a welcome email", "send-a-welcome-email"),
        ("Réviser l\u2019accès (n° 3)", "reviser-lacces-n-3"),
        ("人事部", "x"),
        ("  --  ", "x"),
    ],
)
def test_words_become_an_id(words: str, expected: str) -> None:
    """Accents, marks and case go; words without a Latin letter still get an id."""
    assert slug(words) == expected


def test_a_taken_id_gets_a_number() -> None:
    """The second and third of the same words are told apart by numbers."""
    assert slug("Send email", {"send-email", "send-email-2"}) == "send-email-3"


def test_long_words_are_cut_between_words() -> None:
    """An id of many words ends with a whole word."""
    assert slug("word " * 30) == "-".join(["word"] * 12)


@given(st.text(), st.sets(st.text(alphabet="ab-", max_size=3)))
def test_every_text_gives_a_valid_free_id(words: str, taken: set[str]) -> None:
    """Whatever the words, the id fits the format and is free."""
    made = slug(words, taken)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= 60
    assert made not in taken
