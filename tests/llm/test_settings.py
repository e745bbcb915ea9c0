"""Which model is asked: the order of flags, environment, file and default."""

from pathlib import Path

import pytest

from sopc.errors import UsageError
from sopc_compiler.llm import resolve_settings

URL = "https://models.example/v1"


def write(folder: Path, text: str) -> Path:
    """Write `sopc.toml` into a folder."""
    (folder / "sopc.toml").write_text(f"[model]\n{text}")
    return folder


def test_flags_win_over_environment_over_file(tmp_path: Path) -> None:
    """Each value comes from the first place that has it, and says which that was."""
    write(tmp_path, f'base_url = "{URL}"\nmodel = "file"\ntimeout = 5\nconcurrency = 3')
    (tmp_path / "deep").mkdir()
    found = resolve_settings(
        {"model": "flag", "timeout": None},
        folder=tmp_path / "deep",
        environ={"SOPC_MODEL": "environment", "SOPC_TIMEOUT": "7"},
    )

    assert (found.model, found.timeout, found.concurrency) == ("flag", 7, 3)
    assert found.sources["model"] == "flag `--model`"
    assert found.sources["timeout"] == "environment variable `SOPC_TIMEOUT`"
    assert "sopc.toml" in found.sources["concurrency"]
    assert found.sources["retries"] == "default"
    assert (found.temperature, found.embedded, found.local) == (0, False, False)


def test_without_anything_the_embedded_model_is_used(tmp_path: Path) -> None:
    """Nothing configured means the embedded model, one request at a time."""
    found = resolve_settings(folder=tmp_path, environ={"OPENAI_API_KEY": "k"})

    assert found.embedded
    assert found.local
    assert found.workers == 1


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    """A key comes from the environment, and its text is in no printed form of the settings."""
    found = resolve_settings(
        {"base_url": URL, "model": "m"}, folder=tmp_path, environ={"SOPC_API_KEY": "sk-hidden"}
    )

    assert found.api_key is not None
    assert found.api_key.get_secret_value() == "sk-hidden"
    assert found.sources["api_key"] == "environment variable `SOPC_API_KEY`"
    assert "sk-hidden" not in f"{found!r}{found}{found.model_dump()}{found.model_dump_json()}"


def test_the_file_may_name_the_keys_variable(tmp_path: Path) -> None:
    """`api_key_env` of the file names the variable that holds the key."""
    write(tmp_path, f'base_url = "{URL}"\nmodel = "m"\napi_key_env = "TEAM_KEY"')
    found = resolve_settings(folder=tmp_path, environ={"TEAM_KEY": "a", "SOPC_API_KEY": "b"})

    assert found.api_key is not None
    assert found.api_key.get_secret_value() == "a"


def test_a_projects_file_cannot_send_an_openai_key_elsewhere(tmp_path: Path) -> None:
    """`OPENAI_API_KEY` goes to an endpoint that a file chose only if it is OpenAI's."""
    environ = {"OPENAI_API_KEY": "sk-openai"}
    write(tmp_path, f'base_url = "{URL}"\nmodel = "m"')
    assert resolve_settings(folder=tmp_path, environ=environ).api_key is None

    chosen = resolve_settings({"base_url": URL}, folder=tmp_path, environ=environ)
    assert chosen.api_key is not None

    write(tmp_path, 'base_url = "https://api.openai.com/v1"\nmodel = "m"')
    assert resolve_settings(folder=tmp_path, environ=environ).api_key is not None


def test_a_file_that_is_no_toml_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"sopc\.toml:2:\d+: not valid TOML"):
        resolve_settings(folder=write(tmp_path, "timeout = "), environ={})


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('api_key = "sk-1"', "holds an API key", "api_key_env"),
        ("colour = 1", "has no setting `colour`", "base_url"),
        (f'base_url = "{URL}"', "no model is named", "SOPC_MODEL"),
        ('model = "gpt"', "model `gpt` has no endpoint", "SOPC_BASE_URL"),
        ('base_url = "host"\nmodel = "m"', "`base_url` from", "https://HOST/v1"),
        ('structured = "xml"', "`structured` from", "`schema`"),
        ('api_key_env = "NOT_SET"', "`NOT_SET` is not set", "api_key_env"),
    ],
)
def test_a_wrong_file_is_a_usage_error(tmp_path: Path, text: str, message: str, hint: str) -> None:
    """Each mistake in `sopc.toml` is one error that names it and the change."""
    with pytest.raises(UsageError, match=message) as caught:
        resolve_settings(folder=write(tmp_path, text), environ={})

    assert hint in str(caught.value.hint)
    assert "sk-1" not in f"{caught.value} {caught.value.hint}"
