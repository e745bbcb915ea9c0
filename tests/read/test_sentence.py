"""Passages are cut into sentences where a careful reader would cut them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopc_compiler.read.sentence import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Call the customer.", "Then write to them!", "Did they answer?", "Close it."],
        ["Use a tool, e.g. Slack or Zoom.", "Tell finance, i.e. Ann, vs. the bank."],
        ["Bring badges, keys, etc. on the day.", "Bring badges, keys, etc.", "Then leave."],
        ["Firms in the U.S. Virgin Islands need form No. 5.", "We ship to the U.S. only."],
        ["We are in the U.S.", "They are not."],
        ["Post in incident.io within 1.5 hours.", "See section 1.0 first."],
        ["Send it by 9 a.m. Monday.", "Lunch is at 12 p.m.", "Reports follow on Jan. 5."],
        ["Ask Dr. J. Smith or Mr. Doe.", "Wait."],
        ['Say "Stop."', "Then hang up."],
        ["Ask her (she may say no. Then stop.) before noon.", "Go."],
        ["1. Open the app.", "Log in."],
        ["Refunds over $500.", "50 or less are fine."],
        ["no stop at all"],
        ["Wait… then go on.", "Done."],
    ],
)
def test_stops_that_end_a_sentence(expected: list[str]) -> None:
    """Abbreviations, times, initials, decimals, brackets and names end no sentence."""
    assert cut(" ".join(expected)) == expected


@given(st.text(alphabet=st.sampled_from("aB1 .!?()\"'\n\u201d\u00a0e.g")))
def test_sentences_cover_all_words(text: str) -> None:
    """Spans rise, begin and end at words, and leave nothing but blanks between them."""
    spans, at = sentences(text), 0
    for start, end in spans:
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert not text[at:].strip()
