"""`sopc runs show` quotes no sensitive value, under whatever name it stands."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sopc.cli.app import app

IBAN = "DE89370400440532013000"

ORGANIZATION = """\
name: Tidewater
systems:
  - id: files
    name: Files
    binding: {connector: files, settings: {folder: share}}
    operations: [{name: read_file, effect: read}]
"""

GRAPH = """\
format: 1
id: look
title: look
inputs: [{name: iban, type: string, sensitive: true}]
systems: [{id: files, name: Files}]
procedures:
  - id: main
    title: main
    triggers: [{kind: request, id: ask, says: asked}]
    steps:
      - id: read
        kind: action
        title: Read
        system: files
        operation: read_file
        tier: {level: 1, reason: it only reads}
        inputs: [{name: path, cel: iban}]
"""


def test_failures_and_tasks_quote_no_sensitive_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for people nor for programs; the inbox shows whoever decides what it is about."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOPC_DATABASE_URL", raising=False)
    (tmp_path / "share").mkdir()
    (tmp_path / "organization.yaml").write_text(ORGANIZATION, encoding="utf-8")
    (tmp_path / "look.sop.yaml").write_text(GRAPH, encoding="utf-8")

    def sopc(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--data", "data"])
        return done.stdout + done.stderr

    sopc("run", "look.sop.yaml", "--set", f"iban={IBAN}", "--id", "r1")
    for words in (("runs", "show", "r1"), ("runs", "show", "r1", "--json"), ("runs",)):
        told = sopc(*words)
        assert IBAN not in told
        assert "r1" in told
    assert "there is no `‹sealed›`" in sopc("runs", "show", "r1")  # the mark
    assert IBAN in sopc("inbox", "1")
