"""What is shown for CI, hooks and editors is sound: it parses, and its commands are there."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from docs.pages import ROOT, blocks, rows
from docs.test_pages import command_of, flags_of
from sopc.cli.app import app

CI = ROOT / "docs/ci.md"
EDITORS = ROOT / "docs/editors.md"
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def jobs() -> list[dict[str, Any]]:
    """The YAML files that the page shows."""
    return [yaml.safe_load(block.text) for block in blocks(CI, "yaml")]


def commands(value: Any) -> Iterator[str]:
    """Every command in a workflow, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"run", "script", "entry"}:
                yield from [inner] if isinstance(inner, str) else inner
            else:
                yield from commands(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from commands(inner)


def takes(call: str) -> None:
    """A call of sopc is one that it takes."""
    words = call.partition(">")[0].split()
    assert words[0] == "sopc"
    command, rest = command_of(words[1:])
    assert command is not None
    assert {word for word in rest if word.startswith("-")} <= flags_of(command), call


def test_workflows_call_sopc_as_it_is() -> None:
    """All calls, and there are three: SARIF, annotations, JUnit."""
    calls = [call for job in jobs() for call in commands(job) if call.startswith("sopc ")]
    for call in calls:
        takes(call)
    formats = [re.search(r"--format (\w+)", call) for call in calls]
    assert [found and found[1] for found in formats] == ["sarif", "github", "junit"]


def test_reports_are_handed_on_where_they_were_written() -> None:
    """The file that is uploaded is the one that the command before it writes."""
    scanning, _, gitlab, _ = jobs()
    *_, write, upload = scanning["jobs"]["check"]["steps"]
    assert write["run"].rpartition("> ")[2] == upload["with"]["sarif_file"]
    assert upload["uses"].startswith("github/codeql-action/upload-sarif@v")
    assert upload["if"] == "${{ !cancelled() }}"
    assert scanning["jobs"]["check"]["permissions"]["security-events"] == "write"
    job = gitlab["check-procedures"]
    assert job["script"][-1].rpartition("> ")[2] == job["artifacts"]["reports"]["junit"]


def test_exit_codes_are_those_of_the_program(tmp_path: Path) -> None:
    """Clean, with findings, and wrongly used."""
    codes = [int(code) for code, _ in rows(CI, "stand wherever")]
    assert codes == [0, 1, 2, 3]
    catalogue = ROOT / "tests/rules/catalogue/missing-deadline"
    run = CliRunner()
    for name, code in (("passes", 0), ("fails", 1)):
        path = catalogue / f"{name}.sop.yaml"
        call = ["check", str(path), "--format", "sarif", "--select", "SOP301", "--strict"]
        assert run.invoke(app, call).exit_code == code
    assert run.invoke(app, ["check", str(tmp_path / "none")]).exit_code == 2


def test_the_baseline_that_is_shown_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grown once, named in the settings, it lets pass what was there."""
    monkeypatch.chdir(tmp_path)
    fails = ROOT / "tests/rules/catalogue/missing-deadline/fails.sop.yaml"
    (tmp_path / "refunds.sop.yaml").write_bytes(fails.read_bytes())
    [shown] = [block.text for block in blocks(CI, "sh")]
    [settings] = [block.text for block in blocks(CI, "toml")]
    run = CliRunner()
    run.invoke(app, shown.split()[1:])
    assert (tmp_path / "sopc-baseline.json").is_file()
    (tmp_path / "sopc.toml").write_text(settings, "utf-8")
    assert run.invoke(app, ["check", "--strict"]).exit_code == 0
    (tmp_path / "another.sop.yaml").write_bytes(fails.read_bytes())
    assert run.invoke(app, ["check"]).exit_code == 1


def test_hooks_call_sopc_and_are_told_of() -> None:
    """Each has its row, and the configuration that is shown names one of them."""
    for hook in HOOKS:
        takes(hook["entry"])
        assert hook["language"] == "python"
    ids = [hook["id"] for hook in HOOKS]
    assert [name.strip("`") for name, _ in rows(CI, "| Hook")] == ids
    shown = [hook["id"] for hook in jobs()[-1]["repos"][0]["hooks"]]
    assert set(shown) <= set(ids)


@pytest.mark.parametrize(
    ("name", "hooks"),
    [
        ("refunds.sop.yaml", ["sopc-check", "sopc-check-all"]),
        ("a folder/refunds.md", ["sopc-check-all"]),
        ("refunds.docx", ["sopc-check-all"]),
        ("a/organization.yaml", ["sopc-check-all"]),
        ("sopc.toml", ["sopc-check-all"]),
        ("my-organization.yaml", []),
        ("pyproject.toml", []),
        ("refunds.sop.yaml.orig", []),
    ],
)
def test_hooks_run_for_what_they_matter_to(name: str, hooks: list[str]) -> None:
    """pre-commit searches the pattern in the path of each file."""
    assert [hook["id"] for hook in HOOKS if re.search(hook["files"], name)] == hooks


def test_editor_settings_parse_and_start_the_server() -> None:
    """JSON and TOML as they are; the rest by the command in it."""
    first, second = (json.loads(block.text) for block in blocks(EDITORS, "json"))
    command = [first["glspc.server.command"], *first["glspc.server.commandArguments"]]
    assert command == ["sopc", "lsp"]
    [kind] = second["editor.codeActionsOnSave"]
    assert kind == "source.fixAll.sopc"
    [helix] = (tomllib.loads(block.text) for block in blocks(EDITORS, "toml"))
    server = helix["language-server"]["sopc"]
    assert [server["command"], *server["args"]] == ["sopc", "lsp"]
    assert all("sopc" in each["language-servers"] for each in helix["language"])
    [lua] = blocks(EDITORS, "lua")
    assert "cmd = { 'sopc', 'lsp' }" in lua.text
    [lisp] = blocks(EDITORS, "elisp")
    assert '("sopc" "lsp")' in lisp.text
    takes("sopc lsp")
