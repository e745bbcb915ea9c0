"""The embedded model's weights: which they are, where they lie, whether they are the right ones."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sopc.errors import UsageError
from sopc_compiler.llm.folders import cache_folder, data_folder

_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """A published model file."""

    name: str
    title: str
    license: str
    sha256: str
    size: int  # bytes
    repository: str
    file: str


EMBEDDED_MODEL = EmbeddedModel(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    title="Qwen2.5-Coder-1.5B-Instruct, Q4_K_M",
    license="Apache-2.0",
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    size=1_117_320_768,
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
)


def weights_path() -> Path:
    """Where the weights are or will be: `SOPC_MODEL_PATH`, or the platform's data folder."""
    chosen = os.environ.get("SOPC_MODEL_PATH")
    return Path(chosen) if chosen else data_folder() / EMBEDDED_MODEL.file


def find_weights(*, on_bytes: Callable[[int], None] | None = None) -> Path:
    """The weights, checked.

    The checksum of a gigabyte takes seconds: it is remembered with the file's size and time.

    Args:
        on_bytes: Told the number of bytes just read, while a checksum is made.

    Raises:
        UsageError: There are none, or they are not the published ones.
    """
    path = weights_path()
    if not path.is_file():
        raise UsageError(
            f"the weights of {EMBEDDED_MODEL.title} are not at `{path}`",
            hint="fetch them with `sopc model pull`",
        )
    if is_verified(path):
        return path
    if (
        path.stat().st_size != EMBEDDED_MODEL.size
        or sha256(path, on_bytes) != EMBEDDED_MODEL.sha256
    ):
        raise UsageError(
            f"`{path}` is not {EMBEDDED_MODEL.title}: its size or SHA-256 differs",
            hint="delete it and run `sopc model pull`; to use another model, serve it and set "
            "`SOPC_BASE_URL` and `SOPC_MODEL`",
        )
    remember_verified(path)
    return path


def is_verified(path: Path) -> bool:
    """Whether the file at `path` was found right before and has not changed since."""
    try:
        known = json.loads(_record().read_text(encoding="utf-8"))
        return bool(known == _state(path))
    except (OSError, ValueError):
        return False


def remember_verified(path: Path) -> None:
    """Note that the file at `path` is the published one."""
    record = _record()
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(_state(path)), encoding="utf-8")


def sha256(path: Path, on_bytes: Callable[[int], None] | None = None) -> str:
    """The file's SHA-256, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            if on_bytes is not None:
                on_bytes(len(block))
    return digest.hexdigest()


def _record() -> Path:
    return cache_folder() / "weights.json"


def _state(path: Path) -> dict[str, object]:
    stat = path.stat()
    return {
        "path": str(path.resolve()),
        "size": stat.st_size,
        "mtime_ns": stat.st_mtime_ns,
        "sha256": EMBEDDED_MODEL.sha256,
    }
