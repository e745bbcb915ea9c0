"""What would be asked, and why: the facts behind `sopc model status`."""

import importlib.util
from dataclasses import dataclass

from sopc_compiler.llm.cache import ReplyCache
from sopc_compiler.llm.settings import ModelSettings
from sopc_compiler.llm.weights import is_verified, weights_path


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The model that a compile would ask, and what stands in its way.

    Attributes:
        endpoint: An address, or `embedded`.
        model: The model's name.
        key: Where the key comes from; None if there is none. The key itself is never here.
        structured: How the form of answers is asked for.
        sources: Where each setting comes from.
        weights: Where the embedded model's weights are or would be.
        weights_state: `missing`, `present` (not checked yet) or `verified`.
        runtime: Whether the embedded model's runtime is installed.
        missing: The commands that would make the chosen model usable; empty if it is.
        cached_replies: Replies in the cache.
        cached_bytes: Their size.
    """

    endpoint: str
    model: str
    key: str | None
    structured: str
    sources: dict[str, str]
    weights: str
    weights_state: str
    runtime: bool
    missing: list[str]
    cached_replies: int
    cached_bytes: int


def model_status(settings: ModelSettings) -> ModelStatus:
    """Look at this machine; asks no endpoint and starts no server."""
    path = weights_path()
    state = "missing"
    if path.is_file():
        state = "verified" if is_verified(path) else "present"
    replies, size = ReplyCache().size()
    return ModelStatus(
        endpoint=settings.endpoint,
        model=settings.model,
        key=settings.sources.get("api_key") if settings.api_key else None,
        structured=settings.structured,
        sources=dict(sorted(settings.sources.items())),
        weights=str(path),
        weights_state=state,
        runtime=has_runtime(),
        missing=missing_for_embedded() if settings.embedded else [],
        cached_replies=replies,
        cached_bytes=size,
    )


def has_runtime() -> bool:
    """Whether the embedded model's runtime, the `local` extra, is installed."""
    return importlib.util.find_spec("xllamacpp") is not None


def missing_for_embedded() -> list[str]:
    """The commands that the embedded model still needs, in order."""
    commands = []
    if not has_runtime():
        commands.append("pip install 'sopc[local]'")
    if not weights_path().is_file():
        commands.append("sopc model pull")
    return commands
