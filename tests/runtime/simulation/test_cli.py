"""`sopc test` and `sopc simulate`: what they print, where, and what they exit with."""

import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from sopc.cli.app import app

GRAPHS = Path(__file__).parent / "graphs"
GRAPH = GRAPHS / "acting.sop.yaml"
HEAD = "format: 1\nscenarios:\n"
RIGHT = """\
  - name: nobody decides
    procedure: prepared
    when: {at: 2026-03-02 09:00}
    stop: +P1D
    expect:
      - {escalates: issue, to: finance-manager, at: +PT2H}
"""


def sopc(*arguments: str | Path) -> Any:
    """Call sopc without colours."""
    return CliRunner().invoke(app, [str(each) for each in arguments], env={"NO_COLOR": "1"})


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    """A scenario file beside a copy of a graph."""
    for name in ("acting.sop.yaml", "organization.yaml"):
        shutil.copy(GRAPHS / name, tmp_path / name)
    path = tmp_path / "acting.scenario.yaml"
    path.write_text(HEAD + RIGHT)
    return path


def test_scenarios_that_hold_pass(scenarios: Path) -> None:
    """A line each, what is covered, and exit code 0; the graph may be named instead."""
    done = sopc("test", scenarios.with_name("acting.sop.yaml"))
    assert done.exit_code == 0
    assert f"pass  {scenarios.as_posix()}: nobody decides\n" in done.stdout
    assert "  not shown of acting/refund: steps: issue\n" in done.stdout
    assert done.stdout.endswith("1 scenario passed; 11% covered\n")


def test_a_miss_is_told_beside_what_happened(scenarios: Path) -> None:
    """What was expected, what happened instead, and the timeline; exit code 1."""
    scenarios.write_text(
        scenarios.read_text().replace("finance-manager, at: +PT2H", "organizer, at: +PT1H")
    )
    done = sopc("test", scenarios, "--no-coverage")
    assert done.exit_code == 1
    assert done.stdout.startswith(
        f"FAIL  {scenarios.as_posix()}: nobody decides\n"
        "      did not happen: escalates `issue`, at `Mon 2026-03-02 10:00:00 (+PT1H)`, "
        "to `organizer`\n"
        "        it happened with at Mon 2026-03-02 11:00:00; to `finance-manager`\n"
        "      | Mon 2026-03-02 09:00:00  started\n"
    )
    assert "      | Mon 2026-03-02 11:00:00  issue: escalated to finance-manager" in done.stdout
    assert done.stdout.endswith("1 scenario, 1 failed\n")


def test_results_are_written_for_ci(scenarios: Path, tmp_path: Path) -> None:
    """JUnit counts scenarios and failures, and names what failed."""
    wrong = RIGHT.replace("nobody", "somebody").replace("issue, to", "run, to")
    scenarios.write_text(HEAD + RIGHT + wrong)
    assert sopc("test", scenarios, "--junit", tmp_path / "out.xml").exit_code == 1
    [suite] = ET.parse(tmp_path / "out.xml").getroot()  # noqa: S314 # it was just written
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["somebody decides"]


def test_only_a_name_that_there_is_passes(scenarios: Path) -> None:
    """A misspelt name tests nothing, which is no success."""
    done = sopc("test", scenarios, "--only", "nobdy")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no scenario's name contains `nobdy`" in done.stderr
    assert sopc("test", scenarios, "--only", "Nobody").exit_code == 0


def test_too_little_coverage_fails(scenarios: Path) -> None:
    """All pass, and still too little is shown."""
    assert sopc("test", scenarios, "--fail-under", "10").exit_code == 0
    done = sopc("test", scenarios, "--fail-under", "80")
    assert done.exit_code == 1
    assert "error: 11% are covered, less than 80%" in done.stderr


@pytest.mark.parametrize(
    ("before", "after", "told", "hint"),
    [
        ("stop:", "stopp:", "6:5: unknown key `stopp`", "did you mean `stop`"),
        (
            "procedure: prepared",
            "procedure: prepard",
            "4:16: the graph has no procedure",
            "did you",
        ),
        ("escalates: issue", "escalates: isue", "8:21: the graph has no step `isue`", "`issue`"),
        ("to: finance", "of: finance", "`of` says nothing about `escalates`", ""),
        ("+P1D", "soon", "`soon` is no instant", ""),
        ("at: 2026-03-02 09:00", "at: +P1D", "5:16: `+P1D` counts from the beginning", "write"),
        ("09:00}", "09:00, values: {a: 1}, trigger: x}", "the graph has no trigger `x`", "none"),
        ("escalates: issue, ", "", "say what happens by one of", ""),
    ],
)
def test_mistakes_are_told_with_their_places(
    scenarios: Path, before: str, after: str, told: str, hint: str
) -> None:
    """Line, column, what is wrong and what would help; exit code 2."""
    scenarios.write_text(scenarios.read_text().replace(before, after))
    done = sopc("test", scenarios)
    assert done.exit_code == 2, done.stdout
    assert told in done.stderr
    assert hint in done.stderr
    assert done.stdout == "", "nothing was run, so nothing is counted as passed"


def test_values_that_the_trigger_would_refuse_are_mistakes(scenarios: Path) -> None:
    """Missing, unknown and mistyped values of the trigger have their places, too."""
    for values, told in [
        ("", "`amount` is missing"),
        (", values: {amount: much}", "11:51: `amount` is no money: 'much'"),
        (", values: {amount: 1, amout: 2}", "the graph has no value `amout`"),
    ]:
        wrong = "  - name: b\n    procedure: refund\n    when: {at: 2026-03-02 09:00%s}\n"
        expects = "    expect: [{done: issue}]\n"
        scenarios.write_text(HEAD + RIGHT + wrong % values + expects)
        done = sopc("test", scenarios)
        assert done.exit_code == 2
        assert told in done.stderr


def test_scenarios_share_the_values_of_their_file(scenarios: Path) -> None:
    """Each has them but for its own; where no trigger brings one, that is a mistake."""
    case = "  - name: {0}\n    procedure: refund\n    when: {{at: 2026-03-02 09:00{1}}}\n"
    expects = "    expect: [{{ends: done, values: {{amount: {0}}}}}]\n"
    given = "    given: {people: [{chooses: approve}, {}]}\n"
    text = f"format: 1\ngraph: {GRAPH}\nvalues: {{amount: 100}}\nscenarios:\n"
    text += case.format("shared", "") + given + expects.format(100)
    text += case.format("own", ", values: {amount: 200}") + given + expects.format(200)
    scenarios.write_text(text)
    done = sopc("test", scenarios)
    assert done.exit_code == 0, done.stdout + done.stderr
    scenarios.write_text(text.replace("{amount: 100}", "{amount: 100, amout: 1}"))
    done = sopc("test", scenarios)
    assert done.exit_code == 2
    assert "3:30: the graph has no value `amout`" in done.stderr


def test_a_choice_that_there_is_not_fails_the_scenario(scenarios: Path) -> None:
    """It is told what the task offers."""
    people = "    given: {people: [{chooses: accept}]}\n    expect:\n"
    scenarios.write_text(scenarios.read_text().replace("    expect:\n", people))
    done = sopc("test", scenarios)
    assert done.exit_code == 1
    assert "it offers `approve`, `reject`, `by-hand`" in done.stdout


def test_what_no_scenario_is_for_is_wrong_usage(tmp_path: Path) -> None:
    """Folders without scenarios, graphs without any beside them, and files that there are not."""
    (tmp_path / "a.sop.yaml").touch()
    for path in (tmp_path, tmp_path / "a.sop.yaml", tmp_path / "b.scenario.yaml"):
        assert sopc("test", path).exit_code == 2


def test_one_run_is_a_timeline() -> None:
    """The step fails as asked, people who are silent are passed over, and the end is told."""
    done = sopc(
        *("simulate", GRAPH, "--procedure", "prepared", "--at", "2026-03-02 09:00"),
        *("--silent", "billing-specialist", "--fail", "issue=refused"),
    )
    assert done.exit_code == 0
    assert "11:00:00  issue: escalated to finance-manager" in done.stdout
    assert "12:00:00  issue: Marta Silva decides approve" in done.stdout
    assert "issue: failed, refused: it fails as asked" in done.stdout


def test_one_run_as_json_says_how_it_ended(tmp_path: Path) -> None:
    """Inputs come from a file, and the values at the end are all there."""
    given = tmp_path / "input.json"
    given.write_text('{"amount": 500}')
    done = sopc("simulate", GRAPH, "--input", given, "--at", "2026-03-02T15:00:00Z", "--json")
    told = json.loads(done.stdout)
    assert (told["status"], told["started"]) == ("done", "2026-03-02T15:00:00+00:00")
    assert told["values"]["amount"] == 500
    assert told["timeline"][0]["says"] == "started by asked (amount 500)"


def test_many_runs_are_summed_up_the_same_for_a_seed() -> None:
    """Amounts on both sides of the guardrail are drawn; another seed draws others."""
    call = ("simulate", GRAPH, "--at", "2026-03-02T15:00:00Z", "--runs", "60", "--json")
    first, again, other = sopc(*call), sopc(*call), sopc(*call, "--seed", "7")
    told = json.loads(first.stdout)
    assert first.stdout == again.stdout != other.stdout
    assert told["runs"] == 60
    assert 0 < told["tasks"]["finance-manager: act"] < 60
    assert told["seconds"]["p50"] <= told["seconds"]["longest"]


def test_each_row_of_a_file_is_a_run(tmp_path: Path) -> None:
    """Rows of CSV are typed by the trigger's payload; a wrong one is named."""
    rows = tmp_path / "rows.csv"
    rows.write_text("amount\n100\n20000\n20001\n")
    call = ("simulate", GRAPH, "--at", "2026-03-02T15:00:00Z", "--inputs", rows)
    told = json.loads(sopc(*call, "--json").stdout)
    assert (told["runs"], told["tasks"]["finance-manager: act"]) == (3, 2)
    assert "3 runs" in sopc(*call).stdout
    rows.write_text("amount\n100\n\nx\n")
    done = sopc(*call)
    assert "row 2: `amount` is no money: `x`" in done.stderr


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--silent", "nobody", "there is no role `nobody`"),
        ("--fail", "nothing=refused", "there is no step `nothing`"),
        ("--fail", "isue=refused", "did you mean `issue`"),
        ("--fail", "issue=late", "`late` is no kind of failure"),
        ("--at", "soon", "`soon` is no instant"),
        ("--people-after", "long", "`long` is no duration"),
        ("--trigger", "x", "there is no trigger `x`"),
        ("--procedure", "x", "has no procedure `x`"),
    ],
)
def test_what_there_is_not_is_wrong_usage(option: str, value: str, told: str) -> None:
    """The name is told, and those that there are."""
    done = sopc("simulate", GRAPH, option, value)
    assert done.exit_code == 2
    assert told in done.stderr
