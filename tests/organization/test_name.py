"""Which names are one name, and which may be."""

import unicodedata

import pytest

from sopc.organization import loads_organization
from sopc.organization.name import alike, folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Google Drive", "google-drive"),
        ("`Google  Drive`", "GOOGLE DRIVE"),
        ("Café", unicodedata.normalize("NFD", "café")),
        ("Straße", "STRASSE"),
        ("invoice-reminder-1", "Invoice Reminder 1"),
    ],
)
def test_case_and_marks_between_words_do_not_count(one: str, other: str) -> None:
    """Nor does how a letter with an accent is stored."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("#refunds", "refunds"), ("C", "C++"), ("Basecamp", "Base camp"), ("!!", "??")],
)
def test_other_marks_and_words_make_other_names(one: str, other: str) -> None:
    """A channel is not the word, and names of marks alone are told apart."""
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Basecamp", "Base camp"),
        ("account manager", "acount manager"),
        ("customer", "customers"),
        ("the CRM", "CRM"),
        ("AM", "account manager"),
        ("head of people", "HOP"),
    ],
)
def test_names_that_may_be_one(one: str, other: str) -> None:
    """Slips of the pen, plurals, words run together, articles, initials; either way round."""
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("finance manager", "office manager"),
        ("operations manager", "people operations manager"),
        ("reminder-1", "reminder-2"),
        ("Slack", "Slack channel"),
        ("A", "account"),
    ],
)
def test_names_that_are_surely_two(one: str, other: str) -> None:
    """Another word, another number, or a word more."""
    assert not alike(one, other)
    assert not alike(other, one)


def test_calendars_are_found_and_the_nearest_is_offered() -> None:
    """By id, name and alias."""
    organization = loads_organization(
        "name: A\ncalendars: [{id: porto, name: Porto office, aliases: [Oporto]}]\n"
    )
    for name in ("porto", "PORTO OFFICE", "oporto"):
        found = organization.calendar(name)
        assert found is not None
        assert found.id == "porto"
    assert organization.calendar("Lisbon") is None
    assert organization.nearest_calendar("Proto office") == "Porto office"
