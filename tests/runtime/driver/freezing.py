"""A process that is held, and frozen, right before it asks a system; it says whether it asked."""

import sys
import time
from typing import Any

from runtime.driver.driven import Fake, Systems
from sopc_runtime.driver.worker import Worker
from sopc_runtime.store.database import postgres_engine


class Held(Systems):
    """Systems that are reached only after a line is read."""

    def make(self, system: Any, organization: Any) -> Fake:
        say("reached")
        sys.stdin.readline()
        return super().make(system, organization)


def say(what: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main() -> None:
    """Work until the call is dealt with."""
    systems = Held()
    worker = Worker(
        postgres_engine(sys.argv[1]), load=systems.load, make=systems.make, beat=0.1, dead_after=1.5
    )
    with worker:
        while not worker.counters.errands:
            time.sleep(0.01)
        # An errand ends where its call is carried out, or is another's.
        while worker.counters.errands:
            time.sleep(0.01)
    say(f"asked {len(systems['mailer'].asked)} times")


if __name__ == "__main__":
    main()
