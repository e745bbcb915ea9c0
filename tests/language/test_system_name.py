"""Names of systems: products, handles, titles, and what stands in backticks."""

import pytest

from sopc_compiler.language.system_name import (
    is_certain_system,
    is_plain,
    is_titled,
    names_system,
    system_spans,
)
from sopc_compiler.language.word import words


def _read(text: str, *codes: str) -> list[str]:
    places = [(text.index(code), text.index(code) + len(code)) for code in codes]
    return [text[start:end] for start, end in system_spans(words(text), places)]


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("Post it in #help-desk.", ["#help-desk"]),
        ("Write to help@example.com.", ["help@example.com"]),
        ("Open https://example.com/form.", ["https://example.com/form"]),
        ("Go to example.io for it.", ["example.io"]),
    ],
)
def test_handles(text: str, systems: list[str]) -> None:
    """Channels, mailboxes and addresses name systems, without the sentence's full stop."""
    assert _read(text) == systems


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("Update Jira and Zendesk.", ["Jira", "Zendesk"]),
        ("Use Google Meet.", ["Google Meet"]),
        ("See iCloud.", ["iCloud"]),
        ("Post it in Teams.", ["Teams"]),
        ("Teams meet.", []),
        ("Pay it in Square.", ["Square"]),
        ("Square the books.", []),
        ("Enter it in Workbench.", ["Workbench"]),
        ("Give Workbench a try.", []),
    ],
)
def test_products(text: str, systems: list[str]) -> None:
    """Known products count anywhere; everyday words and unknown names behind "in" alone."""
    assert _read(text) == systems


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("Update the AR Dashboard.", ["AR Dashboard"]),
        ("Check the team calendar.", ["team calendar"]),
        ("Update the expense tracker and the vendor list.", ["expense tracker", "vendor list"]),
        ("Log it via Acme Portal.", ["Acme Portal"]),
        ("Fill in form W-9.", ["form W-9"]),
        ("Sign the I-9.", ["I-9"]),
    ],
)
def test_headed_names(text: str, systems: list[str]) -> None:
    """A system's noun with what tells which, or a form's number, names a system."""
    assert _read(text) == systems


@pytest.mark.parametrize(
    "text",
    [
        "Use the form.",
        "Open the template.",
        "Use the signed form.",
        "Meet in March.",
        "Work in the Finance Team.",
        "Ask the client.",
    ],
)
def test_no_systems(text: str) -> None:
    """A bare noun, a month and a team name no system."""
    assert _read(text) == []


@pytest.mark.parametrize(
    ("text", "code", "systems"),
    [
        ("Send template welcome-v3 now.", "welcome-v3", ["welcome-v3"]),
        ("Use the macro close_case.", "close_case", ["close_case"]),
        ("Post it in #ops.", "#ops", ["#ops"]),
        ("Fill status in.", "status", []),
        ("Open the vendor list.", "vendor", []),
    ],
)
def test_literal_names(text: str, code: str, systems: list[str]) -> None:
    """A literal name counts behind "template" and the like, and is never part of another name."""
    assert _read(text, code) == systems


@pytest.mark.parametrize(
    ("name", "certain", "titled", "plain"),
    [
        ("Salesforce", True, False, False),
        ("Google Drive", True, True, False),
        ("#ops", True, False, False),
        ("AR Dashboard", False, True, False),
        ("team calendar", False, False, False),
        ("I-9", False, False, False),
        ("Workbench", False, False, True),
        ("S2", False, False, True),
    ],
)
def test_what_a_name_shows(name: str, *, certain: bool, titled: bool, plain: bool) -> None:
    """A name alone shows that it is a system, that it is put like a title, or nothing."""
    assert (is_certain_system(name), is_titled(name), is_plain(name)) == (certain, titled, plain)


@pytest.mark.parametrize(
    ("name", "before", "system"),
    [
        ("Salesforce", "by the", True),
        ("team calendar", "by the", True),
        ("form", "in the", False),
        ("Workbench", "in the", True),
        ("Workbench", "by the", False),
        ("Workbench", "sent to", False),
        ("workbench", "in the", False),
        ("a b c d e f Dashboard", "in the", False),
        ("", "in the", False),
    ],
)
def test_proposed_names(name: str, before: str, *, system: bool) -> None:
    """A plain name counts by the words before it alone; a long one never."""
    assert names_system(name, before.split()) is system
