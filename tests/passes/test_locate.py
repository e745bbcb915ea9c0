"""The locator finds what stands in a text, says how, and refuses the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopc.graph import Match
from sopc_compiler.passes.locate import locate

TEXT = "The manager approves the refund in `Shopify`, and the manager tells the customer-desk."
tokens = st.text(min_size=1).map(lambda t: "".join(t.split())).filter(bool)


@pytest.mark.parametrize(
    ("quote", "found", "match"),
    [
        ("approves the refund", "approves the refund", Match.EXACT),
        (" “approves the refund.” ", "approves the refund", Match.EXACT),
        ("Approves The Refund", "approves the refund", Match.PARTIAL),
        ("refund in Shopify and", "refund in `Shopify`, and", Match.PARTIAL),
        ("customer desk", "customer-desk", Match.PARTIAL),
        (
            "manager approve the refund in Shopify",
            "manager approves the refund in `Shopify",
            Match.FUZZY,
        ),
    ],
)
def test_what_stands_there_is_found(quote: str, found: str, match: Match) -> None:
    """The very characters are exact, the words in a row partial, nearly the words fuzzy."""
    place = locate(quote, TEXT)
    assert place is not None
    assert (TEXT[place[0] : place[1]], place[2]) == (found, match)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        " . ",
        "“”",
        "—",
        "transfer 9,500 USD",
        "approves the refunds in Zendesk now",
        "man",  # part of a word
        "Shopif",
        "the refunded",  # too few words to be nearly there
        TEXT + " More.",
    ],
)
def test_what_does_not_stand_there_is_refused(quote: str) -> None:
    """Invented words, parts of words and nothing at all have no place."""
    assert locate(quote, TEXT) is None


def test_repeated_mentions_take_the_next_free_place() -> None:
    """Each further quote of the same words gets the next mention, and none when all are taken."""
    first = locate("the manager", "The manager or the manager or the manager.")
    assert first is not None
    assert first[0] == 15  # the very characters come before another case
    second = locate("the manager", "The manager or the manager or the manager.", (first[:2],))
    assert second is not None
    assert second[0] == 30
    taken: tuple[tuple[int, int], ...] = (first[:2], second[:2])
    third = locate("the manager", "The manager or the manager or the manager.", taken)
    assert third == (0, 11, Match.PARTIAL)
    taken = (*taken, third[:2])
    assert locate("the manager", "The manager or the manager or the manager.", taken) is None


@given(st.lists(tokens, min_size=1, max_size=12), st.data())
def test_whatever_is_cut_at_word_bounds_is_found(words: list[str], data: st.DataObject) -> None:
    """A cut with a letter or digit in it is found, as exact as it was cut, in any script."""
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    text, quote = " ".join(words), " ".join(words[first : last + 1])
    place = locate(quote, text)
    if not any(character.isalnum() for character in quote):
        return
    assert place is not None
    start, end, match = place
    assert match is Match.EXACT
    marks = " \"“”'.,;:"
    assert text[start:end].strip(marks) == quote.strip(marks)


@given(st.text(), st.text(), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=3))
def test_a_place_is_inside_the_text_and_free(
    quote: str, text: str, taken: list[tuple[int, int]]
) -> None:
    """Any two texts are taken without a crash, and a place found is a place of the text."""
    place = locate(quote, text, tuple(taken))
    if place is not None:
        start, end, _ = place
        assert 0 <= start < end <= len(text)
        assert all(end <= first or start >= last for first, last in taken)
