"""Loading and finding the organization file."""

from datetime import date, time
from pathlib import Path

import jsonschema
import pytest

from sopc.errors import UsageError
from sopc.graph.document import compose, plain
from sopc.graph.problem import GraphFileError
from sopc.organization import (
    find_organization,
    load_organization,
    loads_organization,
    organization_schema,
)

WHOLE = """\
format: 1
name: Tidewater
time_zone: Europe/Lisbon
business_hours: {days: [monday, tuesday], from: 8:30, to: 17:00}
holidays: {country: PT, subdivision: Lisboa, dates: [2026-12-24]}
roles:
  - id: account-manager
    name: account manager
    aliases: [AM]
    holders:
      - {name: Ana Pires, email: ana@tidewater.example, to: 2026-03-31}
      - {name: Rui Melo, from: 2026-04-01}
systems:
  - id: google-drive
    name: Google Drive
    aliases: [Drive, "the shared drive"]
    kind: document
    binding: {connector: mcp, settings: {server: drive, token: env:DRIVE_TOKEN}}
    operations:
      - {name: copy file, inputs: [source, target]}
  - id: basecamp
    name: Basecamp
    status: retired
    replaced_by: google-drive
templates:
  - {name: welcome-1, system: google-drive}
calendars:
  - {id: porto, name: Porto office, holidays: {country: PT}}
escalation: {to: account-manager, after: 1 business day, via: google-drive}
limits:
  - {id: spending, says: payments over 500 euros need a person, cel: amount <= 50000}
"""


def test_a_whole_file_loads() -> None:
    """Every part of the format, with times and dates as such."""
    organization = loads_organization(WHOLE)
    assert organization.business_hours is not None
    assert organization.business_hours.opens == time(8, 30)
    assert organization.holidays is not None
    assert organization.holidays.dates == (date(2026, 12, 24),)
    assert organization.systems[1].replaced_by == "google-drive"


@pytest.mark.parametrize("name", ["account-manager", "Account Manager", "am", "ACCOUNT  manager"])
def test_a_role_is_found_by_whatever_it_is_called(name: str) -> None:
    """Id, name and alias, in any case."""
    found = loads_organization(WHOLE).role(name)
    assert found is not None
    assert found.id == "account-manager"


def test_systems_and_templates_are_found_by_whatever_they_are_called() -> None:
    """Marks between words do not count, and what is not there is not found."""
    organization = loads_organization(WHOLE)
    found = [organization.system(name) for name in ("google drive", "`Drive`", "The Shared Drive")]
    assert [system and system.id for system in found] == ["google-drive"] * 3
    assert organization.system("driv") is None
    assert organization.template("Welcome-1") is not None


def test_the_nearest_name_is_offered() -> None:
    """A slip of the pen finds its name, something else finds none."""
    organization = loads_organization(WHOLE)
    assert organization.nearest_system("Gogle Drive") == "Google Drive"
    assert organization.nearest_system("base camp") == "Basecamp"
    assert organization.nearest_role("acount manager") == "account manager"
    assert organization.nearest_system("Salesforce") is None


def test_holders_change_by_the_day() -> None:
    """Both days of a holder's time are included."""
    first, second = loads_organization(WHOLE).roles[0].holders
    days = [date(2026, 3, 31), date(2026, 4, 1)]
    assert [(first.holds(day), second.holds(day)) for day in days] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("name: A\ntime_zone: Mars/Base\n", (2, 12), "no IANA time zone"),
        ("name: A\nroles:\n  - name: Boss\n", (3, 5), "id"),
        ("name: A\nsystem: []\n", (2, 1), "system"),
        ("name: A\nformat: 2\n", (2, 9), "expected `format: 1`"),
        (
            "name: A\nroles:\n  - {id: a, name: Boss}\n  - {id: b, name: boss}\n",
            (4, 5),
            "`boss` is already a name of `Boss`",
        ),
        (
            "name: A\nsystems:\n  - {id: a, name: A, replaced_by: b}\n",
            (3, 35),
            "there is no system with the id `b`",
        ),
        ("name: A\nescalation:\n  to: boss\n", (3, 7), "there is no role with the id `boss`"),
        ("name: [A\n", (2, 1), "YAML"),
        ("\n\n", (1, 1), "the file is empty"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, place: tuple[int, int], message: str) -> None:
    """Line and column are those of the key or value that is wrong."""
    with pytest.raises(GraphFileError) as caught:
        loads_organization(text, "organization.yaml")
    assert (caught.value.line, caught.value.column) == place
    assert message in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The message names the file and the reason."""
    with pytest.raises(UsageError, match=r"organization\.yaml`: no such file"):
        load_organization(tmp_path / "organization.yaml")


def test_every_field_is_described_to_editors() -> None:
    """What the file has of its own; what it shares with graphs is described with those."""
    schema = organization_schema()
    shared = {"DataField", "ProseCitation", "AnswerCitation"}
    records = [schema, *(each for name, each in schema["$defs"].items() if name not in shared)]
    for record in records:
        for name, content in record.get("properties", {}).items():
            assert content.get("description"), name


def test_the_schema_accepts_the_file() -> None:
    """Editors and the program agree about the format."""
    schema = organization_schema()
    content = plain(compose(WHOLE, "organization.yaml"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(content, schema, format_checker=jsonschema.FormatChecker())
    content["roles"][0]["nickname"] = "AM"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)


@pytest.mark.parametrize("mark", ["sopc.toml", ".git"])
def test_the_file_is_looked_for_upwards_to_the_top(tmp_path: Path, mark: str) -> None:
    """A folder above the project's top is somebody else's."""
    top = tmp_path / "project"
    folder = top / "sales" / "onboarding"
    folder.mkdir(parents=True)
    (tmp_path / "organization.yaml").write_text("name: Somebody else\n")
    (top / mark).touch()
    assert find_organization(folder) is None
    (top / "organization.yaml").write_text("name: Tidewater\n")
    assert find_organization(folder) == top.resolve() / "organization.yaml"
    (folder / "organization.yaml").write_text("name: Onboarding\n")
    assert find_organization(folder) == folder.resolve() / "organization.yaml"
