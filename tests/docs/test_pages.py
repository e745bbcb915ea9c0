"""What the pages for people show is there: commands, flags, files, excerpts, outputs."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from docs.pages import PAGES, ROOT, blocks, prose, sopc_calls
from sopc.cli.app import app

pytestmark = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))

_PARTS = r"docs|examples|tests|bench|prompts|sopc|compiler|runtime|\.ci"
_PATH = re.compile(rf"^(?:{_PARTS})/[\w./*-]*$")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def command_of(arguments: list[str]) -> tuple[Any, list[str]]:
    """The command that a call runs, and the arguments left for it."""
    command: Any = typer.main.get_command(app)
    rest = list(arguments)
    while rest and not rest[0].startswith("-") and hasattr(command, "get_command"):
        name = rest.pop(0)
        if name.isupper():  # stands for any
            return None, rest
        command = command.get_command(None, name)
        assert command is not None, f"there is no `sopc {name}`"
    return command, rest


def flags_of(command: Any) -> set[str]:
    """The options of a command, and those that every command has."""
    flags = {flag for parameter in command.params for flag in parameter.opts}
    return {flag for flag in flags if flag.startswith("-")} | {"--help", "-h"}


def every_flag() -> set[str]:
    """The options of all commands."""
    root: Any = typer.main.get_command(app)
    flags = flags_of(root)
    for name in root.list_commands(None):
        command = root.get_command(None, name)
        flags |= flags_of(command)
        for inner in getattr(command, "commands", {}).values():
            flags |= flags_of(inner)
    return flags


def test_every_call_of_sopc_is_one_that_it_takes(page: Path) -> None:
    """Commands exist, and each has the flags that it is shown with."""
    for arguments in sopc_calls(page):
        command, rest = command_of(arguments)
        if command is not None:
            words = [word.partition("=")[0] for word in rest if word.startswith("-")]
            flags = {word for word in words if word != "-"}
            assert flags <= flags_of(command), f"sopc {' '.join(arguments)}"


def test_every_flag_that_is_spoken_of_exists(page: Path) -> None:
    """A flag alone in backquotes is one of some command."""
    spans = set(re.findall(r"`(--[\w-]+)`", prose(page)))
    assert spans <= every_flag()


def files_named(page: Path) -> Iterator[Path]:
    """The files and folders that a page links to or names from the repository's top."""
    for target in _LINK.findall(prose(page)):
        if not target.startswith(("http://", "https://")):
            yield page.parent / target
    for block in blocks(page, "sh"):
        for word in block.text.split():
            if _PATH.match(word):
                yield ROOT / word
    for span in re.findall(r"`([^`\n]+)`", prose(page)):
        if _PATH.match(span) and "NAME" not in span:
            yield ROOT / span


def test_every_file_that_is_named_is_there(page: Path) -> None:
    """Links, paths in commands and paths in backquotes lead somewhere; `*` to something."""
    for path in files_named(page):
        pattern = path.relative_to(ROOT).as_posix() if path.is_absolute() else path.as_posix()
        found = list(ROOT.glob(pattern)) if "*" in pattern else [path]
        assert found, pattern
        assert all(one.exists() or _is_made(one) for one in found), pattern


def _is_made(path: Path) -> bool:
    """Whether a file is one that `sopc compile` writes beside prose that is there."""
    name = path.name.partition(".")[0]
    return path.name == f"{name}.sop.yaml" and path.with_name(f"{name}.md").exists()


def test_every_environment_variable_is_one_that_is_read(page: Path) -> None:
    """Each `SOPC_...` stands in the code or in the tests' own machinery."""
    read = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("sopc", "compiler", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if path.parent.name != "docs"
    )
    for name in set(re.findall(r"\bSOPC_[A-Z_]+\b", page.read_text(encoding="utf-8"))):
        assert f'"{name}"' in read, name


def test_every_excerpt_stands_in_its_file(page: Path) -> None:
    """A block behind a link and a colon is a part of the file that the link leads to."""
    for block in blocks(page):
        targets = _LINK.findall(block.lead)
        if block.lead.endswith(":") and targets:
            source = (page.parent / targets[-1]).read_text(encoding="utf-8")
            assert block.text in source, targets[-1]


def test_every_output_is_what_the_command_prints(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks that show a command with its output are run again."""
    monkeypatch.chdir(ROOT)
    for block in blocks(page, "console"):
        command, _, output = block.text.partition("\n")
        assert command.startswith("$ sopc ")
        done = CliRunner().invoke(app, command.split()[2:], env={"NO_COLOR": "1"})
        assert done.stdout + done.stderr == output
