"""Which facts of a program count as those of a reader, by hand-made cases."""

import pytest
from score import TYPES, Count, overlap, score


def _fact(line: int, quote: str, label: str = "action") -> dict[str, object]:
    return {"type": label, "line": line, "quote": quote}


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("send the email", "Send the email!", 1.0),
        ("send the welcome email", "send the email", 3 / 4),
        ("send email now", "send email later", 2 / 4),
        ("send the email", "post the letter", 0.0),
        ("…", "send the email", 0.0),
    ],
)
def test_quotes_match_from_half_of_their_words_on(one: str, other: str, shared: float) -> None:
    """The share of the words that both have counts, without case and marks, from 0.5 on."""
    assert overlap(one, other) == overlap(other, one) == shared


def test_a_quote_may_hold_the_other() -> None:
    """A quote inside of one at most three times as long matches; a word's part does not."""
    assert overlap("call them", "call them again on friday") == 0.5
    assert overlap("call them", "call them again on friday or on saturday at noon") == 0.0
    assert overlap("all them", "call them again on friday") == 0.0


@pytest.mark.parametrize(("line", "matched"), [(3, 0), (4, 1), (5, 1), (6, 1), (7, 0)])
def test_lines_may_differ_by_one(line: int, matched: int) -> None:
    """The same quote one line off is the same fact, two lines off another."""
    found = score([_fact(5, "send the email")], [_fact(line, "send the email")])
    assert found["action"].matched == matched


def test_each_fact_matches_one_other() -> None:
    """Of two facts alike, the one that shares more is taken, and the other counts as wrong."""
    gold = [_fact(1, "send the welcome email")]
    count = score(gold, [_fact(1, "send the email"), _fact(1, "send the welcome email")])["action"]
    assert (count.gold, count.predicted, count.matched) == (1, 2, 1)
    assert (count.precision, count.recall) == (0.5, 1.0)
    assert count.f1 == pytest.approx(2 / 3)


def test_the_better_pair_goes_first() -> None:
    """A fact does not take what another matches better."""
    gold = [_fact(1, "send the email"), _fact(1, "send the email again")]
    predicted = [_fact(1, "send the email again"), _fact(1, "send the email")]
    assert score(gold, predicted)["action"].matched == 2


def test_types_are_counted_apart() -> None:
    """A quote found under another type is one missed and one too many."""
    found = score([_fact(1, "within 2 days", "time")], [_fact(1, "within 2 days", "condition")])
    assert tuple(found) == TYPES
    assert found["time"] == Count(gold=1)
    assert found["condition"] == Count(predicted=1)
    total = sum(found.values(), Count())
    assert (total.precision, total.recall, total.f1) == (0.0, 0.0, 0.0)
