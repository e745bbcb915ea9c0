"""Replies on disk, found again by the content of their request."""

import contextlib
import json
import os
import tempfile
from pathlib import Path

from sopc_compiler.llm.folders import cache_folder
from sopc_compiler.llm.request import Reply, Request

_FORMAT = 1


class ReplyCache:
    """A folder of replies: one JSON file each, safe for several writers at once.

    A file that is damaged or of another format counts as absent and is written anew.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else cache_folder() / "replies"

    def get(self, key: str) -> Reply | None:
        """The reply stored under `key`, or None."""
        try:
            entry = json.loads(self._path(key).read_text(encoding="utf-8"))
            if entry["format"] != _FORMAT:
                return None
            return Reply(
                data=entry["data"],
                raw=str(entry["raw"]),
                prompt_tokens=int(entry["prompt_tokens"]),
                completion_tokens=int(entry["completion_tokens"]),
                cached=True,
                finish=entry["finish"],
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, request: Request, reply: Reply, *, model: str) -> None:
        """Store a reply; readers see the old file or the whole new one.

        Raises:
            OSError: The folder cannot be written.
        """
        entry = {
            "format": _FORMAT,
            "model": model,
            "purpose": request.purpose,
            "schema": request.schema_name,
            "finish": reply.finish,
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
            "data": reply.data,
            "raw": reply.raw,
        }
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False
        ) as file:
            try:
                json.dump(entry, file, ensure_ascii=False, indent=1)
                file.close()
                os.replace(file.name, path)  # noqa: PTH105 - the name is a string here
            except BaseException:
                file.close()
                Path(file.name).unlink(missing_ok=True)
                raise

    def clear(self) -> int:
        """Delete every reply; gives how many there were."""
        deleted = 0
        for path in self._files():
            path.unlink(missing_ok=True)
            deleted += path.suffix == ".json"
            with contextlib.suppress(OSError):  # another writer may still need the folder
                path.parent.rmdir()
        return deleted

    def size(self) -> tuple[int, int]:
        """Number of replies and their bytes on disk."""
        sizes = [path.stat().st_size for path in self._files() if path.suffix == ".json"]
        return len(sizes), sum(sizes)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("??/*.*"))
