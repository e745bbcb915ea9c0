"""The embedded model: a llama.cpp server of sopc's own, on loopback, while it is needed."""

import importlib.metadata
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from sopc.errors import UsageError, WorkError
from sopc_compiler.llm.folders import cache_folder
from sopc_compiler.llm.prefix import PrefixStore
from sopc_compiler.llm.status import missing_for_embedded
from sopc_compiler.llm.weights import EMBEDDED_MODEL, find_weights

CONTEXT = 16384  # tokens
PARALLEL = 1  # requests at a time; more slots would each read the common prefix anew
_ENDPOINT_HINT = "or set `SOPC_BASE_URL` and `SOPC_MODEL` to an OpenAI-compatible endpoint"


def require_embedded() -> Path:
    """The weights, if everything that the embedded model needs is there.

    Raises:
        UsageError: Something is missing; the one error of an installation without a model.
    """
    missing = missing_for_embedded()
    if missing:
        commands = " and ".join(f"`{command}`" for command in missing)
        raise UsageError(
            "there is no model to ask: no endpoint is set, and the embedded model is not installed",
            hint=f"run {commands}, {_ENDPOINT_HINT}",
        )
    return find_weights()


class EmbeddedServer:
    """The embedded model's server; a context manager that starts it, waits for it and stops it.

    Args:
        command: What to run instead of the real server; it is given the same line of settings.
        weights: The model file; the checked embedded one if None.
        patience: Seconds that loading may take.
    """

    def __init__(
        self,
        *,
        command: tuple[str, ...] = (sys.executable, "-m", "sopc_compiler.llm.server_process"),
        weights: Path | None = None,
        patience: float = 180,
    ) -> None:
        self.api_key = secrets.token_urlsafe(24)
        self.port = _free_port()
        self.log = cache_folder() / "logs" / f"server-{self.port}.log"
        self._command = command
        self._weights = weights
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        """The address of its OpenAI-compatible interface."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        weights = self._weights or require_embedded()
        states = cache_folder() / "prefixes"
        states.mkdir(parents=True, exist_ok=True)
        self.prefixes = PrefixStore(
            states,
            base_url=self.base_url.removesuffix("/v1"),
            api_key=self.api_key,
            identity=f"{EMBEDDED_MODEL.sha256} {_runtime_version()} {CONTEXT}",
        )
        settings = {
            "path": str(weights),
            "states": f"{states.resolve()}{os.sep}",
            "alias": EMBEDDED_MODEL.name,
            "api_key": self.api_key,
            "port": self.port,
            "context": CONTEXT,
            "parallel": PARALLEL,
            "threads": _cores(),
        }
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                self._command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; we stop it
            )
        try:
            assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
            self._process.stdin.write(json.dumps(settings).encode() + b"\n")
            self._process.stdin.flush()
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()
        self.log.unlink(missing_ok=True)

    def _wait(self) -> None:
        assert self._process is not None  # noqa: S101 - just started
        end = time.monotonic() + self._patience
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise self._failure(f"ended with status {self._process.returncode}")
            if _healthy(self.port):
                return
            time.sleep(0.1)
        raise self._failure(f"was not ready within {self._patience:g} s")

    def _failure(self, what: str) -> WorkError:
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = " | ".join(line.strip() for line in lines[-3:]) or "it wrote nothing"
        return WorkError(
            f"the embedded model's server {what}: {last}",
            hint=f"`{self.log}` says more; `sopc model status` checks the installation",
        )

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()  # it holds nothing worth saving
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _cores() -> int:
    """The processors that this process may use, which in a container are fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _runtime_version() -> str:
    try:
        return importlib.metadata.version("xllamacpp")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _healthy(port: int) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own
    except OSError:
        return False
