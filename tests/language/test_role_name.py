"""Names of roles: which words name somebody, and which merely could."""

import pytest

from sopc_compiler.language.role_name import (
    heads_role,
    is_certain_role,
    names_somebody,
    role_spans,
)
from sopc_compiler.language.word import words


def _read(text: str) -> list[str]:
    return [text[start:end] for start, end in role_spans(words(text))]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Ask the finance manager.", ["finance manager"]),
        ("Notify manager.", ["manager"]),
        ("Notify the security team.", ["security team"]),
        ("Tell your hiring manager and the recruiter.", ["hiring manager", "recruiter"]),
        ("Customer Success Manager", ["Customer Success Manager"]),
        ("The on-call engineer pages the support lead.", ["on-call engineer", "support lead"]),
        ("Send it to Legal.", ["Legal"]),
        ("Ask IT for help.", ["IT"]),
        ("Call the Head of Security.", ["Head of Security"]),
        ("Ask the vice president of sales.", ["vice president of sales"]),
        ("The manager leads the call.", ["manager"]),
        ("Take the office manager's laptop.", ["office manager"]),
    ],
)
def test_roles(text: str, roles: list[str]) -> None:
    """A role's noun is taken with what tells which, without determiners and possessives."""
    assert _read(text) == roles


@pytest.mark.parametrize(
    "text",
    [
        "The team works.",
        "Return it to the office.",
        "Use the support form.",
        "Once it works, stop.",
        "Owner signs.",
        "Send the report.",
    ],
)
def test_no_roles(text: str) -> None:
    """A bare noun that anybody may be meant by, or one that modifies a thing, names no role."""
    assert _read(text) == []


def test_literal_names() -> None:
    """A literal name, as of a field, holds no role."""
    text = "Fill manager in and ask the recruiter."
    assert [text[slice(*place)] for place in role_spans(words(text), [(5, 12)])] == ["recruiter"]


@pytest.mark.parametrize(
    "phrase",
    ["the lead", "you", "HR", "the client", "the new hire", "the manager of sales", "interviewers"],
)
def test_somebody(phrase: str) -> None:
    """Roles, people, pronouns and departments are somebody."""
    assert names_somebody(phrase.split())


@pytest.mark.parametrize(
    "phrase", ["the order", "the printer", "the report", "no manager", "the newsletter", "( )"]
)
def test_nobody(phrase: str) -> None:
    """Things are nobody, even where their names end as those of people do."""
    assert not names_somebody(phrase.split())


@pytest.mark.parametrize(
    ("name", "heads", "certain"),
    [
        ("finance manager", True, True),
        ("Head of Security", True, True),
        ("manager", True, False),
        ("contract employees", True, False),
        ("security team", True, False),
        ("Legal", True, False),
        ("team", False, False),
        ("owner", False, False),
        ("report", False, False),
    ],
)
def test_certainty(name: str, *, heads: bool, certain: bool) -> None:
    """A role's noun with a modifier is certainly a role; a lone or weak one may be one."""
    assert heads_role(name.split()) is heads
    assert is_certain_role(name.split()) is certain
