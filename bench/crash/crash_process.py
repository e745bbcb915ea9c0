"""The process that is killed: forks a worker for each line it reads, and tells its id.

Everything is imported once, and a fork is at work within a tenth of a second.
"""

import os
import signal
import sys
import time
from pathlib import Path

from crash_procedure import ORGANIZATION
from crash_record import Recorded

from sopc.organization import loads_organization
from sopc_runtime.driver.worker import Worker
from sopc_runtime.store.database import postgres_engine, sqlite_engine


def work(database: str, folder: Path, slow: float) -> None:
    """Carry runs out until the end, or until nobody is left who would kill it."""
    parent = os.getppid()
    postgres = database.startswith("postgresql")
    engine = postgres_engine(database) if postgres else sqlite_engine(Path(database))
    organization = loads_organization(ORGANIZATION)
    worker = Worker(
        engine,
        load=lambda: organization,
        make=lambda system, _: Recorded(system.id, folder / "record", slow),
        beat=0.2,
        # A process that waits for a busy processor is not to be taken for dead.
        dead_after=4.0,
    )
    worker.start()
    while os.getppid() == parent:
        time.sleep(0.2)


def main() -> None:
    """Fork workers as told on stdin."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    database, folder, slow = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    print("ready", flush=True)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            try:
                work(database, folder, slow)
            finally:
                os._exit(1)
        print(child, flush=True)


if __name__ == "__main__":
    main()
