"""A process that asks a system, is told to stop while its database is away, and has to end."""

import sys
import time
from typing import Any

from runtime.driver.driven import Systems, action, graph, start
from sopc_runtime.driver.worker import Worker
from sopc_runtime.store.database import postgres_engine, prepare


def main() -> None:
    """Work, and stop."""
    systems, engine = Systems(), postgres_engine(sys.argv[1])
    prepare(engine)

    def asked() -> dict[str, Any]:
        sys.stdout.write("asked\n")
        sys.stdout.flush()
        sys.stdin.readline()
        return {}

    systems["mailer"].acts = [asked]
    start(engine, graph("one", action("first")), "r")
    worker = Worker(engine, load=systems.load, make=systems.make, beat=0.1)
    worker.start()
    while not worker.counters.outage:
        time.sleep(0.05)
    # DBOS tries to write the errand's end from now on, and would for ever.
    worker.stop(0.2)


if __name__ == "__main__":
    main()
