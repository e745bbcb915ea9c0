"""Prompt prefixes that the embedded model has read, kept on disk for the next run.

Reading the instructions of a pass takes the model half a minute on two cores; loading what it made
of them takes a moment. llama.cpp saves and restores a slot's state by its `/slots` interface.
"""

import contextlib
import hashlib
import http.client
import json
import urllib.request
from pathlib import Path

KEPT = 8  # states, of about 28 kB for each token
WORTH = 1_000  # characters: what is shorter is read as fast as loaded


class PrefixStore:
    """States of one server with one slot.

    Args:
        folder: Where states are kept; the server writes and reads them there.
        base_url: The server's address, without `/v1`.
        api_key: The server's key.
        identity: The model and the server's version: states of another do not fit.
    """

    def __init__(self, folder: Path, *, base_url: str, api_key: str, identity: str) -> None:
        self._folder = folder
        self._base_url = base_url
        self._api_key = api_key
        self._identity = identity

    def restore(self, prefix: str) -> bool:
        """Load what the model made of `prefix`; False if there is nothing that fits."""
        file = self._file(prefix)
        if len(prefix) < WORTH or not file.exists():
            return False
        if self._act("restore", file.name):
            file.touch()  # the oldest are dropped first
            return True
        file.unlink(missing_ok=True)
        return False

    def save(self, prefix: str) -> None:
        """Keep what the slot holds, which begins with `prefix`; a failure only costs time later."""
        if len(prefix) < WORTH:
            return
        file = self._file(prefix)
        part = file.with_suffix(".part")
        if self._act("save", part.name):
            with contextlib.suppress(OSError):
                part.replace(file)
        for old in sorted(self._folder.glob("*.state"), key=_age, reverse=True)[KEPT:]:
            old.unlink(missing_ok=True)

    def _file(self, prefix: str) -> Path:
        digest = hashlib.sha256(f"{self._identity}\n{prefix}".encode()).hexdigest()
        return self._folder / f"{digest[:32]}.state"

    def _act(self, action: str, name: str) -> bool:
        request = urllib.request.Request(  # noqa: S310 - our own server on loopback
            f"{self._base_url}/slots/0?action={action}",
            data=json.dumps({"filename": name}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self._api_key}",
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return bool(answer.status == http.HTTPStatus.OK)
        except (OSError, http.client.HTTPException):
            return False


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another process has dropped it
        return 0.0
