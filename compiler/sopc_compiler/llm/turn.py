"""Taking turns on this machine's processor."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: without turns it is only slower
    fcntl = None  # type: ignore[assignment]


@contextmanager
def turn() -> Iterator[None]:
    """Hold the processor for one request to an embedded model.

    Two models that compute at once on the same cores wait for each other's threads at every layer:
    measured on 2 cores, 1 token per second instead of 16. So all sopc processes of a user take
    turns, request by request. The operating system ends a turn when its process ends.
    """
    if fcntl is None:
        yield
        return
    with (Path(tempfile.gettempdir()) / f"sopc-{os.getuid()}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
