"""`sopc org`: what it prints, where, and what it exits with."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sopc.cli.app import app
from sopc.graph.file import load_graph
from sopc.organization import load_organization

EXAMPLES = Path(__file__).parents[2] / "examples"
WARNED = """\
name: Tidewater
time_zone: Europe/Lisbon
roles:
  - {id: boss, name: boss, holders: [{name: Ana Pires, to: 2026-03-31}]}
"""


def org(*arguments: str | Path) -> Any:
    """Call `sopc org` without colours."""
    words = ["org", *map(str, arguments)]
    return CliRunner().invoke(app, words, env={"NO_COLOR": "1"})


def test_a_file_is_summed_up() -> None:
    """Roles with holders, systems with their state, working time; the count goes to stderr."""
    done = org("check", EXAMPLES / "refund-approval/organization.yaml", "--as-of", "2026-11-22")
    assert done.exit_code == 0
    assert done.stderr == "2 notes\n"
    assert done.stdout[done.stdout.index("Tidewater,") :] == (
        "Tidewater, on 2026-11-22\n"
        "roles: 7\n"
        "  support specialist: Kofi Mensah, Lena Brandt\n"
        "  support manager: Yusuf Demir\n"
        "  billing specialist: Marta Kowalczyk\n"
        "  finance manager: Grace Okafor\n"
        "  head of operations: Martin Oyelaran\n"
        "  managing director: Claire Beaumont\n"
        "  customer: not stated\n"
        "systems: 7, 7 unbound\n"
        "  Zendesk: application, unbound, 2 operations\n"
        "  Refund case: form, unbound\n"
        "  Stripe: application, unbound, 2 operations\n"
        "  Xero: application, unbound, 1 operation\n"
        "  Slack: application, unbound, 1 operation\n"
        "  #refunds: channel, unbound\n"
        "  #billing-help: channel, unbound\n"
        "templates: 3\n"
        "time zone: America/Chicago\n"
        "business hours: Monday to Friday, 09:00 to 17:00\n"
        "holidays: US; next 2026-11-26 Thanksgiving Day, 2026-12-25 Christmas Day, "
        "2027-01-01 New Year's Day\n"
        "calendars: none\n"
        "escalation: support manager after 1 business day in #refunds\n"
        "limits: none\n"
    )


def test_systems_are_summed_up_as_of_the_day(tmp_path: Path) -> None:
    """Bound, out of use with what took its place, and still to come."""
    file = tmp_path / "organization.yaml"
    file.write_text(
        "name: A\nbusiness_hours: {days: [monday, wednesday]}\nholidays: {dates: [2026-05-01]}\n"
        "calendars: [{id: p, name: Porto, time_zone: Europe/Lisbon, holidays: {country: PT}}]\n"
        "systems:\n"
        "  - {id: a, name: Old, to: 2026-03-31, replaced_by: b}\n"
        "  - {id: b, name: New, binding: {connector: mcp}, operations: [{name: x}]}\n"
        "  - {id: c, name: Coming, from: 2027-01-01}\n"
        "  - {id: d, name: Gone, status: retired, replaced_by: b}\n"
    )
    done = org("check", file, "--as-of", "2026-04-01")
    assert done.exit_code == 0
    assert "systems: 4, 1 bound, 3 out of use\n" in done.stdout
    assert "  Old: retired, in use to 2026-03-31; now New\n" in done.stdout
    assert "  New: application, bound by mcp, 1 operation\n" in done.stdout
    assert "  Coming: in use from 2027-01-01\n" in done.stdout
    assert "  Gone: retired; now New\n" in done.stdout
    assert "business hours: Monday, Wednesday, 09:00 to 17:00\n" in done.stdout
    assert "holidays: 1 further date; next 2026-05-01 day off\n" in done.stdout
    assert "  Porto: Europe/Lisbon; holidays PT; next 2026-04-03 Good Friday" in done.stdout


@pytest.mark.parametrize(
    ("day", "fail_on", "code"),
    [
        ("2026-03-31", "note", 0),
        ("2026-04-01", "error", 0),
        ("2026-04-01", "warning", 1),
        ("2026-04-01", "note", 1),
    ],
)
def test_the_exit_code_follows_the_day_and_fail_on(
    tmp_path: Path, day: str, fail_on: str, code: int
) -> None:
    """The role is held to the end of March."""
    file = tmp_path / "organization.yaml"
    file.write_text(WARNED)
    assert org("check", file, "--as-of", day, "--fail-on", fail_on).exit_code == code


def test_a_warning_shows_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the manner of `sopc check`; the nearest file is found."""
    monkeypatch.chdir(tmp_path)
    Path("organization.yaml").write_text(WARNED)
    done = org("check", "--as-of", "2026-04-01")
    assert done.stdout.startswith(
        "warning: nobody holds `boss` on 2026-04-01\n"
        " --> organization.yaml:4:37\n"
        "  |\n"
        "4 |   - {id: boss, name: boss, holders: [{name: Ana Pires, to: 2026-03-31}]}\n"
        "  |                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  = help: add the person who holds it, with `from`\n"
        "\n"
        "Tidewater, on 2026-04-01\n"
    )
    assert done.stderr == "1 warning\n"


def test_a_secret_is_an_error_and_is_not_shown(tmp_path: Path) -> None:
    """Neither its value nor the line that it stands in."""
    file = tmp_path / "organization.yaml"
    file.write_text(
        "name: A\nsystems:\n  - id: s\n    name: S\n"
        "    binding: {connector: mcp, settings: {token: hunter22}}\n"
    )
    done = org("check", file)
    assert done.exit_code == 1
    assert "error: setting `token` holds a secret in clear, in system `s`\n" in done.stdout
    assert f"{file.as_posix()}:5:42\n" in done.stdout
    assert "hunter22" not in done.stdout + done.stderr


def test_mistakes_are_told_with_their_places(tmp_path: Path) -> None:
    """All of them, each with the line it stands in; exit code 2."""
    file = tmp_path / "organization.yaml"
    file.write_text("name: A\nrolls: []\ntime_zone: Mars/Base\n")
    done = org("check", file)
    assert done.exit_code == 2
    assert f"{file.as_posix()}:2:1\n" in done.stdout
    assert "2 | rolls: []\n  | ^^^^^\n  = help: did you mean `roles`\n" in done.stdout
    assert f"{file.as_posix()}:3:12\n" in done.stdout
    assert "Tidewater" not in done.stdout


def test_no_file_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what would make one."""
    monkeypatch.chdir(tmp_path)
    done = org("check")
    assert done.exit_code == 2
    assert done.stderr == (
        "error: there is no `organization.yaml` here or above\n"
        "help: `sopc org init` proposes one from compiled graphs\n"
    )
    assert org("check", "nowhere.yaml").exit_code == 2


def test_init_writes_to_stdout_and_changes_nothing(tmp_path: Path) -> None:
    """What it prints is a file that loads, and the same each time."""
    before = sorted(EXAMPLES.rglob("*"))
    done = org("init", EXAMPLES)
    assert done.exit_code == 0
    assert sorted(EXAMPLES.rglob("*")) == before
    file = tmp_path / "organization.yaml"
    file.write_text(done.stdout, encoding="utf-8")
    assert load_organization(file).name == "examples"
    assert org("init", EXAMPLES).stdout == done.stdout


def test_init_writes_a_file_once(tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    graph = EXAMPLES / "refund-approval/refund-approval.sop.yaml"
    (tmp_path / "refund.sop.yaml").write_bytes(graph.read_bytes())
    file = tmp_path / "organization.yaml"
    done = org("init", tmp_path, "--write")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert f"wrote `{file.as_posix()}`" in done.stderr
    organization = load_organization(file)
    assert all(organization.role(role.name) for role in load_graph(graph).graph.roles)
    file.write_text("name: Mine\n")
    done = org("init", tmp_path, "--write")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"error: `{file}` is there already\n")
    assert file.read_text() == "name: Mine\n"


def test_init_finds_no_unknown_names_afterwards(tmp_path: Path) -> None:
    """`sopc check` knows every role and system of the graphs."""
    from sopc.checking import CheckOptions, check_files

    for path in EXAMPLES.glob("*-precise/*.sop.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert org("init", tmp_path, "--write").exit_code == 0
    options = CheckOptions(select=("unknown-role", "unknown-system", "invalid-file"))
    assert check_files([tmp_path], options).findings == ()


@pytest.mark.parametrize("made", ["nothing", "empty", "broken"])
def test_init_without_graphs_is_one_line(tmp_path: Path, made: str) -> None:
    """No folder, no graph in it, or one that cannot be read: exit code 2."""
    folder = tmp_path / "x"
    if made != "nothing":
        folder.mkdir()
    if made == "broken":
        (folder / "x.sop.yaml").write_text("format: 1\n")
    done = org("init", folder)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")


_few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WHOLE = (EXAMPLES / "refund-approval/organization.yaml").read_text() + (
    "limits:\n"
    "  - {id: spending, says: at most, most: 500, currency: USD, systems: [stripe]}\n"
    "calendars:\n"
    "  - {id: porto, name: Porto, holidays: {country: PT, dates: [2026-01-02]}}\n"
)


def _checked(folder: Path, text: str) -> None:
    file = folder / "organization.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    done = org("check", file, "--as-of", "2026-01-15")
    assert done.exit_code in {0, 1, 2}
    assert "internal error" not in done.stderr
    assert "\x1b" not in done.stdout


@_few
@given(data=st.data())
def test_lines_dropped_doubled_and_moved(tmp_path: Path, data: st.DataObject) -> None:
    """What happens to a file in a merge that went wrong."""
    lines = WHOLE.splitlines()
    kept = data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=len(lines)))
    order = sorted(kept) if data.draw(st.booleans()) else kept
    _checked(tmp_path, "\n".join(lines[index] for index in order))


@_few
@given(junk=st.text(max_size=12), at=st.floats(0, 1))
def test_any_characters_anywhere(tmp_path: Path, junk: str, at: float) -> None:
    """Odd Unicode, controls and YAML's own marks, in the middle of anything."""
    place = int(at * len(WHOLE))
    _checked(tmp_path, WHOLE[:place] + junk + WHOLE[place:])


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.just("2026-01-31"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "from", "to", "foo", "holders", "inputs", "country"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
_KEYS = [
    *("name", "format", "time_zone", "business_hours", "holidays", "roles", "systems", "limits"),
    *("templates", "calendars", "escalation", "unknown"),
]


@_few
@given(content=st.dictionaries(st.sampled_from(_KEYS), _values, max_size=5))
def test_values_of_any_type_anywhere(tmp_path: Path, content: dict[str, object]) -> None:
    """Wrong types and unknown keys at every depth."""
    import json

    _checked(tmp_path, json.dumps(content, ensure_ascii=False))
