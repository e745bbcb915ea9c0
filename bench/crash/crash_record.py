"""Systems that keep their own record of what was done, on disk before they answer."""

import json
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sopc.organization import Operation
from sopc_runtime.connectors.connector import CannotLookUpError, Reply, Request


@dataclass(slots=True)
class Recorded:
    """The way to one system, with a file that stands for the system itself.

    Attributes:
        slow: The most seconds that pass before, and again after, something is done.
    """

    system: str
    file: Path
    slow: float = 0.0

    def check(self) -> str:
        """Say that it is there."""
        return "there"

    def operations(self) -> tuple[Operation, ...]:
        """Give nothing: the organization file says it."""
        return ()

    def render(self, request: Request) -> dict[str, Any]:
        """Give the inputs."""
        return dict(request.inputs)

    def perform(self, request: Request) -> Reply:
        """Do it, which is to write it down."""
        time.sleep(random.uniform(0, self.slow))  # noqa: S311
        line = json.dumps({"system": self.system, "key": request.key, "process": os.getpid()})
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(descriptor, f"{line}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        time.sleep(random.uniform(0, self.slow))  # noqa: S311
        return Reply()

    def look_up(self, request: Request) -> Reply | None:
        """Tell whether it was done, if this is the system that can be asked."""
        if self.system != "asked":
            raise CannotLookUpError(f"`{self.system}` keeps no record")
        done = any(each["key"] == request.key for each in recorded(self.file))
        return Reply() if done else None

    def close(self) -> None:
        """Let go of nothing."""


def recorded(file: Path) -> list[dict[str, Any]]:
    """Read what was done, in order."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text().splitlines() if line.endswith("}")]
