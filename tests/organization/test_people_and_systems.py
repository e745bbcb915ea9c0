"""Who holds what and who has left; what is in use and what took its place; what operations do."""

from datetime import date

import pytest

from sopc.graph import DataType
from sopc.organization import loads_organization

ORGANIZATION = loads_organization("""\
name: Tidewater
roles:
  - id: account-manager
    name: account manager
    reports_to: director
    holders:
      - {name: Ana Pires, email: ana@tidewater.example, to: 2026-03-31}
      - {name: Rui Melo, from: 2026-04-01}
  - id: director
    name: managing director
    holders: [{name: Claire Beaumont}, {name: ana pires, from: 2025-01-01, to: 2026-06-30}]
systems:
  - {id: basecamp, name: Basecamp, to: 2024-06-30, replaced_by: trello}
  - {id: trello, name: Trello, status: retired, replaced_by: asana}
  - {id: asana, name: Asana, from: 2024-06-15, to: 2026-12-31, replaced_by: linear}
  - {id: linear, name: Linear, from: 2027-01-01}
  - {id: fax, name: Fax, status: retired}
  - id: stripe
    name: Stripe
    operations:
      - name: refund
        inputs:
          - note
          - {name: amount, type: money, currency: USD}
          - {name: tag, type: string, required: false}
        outputs: [{name: receipt, type: string}]
        effect: pay
      - {name: search, effect: read, idempotent: true}
      - {name: guess}
escalation: {to: account-manager}
limits:
  - id: refunds
    says: at most $500
    most: 50000
    currency: USD
    systems: [stripe]
    operations: [refund]
  - {id: all, says: ask before anything odd}
""")


def day(text: str) -> date:
    """A day as its text says it."""
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "names"),
    [
        ("2024-12-31", ["Claire Beaumont"]),
        ("2025-01-01", ["Claire Beaumont", "ana pires"]),
        ("2026-06-30", ["Claire Beaumont", "ana pires"]),
        ("2026-07-01", ["Claire Beaumont"]),
    ],
)
def test_a_role_has_its_holders_of_the_day(on: str, names: list[str]) -> None:
    """By id or name, first and last day included; an unknown role has none."""
    for role in ("director", "Managing Director"):
        assert [each.name for each in ORGANIZATION.holders(role, day(on))] == names
    assert ORGANIZATION.holders("clown", day(on)) == ()


@pytest.mark.parametrize("name", ["Ana Pires", "ANA  PIRES", "ana@tidewater.example"])
def test_a_person_is_found_with_every_role(name: str) -> None:
    """By the whole name or the address; with roles as they were on a day."""
    person = ORGANIZATION.person(name)
    assert person is not None
    assert person.name == "Ana Pires"
    assert [role.id for role in person.roles(day("2026-03-31"))] == ["account-manager", "director"]
    assert [role.id for role in person.roles(day("2026-04-01"))] == ["director"]
    assert person.last_day == day("2026-06-30")


@pytest.mark.parametrize("name", ["Ana", "Pires", "account manager", "Nobody Atall", "?"])
def test_part_of_a_name_is_no_person(name: str) -> None:
    """Neither are roles and strangers, and none of them has left."""
    assert ORGANIZATION.person(name) is None
    assert not ORGANIZATION.left(name, day("2030-01-01"))


@pytest.mark.parametrize(
    ("name", "on", "left"),
    [
        ("Ana Pires", "2026-06-30", False),
        ("Ana Pires", "2026-07-01", True),
        ("Rui Melo", "2020-01-01", False),  # still to come
        ("Claire Beaumont", "2099-01-01", False),
    ],
)
def test_who_has_left_held_roles_that_all_ended(name: str, on: str, *, left: bool) -> None:
    """One role that goes on, or is to come, is enough to stay."""
    assert ORGANIZATION.left(name, day(on)) is left


def test_a_person_with_a_role_of_no_end_has_no_last_day() -> None:
    """Even if another one has ended."""
    person = ORGANIZATION.person("Rui Melo")
    assert person is not None
    assert person.last_day is None


@pytest.mark.parametrize(
    ("system", "on", "in_use", "retired"),
    [
        ("basecamp", "2024-06-30", True, False),
        ("basecamp", "2024-07-01", False, True),
        ("asana", "2024-06-14", False, False),
        ("asana", "2024-06-15", True, False),
        ("trello", "2000-01-01", False, True),
    ],
)
def test_a_system_is_in_use_between_its_days(
    system: str, on: str, *, in_use: bool, retired: bool
) -> None:
    """Both included; `status: retired` alone is retired at any time."""
    known = ORGANIZATION.system(system)
    assert known is not None
    assert (known.in_use(day(on)), known.retired(day(on))) == (in_use, retired)


@pytest.mark.parametrize(
    ("system", "on", "successor"),
    [
        ("basecamp", "2026-01-01", "asana"),
        ("basecamp", "2027-01-01", "linear"),
        ("trello", "2024-06-14", None),
        ("asana", "2027-01-01", "linear"),
        ("fax", "2026-01-01", None),
    ],
)
def test_a_line_of_replacements_leads_to_what_is_in_use(
    system: str, on: str, successor: str | None
) -> None:
    """Past what was retired in between, and past what is not in use yet."""
    known = ORGANIZATION.system(system)
    assert known is not None
    found = ORGANIZATION.successor(known, day(on))
    assert (found.id if found else None) == successor


def test_a_day_decides_over_a_status() -> None:
    """A system with an end was in use before it, even if it is called retired today."""
    text = "name: A\nsystems:\n  - {id: a, name: A, status: retired, to: 2026-01-31}\n"
    system = loads_organization(text).systems[0]
    assert system.in_use(day("2026-01-31"))
    assert system.retired(day("2026-02-01"))


def test_operations_say_what_rules_ask() -> None:
    """Types where they are written, and whether it can be taken back, or that this is not known."""
    stripe = ORGANIZATION.system("Stripe")
    assert stripe is not None
    refund, search, guess = stripe.operations
    assert [each.irreversible for each in (refund, search, guess)] == [True, False, None]
    assert [each.idempotent for each in (refund, search, guess)] == [False, True, False]
    assert refund.input_names == ("note", "amount", "tag")
    assert refund.required_inputs == ("amount",)
    amount, receipt = refund.input("amount"), refund.output("receipt")
    assert amount is not None
    assert receipt is not None
    assert (amount.type, amount.currency) == (DataType.MONEY, "USD")
    assert refund.input("note") is None
    assert stripe.operation("search") is search
    assert stripe.operation("Search") is None


@pytest.mark.parametrize(
    ("effect", "irreversible"),
    [
        ("read", False),
        ("write", False),
        ("notify", False),
        ("send", True),
        ("pay", True),
        ("delete", True),
        ("access", True),
    ],
)
def test_what_leaves_the_house_cannot_be_taken_back(effect: str, *, irreversible: bool) -> None:
    """Each effect is of one sort or the other."""
    text = (
        f"name: A\nsystems:\n  - {{id: a, name: A, operations: [{{name: x, effect: {effect}}}]}}\n"
    )
    assert loads_organization(text).systems[0].operations[0].irreversible is irreversible


def test_a_limit_covers_what_it_names() -> None:
    """A system, an operation of it, or everything."""
    refunds, everything = ORGANIZATION.limits
    assert refunds.covers("stripe", "refund")
    assert not refunds.covers("stripe", "search")
    assert not refunds.covers("asana", "refund")
    assert everything.covers("asana", "anything")


@pytest.mark.parametrize(
    ("role", "to"),
    [
        ("director", "account-manager"),
        (None, "account-manager"),
        ("account-manager", "director"),
        ("Account Manager", "director"),
    ],
)
def test_nobody_escalates_to_oneself(role: str | None, to: str) -> None:
    """The default's own role turns to the role above."""
    assert ORGANIZATION.escalates_to(role) == to


def test_a_copy_with_other_roles_finds_these() -> None:
    """Looking up names in one does not show in the other."""
    assert ORGANIZATION.role("director") is not None
    copy = ORGANIZATION.model_copy(update={"roles": ORGANIZATION.roles[:1]})
    assert copy.role("director") is None
    assert ORGANIZATION.role("director") is not None
    assert copy == ORGANIZATION.model_copy(update={"roles": ORGANIZATION.roles[:1]})


def test_an_address_finds_a_person_under_every_name() -> None:
    """Who married, and goes by another name since."""
    organization = loads_organization(
        "name: A\nroles:\n"
        "  - {id: a, name: A, holders: [{name: Ana Pires, email: Ana@x.example, to: 2025-01-31}]}\n"
        "  - {id: b, name: B, holders: [{name: Ana Melo, email: ana@x.example}]}\n"
    )
    person = organization.person("ana@x.example")
    assert person is not None
    assert [tenure.role.id for tenure in person.tenures] == ["a", "b"]
    assert not organization.left("ana@x.example", day("2026-01-01"))
