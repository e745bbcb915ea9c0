"""One process at a time: two that execute runs on one SQLite file would do them twice."""

from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine

from sopc.errors import WorkError


class AlreadyWorkingError(WorkError):
    """Another process executes the runs of this database."""


def exclusive(engine: Engine) -> FileLock | None:
    """Lock a SQLite file for one executing process; None on PostgreSQL, where many may work.

    Raises:
        AlreadyWorkingError: Another process has it.
    """
    if engine.dialect.name != "sqlite":
        return None
    path = Path(str(engine.url.database)).with_suffix(".lock")
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise AlreadyWorkingError(
            f"another process executes the runs of `{engine.url.database}`",
            hint="leave it to that one, or stop it first",
        ) from None
    return lock
