"""What the README promises, held to the program."""

import re
import tomllib
from pathlib import Path
from typing import Any

import typer

from docs.pages import ROOT, blocks, rows
from sopc.cli.app import app
from sopc.cli.group import VerbGroup
from sopc.graph.file import load_graph
from sopc_compiler.answers import load_answers
from sopc_compiler.llm import resolve_settings
from sopc_compiler.llm.settings import _ENVIRONMENT

README = ROOT / "README.md"


def test_the_table_of_commands_is_the_program_s() -> None:
    """Every command in its order, with the words of `sopc --help`."""
    root: Any = typer.main.get_command(app)
    assert isinstance(root, VerbGroup)
    expected = [[f"`sopc {name}`", verb.help] for name, verb in root.verbs.items()]
    for name in root.verbs:
        inner = getattr(root.get_command(None, name), "commands", {})
        expected += [[f"`sopc {name} {verb}`", command.help] for verb, command in inner.items()]
    assert rows(README, "## Commands") == expected


def test_the_exit_codes_are_the_program_s() -> None:
    """The codes of the table are those of `sopc --help`."""
    root: Any = typer.main.get_command(app)
    told = re.findall(r"(\d+)\s+\w", root.help.partition("Exit codes:")[2])
    assert [code for code, _ in rows(README, "Exit codes")] == told


def test_the_settings_are_the_program_s() -> None:
    """Environment variables and keys of `sopc.toml` are all there are."""
    table = {
        key.strip("`"): variable.strip("`")
        for _, variable, key, _ in rows(README, "Flags win over")
    }
    assert table == _ENVIRONMENT


def test_the_settings_file_is_one_that_is_read(tmp_path: Path) -> None:
    """The block of `sopc.toml` gives the endpoint that it names."""
    [block] = blocks(README, "toml")
    (tmp_path / "sopc.toml").write_text(block.text, encoding="utf-8")
    settings = resolve_settings(folder=tmp_path, environ={"EXAMPLE_KEY": "secret"})
    assert (settings.base_url, settings.model) == ("https://api.example.com/v1", "some-model")
    assert settings.api_key is not None


def test_the_answers_file_answers_a_question_of_the_sample(tmp_path: Path) -> None:
    """The block of answers loads, and is about what the sample's graph asks."""
    [block] = [one for one in blocks(README, "yaml") if one.text.startswith("format")]
    path = tmp_path / "refunds.answers.yaml"
    path.write_text(block.text, encoding="utf-8")
    [answer] = load_answers(path).entries
    graph = load_graph(ROOT / "docs/sample/refunds.sop.yaml").graph
    assert (answer.passage, answer.field) in {(one.passage, one.field) for one in graph.questions}


def test_what_is_installed_can_be_installed() -> None:
    """Every extra that a command installs is declared in `pyproject.toml`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = README.read_text(encoding="utf-8")
    named = [extra for found in re.findall(r"\.\[([\w,]+)\]", text) for extra in found.split(",")]
    assert set(named) == {"local", "documents", "compile", "test"}
    assert set(named) <= project["optional-dependencies"].keys()
