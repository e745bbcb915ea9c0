"""People where roles belong, and people who have left: family 2."""

import pytest

from rules.named_things import ORGANIZATION, found_in, with_role
from sopc.diagnostics import Confidence, Severity, applied


@pytest.mark.parametrize(
    ("name", "confidence"),
    [
        ("Ana Ruiz", Confidence.HIGH),
        ("ana ruiz", Confidence.HIGH),
        ("Ana", Confidence.MEDIUM),
        ("Ruiz", Confidence.MEDIUM),
        ("Dr. Weber", Confidence.MEDIUM),
    ],
)
def test_a_person_is_no_role_and_nothing_else_is_said(name: str, confidence: Confidence) -> None:
    """A name that is one person's, or begins with a title, is not an unknown role as well."""
    (finding,) = found_in(with_role(f'"{name}"'))
    assert (finding.rule, finding.confidence) == ("person-as-role", confidence)


@pytest.mark.parametrize("name", ["ana", "Grace", "Anna", "Drive owner", "ruiz team"])
def test_what_is_no_one_persons_name_is_an_unknown_role(name: str) -> None:
    """Words in lower case, names that several have and names that nobody has are not guessed at."""
    (finding,) = found_in(with_role(name))
    assert finding.rule == "unknown-role"


def test_without_an_organization_only_a_title_shows_a_person() -> None:
    """Roles are written with capitals, too."""
    assert found_in(with_role("Senior Accountant"), None) == []
    (finding,) = found_in(with_role("Mrs. Okafor"), None)
    assert finding.rule == "person-as-role"
    assert finding.fix is None


def test_somebody_who_comes_later_has_no_role_to_write() -> None:
    """There is nothing to replace the name with."""
    (finding,) = found_in(with_role("Bo Chen"))
    assert (finding.rule, finding.fix) == ("person-as-role", None)
    assert finding.help == ("write the role in which the person does this",)


def test_somebody_who_left_is_told_of_once_with_the_date() -> None:
    """The role is told of, and neither its uses nor the words that name the person."""
    text = with_role("Grace Okafor").replace("tell the boss", "tell Grace Okafor")
    (finding,) = found_in(text)
    assert (finding.rule, finding.severity) == ("departed-person", Severity.ERROR)
    assert finding.message == "`Grace Okafor` has left: the last day in a role was 2026-01-31"
    assert finding.help == ("write the role, `finance manager`, which Ana Ruiz now holds",)
    assert [span.at[-1] for span in finding.related] == ["by", "by", "to", "role"]


def test_somebody_who_left_is_found_in_words() -> None:
    """A whole name in a title or an escalation is a warning, once, with the other places."""
    text = with_role("boss", "boss").replace("Issue the refund", "Send it to Grace Okafor's desk")
    nobody = text.replace("tell the boss, by: boss, to: boss", "tell Grace Okafor, by: boss")
    (finding,) = found_in(nobody)
    assert (finding.rule, finding.severity) == ("departed-person", Severity.WARNING)
    assert finding.primary.at[-1] == "title"
    assert [span.at[-1] for span in finding.related] == ["says"]
    assert finding.fix is None
    (finding,) = found_in(text.replace("tell the boss", "tell Grace Okafor"))
    assert finding.related == ()


def test_an_owner_who_left_is_found() -> None:
    """The fix writes the role into the owner's place."""
    text = with_role("boss", "boss").replace(
        "title: Refunds\n", "title: Refunds\nowner: Grace Okafor\n"
    )
    (finding,) = found_in(text)
    assert finding.primary.at == ("owner",)
    assert finding.fix is not None
    assert "owner: finance manager\n" in applied(text, [finding.fix])[0]


def test_the_last_day_is_still_a_day_of_work() -> None:
    """Somebody whose last day is today has not left yet."""
    organization = ORGANIZATION.replace("2026-01-31", "2026-03-02")
    (finding,) = found_in(with_role("Grace Okafor"), organization)
    assert finding.rule == "person-as-role"
