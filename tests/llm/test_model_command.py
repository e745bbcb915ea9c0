"""`sopc model`: what is said about the model that would be asked."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sopc.cli.model import app


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, an environment and caches with nothing in them."""
    for name in ("BASE_URL", "MODEL", "API_KEY"):
        monkeypatch.delenv(f"SOPC_{name}", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("SOPC_MODEL_PATH", str(tmp_path / "none.gguf"))
    monkeypatch.setenv("SOPC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def test_status_says_what_is_missing() -> None:
    """On a bare machine, status names the embedded model and the command that fetches it."""
    done = CliRunner().invoke(app, ["status"])

    assert done.exit_code == 0
    assert "embedded (default)" in done.stdout
    assert "weights     missing" in done.stdout
    assert "`sopc model pull`" in done.stdout


def test_status_shows_the_keys_source_but_not_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an endpoint, status says where address, model and key come from, in both forms."""
    monkeypatch.setenv("SOPC_API_KEY", "sk-hidden")
    flags = ["--base-url", "https://user:pw@models.example/v1", "--model", "m"]
    plain = CliRunner().invoke(app, ["status", *flags])
    found = json.loads(CliRunner().invoke(app, ["status", *flags, "--json"]).stdout)

    assert "https://models.example/v1 (flag `--base-url`)" in plain.stdout
    assert found["key"] == "environment variable `SOPC_API_KEY`"
    assert found["sources"]["model"] == "flag `--model`"
    assert found["missing"] == []
    for hidden in ("sk-hidden", "pw@"):
        assert hidden not in plain.output + json.dumps(found)
