"""Which model is asked and how: flags, then the environment, then `sopc.toml`, then the default."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from sopc.errors import UsageError
from sopc.settings import find_settings, read_settings
from sopc_compiler.llm.weights import EMBEDDED_MODEL

Structured = Literal["auto", "schema", "json", "prompt"]

_ENVIRONMENT = {
    "base_url": "SOPC_BASE_URL",
    "model": "SOPC_MODEL",
    "api_key_env": "SOPC_API_KEY_ENV",
    "timeout": "SOPC_TIMEOUT",
    "concurrency": "SOPC_CONCURRENCY",
    "token_budget": "SOPC_TOKEN_BUDGET",
    "retries": "SOPC_RETRIES",
    "structured": "SOPC_STRUCTURED",
}


class ModelSettings(BaseModel):
    """A model and the manner of asking it.

    Attributes:
        base_url: An OpenAI-compatible endpoint; None for the embedded model.
        model: The model's name, part of every cached reply's address.
        api_key: Sent to the endpoint and nowhere else.
        timeout: Seconds one request may take.
        concurrency: Requests at a time; 0 lets the kind of endpoint decide.
        token_budget: Most tokens one run may use; None for no limit.
        retries: How often a request is sent again after a refusal that may pass.
        structured: How the answer's form is asked for; `auto` finds what the endpoint can do.
        sources: Where each value came from, in words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str | None = Field(default=None, pattern=r"^https?://[^\s/]+")
    model: str = Field(default=EMBEDDED_MODEL.name, min_length=1)
    api_key: SecretStr | None = None
    timeout: float = Field(default=300, gt=0)
    concurrency: int = Field(default=0, ge=0, le=64)
    token_budget: int | None = Field(default=None, gt=0)
    retries: int = Field(default=4, ge=0, le=20)
    structured: Structured = "auto"
    temperature: float = 0
    seed: int = 7
    sources: dict[str, str] = Field(default_factory=dict)

    @property
    def embedded(self) -> bool:
        """Whether sopc runs the model itself."""
        return self.base_url is None

    @property
    def endpoint(self) -> str:
        """The endpoint as it may be shown: without a user name, password or query."""
        if self.base_url is None:
            return "embedded"
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    @property
    def local(self) -> bool:
        """Whether the model runs on this machine, where prompts are slow and prefixes kept."""
        host = urlsplit(self.base_url).hostname if self.base_url else "localhost"
        return host in {"localhost", "127.0.0.1", "::1"}

    @property
    def workers(self) -> int:
        """Requests at a time."""
        return self.concurrency or (1 if self.local else 8)


def resolve_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> ModelSettings:
    """Gather the settings for work in `folder` (default: the current one).

    Args:
        flags: Values of command line flags by setting name; None counts as not given.
        folder: `sopc.toml` is looked for here and in the folders above.
        environ: The environment; `os.environ` unless given.

    Raises:
        UsageError: A value is wrong, a key stands in the file, or an endpoint has no model.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}

    def take(found: Mapping[str, Any], source: str) -> None:
        for name, value in found.items():
            if value is not None and name not in values:
                values[name] = value
                sources[name] = source.format(name=name, flag=name.replace("_", "-"))

    take(flags or {}, "flag `--{flag}`")
    for name, variable in _ENVIRONMENT.items():
        take({name: environ.get(variable) or None}, f"environment variable `{variable}`")
    file = find_settings(folder or Path.cwd())
    if file is not None:
        take(_read_file(file), f"`[model]` of `{file}`")

    values["api_key"], sources["api_key"] = _find_key(values, sources, environ)
    values.pop("api_key_env", None)
    sources.pop("api_key_env", None)
    _check_pair(values)
    for name in ModelSettings.model_fields:
        if name != "sources":
            sources.setdefault(name, "default")
    try:
        return ModelSettings(**values, sources=sources)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        raise UsageError(
            f"`{name}` from {sources.get(name, 'the settings')} is wrong: {first['msg'].lower()}",
            hint=_HINTS.get(name, f"give another value for `{name}`"),
        ) from None


_HINTS = {
    "base_url": "write it as `https://HOST/v1`",
    "structured": "choose `auto`, `schema`, `json` or `prompt`",
}


def _read_file(file: Path) -> dict[str, Any]:
    table = read_settings(file).data.get("model", {})
    if not isinstance(table, dict):
        raise UsageError(f"`model` of `{file}` is no table", hint="write `[model]` above its keys")
    if "api_key" in table:
        raise UsageError(
            f"`{file}` holds an API key",
            hint="remove it, and name the environment variable that holds it: "
            '`api_key_env = "NAME"`',
        )
    unknown = sorted(set(table) - set(_ENVIRONMENT))
    if unknown:
        raise UsageError(
            f"`[model]` of `{file}` has no setting `{unknown[0]}`",
            hint=f"known ones: {', '.join(f'`{name}`' for name in sorted(_ENVIRONMENT))}",
        )
    return table


def _find_key(
    values: Mapping[str, Any], sources: Mapping[str, str], environ: Mapping[str, str]
) -> tuple[SecretStr | None, str]:
    named = values.get("api_key_env")
    if named:
        if not environ.get(str(named)):
            raise UsageError(
                f"environment variable `{named}` is not set; {sources['api_key_env']} names it",
                hint=f"set `{named}` to the endpoint's key, or remove `api_key_env`",
            )
        candidates = [str(named)]
    else:
        candidates = ["SOPC_API_KEY"]
        # A key for OpenAI goes to another endpoint only if the user, not a file that came with
        # somebody's project, chose that endpoint.
        url = str(values.get("base_url", ""))
        chosen = not sources.get("base_url", "").startswith("`[model]`")
        if chosen or urlsplit(url).hostname == "api.openai.com":
            candidates.append("OPENAI_API_KEY")
    for variable in candidates:
        if environ.get(variable):
            return SecretStr(environ[variable]), f"environment variable `{variable}`"
    return None, "not set"


def _check_pair(values: Mapping[str, Any]) -> None:
    model, url = values.get("model"), values.get("base_url")
    if url and not model:
        raise UsageError(
            "an endpoint is set, but no model is named",
            hint="name it with `--model`, `SOPC_MODEL` or `model` in `sopc.toml`",
        )
    if model and not url and model != EMBEDDED_MODEL.name:
        raise UsageError(
            f"model `{model}` has no endpoint",
            hint="give its address with `--base-url`, `SOPC_BASE_URL` or `base_url` in "
            f"`sopc.toml`; without one, only the embedded `{EMBEDDED_MODEL.name}` answers",
        )
