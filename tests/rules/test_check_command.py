"""`sopc check` and `sopc explain` as they are called."""

import hashlib
import json
import re
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner, Result

from sopc.cli.app import app
from sopc.rules import RULES

EXAMPLES = Path(__file__).parent / "catalogue"
ERROR = EXAMPLES / "missing-trigger" / "fails.sop.yaml"
WARNING = EXAMPLES / "missing-deadline" / "fails.sop.yaml"
NOTE = EXAMPLES / "fuzzy-citation" / "fails.sop.yaml"
CLEAN = EXAMPLES / "missing-trigger" / "passes.sop.yaml"


def _sopc(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("file", "fail_on", "code"),
    [
        (CLEAN, "note", 0),
        (NOTE, "error", 0),
        (NOTE, "note", 1),
        (WARNING, "error", 0),
        (WARNING, "warning", 1),
        (ERROR, "error", 1),
        (ERROR, "note", 1),
    ],
)
@pytest.mark.parametrize("form", ["full", "concise", "json"])
def test_the_exit_code_follows_the_worst_finding(
    *, file: Path, fail_on: str, code: int, form: str
) -> None:
    """It is the same in every format."""
    assert _sopc("check", "--fail-on", fail_on, "--format", form, file).exit_code == code


def test_findings_go_to_stdout_and_the_summary_to_stderr() -> None:
    """So that a pipe gets findings only."""
    result = _sopc("check", "--format", "concise", ERROR, WARNING)
    assert [line.split(": ")[1] for line in result.stdout.splitlines()] == [
        "warning[SOP301] missing-deadline",
        "error[SOP101] missing-trigger",
    ]
    assert result.stderr == "1 error, 1 warning in 2 files\n"
    assert _sopc("check", "--quiet", ERROR).stderr == ""


def test_a_broken_file_is_an_error_and_the_rest_is_checked(tmp_path: Path) -> None:
    """It has a line and column, and the exit code says that the input is wrong."""
    (tmp_path / "a.sop.yaml").write_text("format: 1\nid: a\nid: b\n")
    (tmp_path / "b.sop.yaml").write_text(ERROR.read_text())
    result = _sopc("check", "--format", "concise", "--ignore", "SOP305", tmp_path)
    lines = result.stdout.splitlines()
    assert lines[0].startswith(
        f"{tmp_path.as_posix()}/a.sop.yaml:3:1: error[SOP003] invalid-file: key `id`"
    )
    assert "missing-trigger" in lines[1]
    assert len(lines) == 2
    assert result.exit_code == 2
    content = json.loads(_sopc("check", "--format", "json", tmp_path).stdout)
    assert [each["primary"]["line"] for each in content["findings"]][:1] == [3]


def test_a_broken_organization_file_is_one_error(tmp_path: Path) -> None:
    """It is reported once, not once a graph."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.sop.yaml").write_text(CLEAN.read_text())
    (tmp_path / "organization.yaml").write_text("name: A\nnome: B\n")
    result = _sopc("check", "--format", "concise", tmp_path)
    assert result.stdout.count("organization.yaml:2:1: error[SOP005]") == 1
    assert result.exit_code == 2


def test_the_organization_file_can_be_named(tmp_path: Path) -> None:
    """Its systems are then those that are known."""
    file = tmp_path / "org.yaml"
    file.write_text("name: Tidewater\nsystems: [{id: zendesk, name: Zendesk}]\n")
    result = _sopc("check", "--format", "concise", "--organization", file, CLEAN)
    assert "`Tidewater` has no system `Stripe`" in result.stdout
    assert _sopc("check", "--organization", tmp_path / "no.yaml", CLEAN).exit_code == 2


@pytest.mark.parametrize("wrong", [["no-such.sop.yaml"], ["--select", "SOP9"], ["--format", "x"]])
def test_wrong_usage_is_one_line_and_exit_code_2(wrong: list[str]) -> None:
    """No traceback, and nothing on stdout."""
    result = _sopc("check", *wrong)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")


def test_a_folder_without_graphs_is_wrong_usage(tmp_path: Path) -> None:
    """Checking nothing must not look like finding nothing."""
    assert _sopc("check", tmp_path).exit_code == 2


def test_the_words_of_a_word_file_are_shown(tmp_path: Path) -> None:
    """Its text comes from the compiler's reader, in which the citations count."""
    document = docx.Document()
    document.add_paragraph("Issue the refund in Stripe.")
    document.save(str(tmp_path / "refund.docx"))
    sha256 = hashlib.sha256((tmp_path / "refund.docx").read_bytes()).hexdigest()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    graph = (EXAMPLES / "unlocated-quote" / "passes.sop.yaml").read_text()
    graph = re.sub(
        r"source: .*", f"source: {{path: refund.docx, sha256: {sha256}, media_type: {kind}}}", graph
    )
    file = tmp_path / "refund.sop.yaml"
    file.write_text(graph.replace("line: 3, column: 4", "line: 1, column: 1"))
    assert _sopc("check", "--strict", "--ignore", "SOP305", file).exit_code == 0
    file.write_text(graph.replace("line: 3, column: 4", "line: 1, column: 2"))
    assert "1 | Issue the refund in Stripe." in _sopc("check", file).stdout


def test_rules_are_selected_and_ignored() -> None:
    """By code, by name and by the beginning of a code, with commas or repeated."""
    assert _sopc("check", "--ignore", "missing-trigger,SOP3", ERROR).exit_code == 0
    assert _sopc("check", "--select", "SOP3", "--select", "SOP4", ERROR).exit_code == 0
    assert _sopc("check", "--select", "SOP1,SOP4", ERROR).exit_code == 1


def test_color_comes_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never into a pipe by itself."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert "\x1b[" not in _sopc("check", ERROR).stdout
    assert "\x1b[1;31m" in _sopc("check", "--color", "always", ERROR).stdout
    assert "\x1b[" not in _sopc("check", "--color", "never", ERROR).stdout


@pytest.mark.parametrize("name", ["SOP101", "missing-trigger", "sop101"])
def test_a_rule_is_explained(name: str) -> None:
    """All sections of its docstring, as Markdown."""
    text = _sopc("explain", name).stdout
    assert text.startswith("# missing-trigger (SOP101)\n")
    assert "\n## Use instead\n" in text


def test_all_rules_are_listed() -> None:
    """A line a rule, and all or some of them for programs."""
    lines = _sopc("rules").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [[rule.code, rule.name] for rule in RULES]
    assert [each["code"] for each in json.loads(_sopc("rules", "SOP1", "--format", "json").stdout)][
        :2
    ] == ["SOP101", "SOP102"]


def test_an_unknown_rule_is_refused_with_the_nearest() -> None:
    """A slip of the pen is answered with the name that was meant."""
    result = _sopc("explain", "mising-trigger")
    assert result.exit_code == 2
    assert "help: `sopc explain missing-trigger` is the nearest one" in result.stderr
