"""What the pages on triggers and deployment show, held to the program."""

import configparser
import re
from pathlib import Path

import typer

from docs.pages import ROOT, blocks
from sopc.cli.app import app
from sopc_runtime.triggers.settings import TriggerSettings
from sopc_runtime.triggers.settings_file import load_trigger_settings

DEPLOYMENT = ROOT / "docs/deployment.md"
_INSTRUCTIONS = {
    *("FROM", "RUN", "COPY", "USER", "WORKDIR", "VOLUME"),
    *("EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"),
}


def _block(language: str) -> str:
    [found] = [block.text for block in blocks(DEPLOYMENT, language)]
    return found


def test_every_source_that_is_shown_is_read(tmp_path: Path) -> None:
    """All kinds of sources are there."""
    shown = [each.text for each in blocks(ROOT / "docs/runtime.md", "toml")]
    text = "\n".join(each for each in shown if "[[triggers." in each)
    (tmp_path / "sopc.toml").write_text(text, encoding="utf-8")
    settings = load_trigger_settings(tmp_path / "sopc.toml")
    assert all(getattr(settings, kind) for kind in TriggerSettings.model_fields)


def test_the_unit_is_one_that_systemd_reads() -> None:
    """And it starts a verb that there is."""
    unit = configparser.ConfigParser(interpolation=None)
    unit.read_string(_block("ini"))
    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    assert _flags(unit["Service"]["ExecStart"]) <= _known()


def test_the_container_file_has_known_instructions_alone() -> None:
    """And the flags of its command are those of `sopc serve`."""
    lines = _block("dockerfile").splitlines()
    assert {line.split()[0] for line in lines} <= _INSTRUCTIONS
    assert lines[0].startswith("FROM ")
    assert _flags(lines[-1]) <= _known()


def _flags(text: str) -> set[str]:
    return set(re.findall(r"--[a-z-]+", text))


def _known() -> set[str]:
    group = typer.main.get_command(app)
    command = group.get_command(None, "serve")  # type: ignore[attr-defined]
    return {flag for parameter in command.params for flag in parameter.opts}
