"""Vague words: those that leave a judgment to the reader."""

import pytest

from sopc_compiler.language.vagueness import vague_words


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("Use your best judgment where appropriate.",
         ["Use your best judgment", "where appropriate"]),
        ("Send the relevant forms, etc.", ["relevant", "etc"]),
        ("Escalate as needed.", ["as needed"]),
        ("Fix it carefully in a reasonable time.", ["carefully", "reasonable"]),
        ("Call the client within 2 days.", []),
        ("Report an inappropriate message.", []),
    ],
)  # fmt: skip
def test_vague_words(text: str, vague: list[str]) -> None:
    """Judgment left open is found with its whole phrase, and no word for a part of it."""
    assert [text[start:end] for start, end in vague_words(text, 0, len(text))] == vague


def test_between_two_places() -> None:
    """Only words between the two places count, so that a step sees its own."""
    text = "Send the relevant form. File a suitable copy."
    start = text.index("File")
    assert [text[slice(*place)] for place in vague_words(text, start, len(text))] == ["suitable"]
