"""What `sopc org check` remarks on in a file that loads."""

from datetime import date

import pytest

from sopc.organization import loads_organization
from sopc.organization.review import review
from sopc.organization.secret import secret_problem

DAY = date(2026, 3, 2)
BOUND = "binding: {connector: mcp}"
NEXT = "{id: b, name: B, binding: {connector: mcp}}"
HELD = "holders: [{name: Ana Pires}]"


def remarks(text: str) -> list[tuple[str, str, tuple[str | int, ...]]]:
    """Severity, message and place of each remark."""
    found = review(loads_organization("name: A\n" + text), DAY)
    assert all(remark.help for remark in found)
    return [(each.severity, each.message, each.at) for each in found]


@pytest.mark.parametrize(
    ("text", "severity", "message", "at"),
    [
        (
            "roles: [{id: r, name: boss, holders: [{name: Ana, to: 2026-03-01}]}]",
            "warning",
            "nobody holds `boss` on 2026-03-02",
            ("roles", 0, "holders"),
        ),
        (
            "roles: [{id: r, name: boss}, {id: c, name: client}]",
            "note",
            "it is not said who holds `boss`, `client`",
            ("roles", 0, "name"),
        ),
        (
            "systems: [{id: a, name: Asana}, {id: x, name: Xero}]",
            "note",
            "2 systems have no binding: `Asana`, `Xero`",
            ("systems", 0, "name"),
        ),
        (
            "systems: [{id: a, name: Asana, to: 2026-03-01}]",
            "warning",
            "`Asana` is out of use, and nothing took its place",
            ("systems", 0, "to"),
        ),
        (
            "systems: [{id: a, name: Asana, status: retired}]",
            "warning",
            "`Asana` is out of use, and nothing took its place",
            ("systems", 0, "status"),
        ),
        (
            (
                "systems: [{id: a, name: Asana, to: 2026-03-01, replaced_by: b}, "
                "{id: b, name: Linear, from: 2026-03-03}]"
            ),
            "warning",
            "`Asana` is out of use, and so is what took its place",
            ("systems", 0, "replaced_by"),
        ),
        (
            f"systems: [{{id: a, name: Asana, replaced_by: b, {BOUND}}}, {NEXT}]",
            "warning",
            "`Asana` names its successor, and no end of its use",
            ("systems", 0, "replaced_by"),
        ),
        (
            (
                f"systems: [{{id: a, name: Asana, from: 2026-03-03, {BOUND}}}]\n"
                "templates: [{name: t, system: a}]"
            ),
            "warning",
            "template `t` is kept in `Asana`, not in use on 2026-03-02",
            ("templates", 0, "system"),
        ),
        (
            (
                "systems: [{id: a, name: Asana, from: 2026-03-03}]\nescalation: {to: r, via: a}\n"
                f"roles: [{{id: r, name: boss, {HELD}}}]"
            ),
            "warning",
            "escalations go through `Asana`, which is not in use on 2026-03-02",
            ("escalation", "via"),
        ),
        (
            f"escalation: {{to: r, after: 1 business day}}\nroles: [{{id: r, name: boss, {HELD}}}]",
            "warning",
            "`1 business day` cannot be counted: `time_zone` and `business_hours` are not stated",
            ("escalation", "after"),
        ),
        (
            "escalation: {to: c}\nroles: [{id: c, name: client, outside: true}]",
            "warning",
            "escalations go to `client`, which nobody holds on 2026-03-02",
            ("escalation", "to"),
        ),
        (
            "systems: [{id: a, name: A, binding: {connector: mcp, settings: {token: hunter22}}}]",
            "error",
            "setting `token` holds a secret in clear, in system `a`",
            ("systems", 0, "binding", "settings", "token"),
        ),
    ],
)
def test_a_remark_stands_at_its_place(
    text: str, severity: str, message: str, at: tuple[str | int, ...]
) -> None:
    """One remark for each, and no other."""
    assert remarks(text) == [(severity, message, at)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"roles: [{{id: r, name: boss, {HELD}}}]\nescalation: {{to: r, after: PT4H}}",
        "roles: [{id: c, name: client, outside: true}]",
        f"systems: [{{id: a, name: A, to: 2026-03-01, replaced_by: b}}, {NEXT}]",
        "systems: [{id: a, name: A, from: 2026-03-03}]",
    ],
)
def test_nothing_is_remarked_where_nothing_is_wrong(text: str) -> None:
    """What is left out is not known, which is no fault."""
    assert remarks(text) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token", "hunter22"),
        ("api_key", "x"),
        ("smtp_password", "x"),
        ("client_secret", 12345678),
        ("token", "env:"),
        ("token", "env:A B"),
        ("token", "${TOKEN}"),
        ("header", "Bearer abcdefgh12345678"),
        ("account", "sk_live_abcdefghijk123"),
        ("chat", "xoxb-1234567890-abcdefghij"),
        ("repository", "ghp_abcdefghijklmnop1234"),
        ("cloud", "AKIAABCDEFGHIJKLMNOP"),
        ("url", "https://ana:hunter22@mail.example/"),
        ("url", "https://api.example/v1?api_key=abcdef123456"),
        ("session", "9fK2mQ7xLp4Rt8Zb1Nv6Wc3Hy5Jd0Gs2"),
    ],
)
def test_a_secret_in_clear_is_seen_and_not_repeated(name: str, value: str | int) -> None:
    """By what the setting is called, or by what its value looks like."""
    problem = secret_problem(name, value)
    assert problem is not None
    assert str(value) not in problem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token", "env:STRIPE_TOKEN"),
        ("password", "env:_x1"),
        ("use_token", True),
        ("url", "https://api.example.com/v1/refunds-and-credit-notes-of-customers"),
        ("port", 587),
        ("server", "google-drive-of-the-client-services-team"),
        ("database", "123e4567-e89b-12d3-a456-426614174000"),
        ("sort_key", "created"),
        ("tokens_per_minute", 100),
        ("command", "npx -y some-server --verbose"),
    ],
)
def test_other_settings_are_left_alone(name: str, value: str | bool) -> None:  # noqa: FBT001
    """References, addresses, names, ids and numbers are no secrets."""
    assert secret_problem(name, value) is None
