"""Twelve steps that only compute, by the interpreter on a virtual clock, in memory."""

import sys
import time
from datetime import UTC, datetime

from rate_procedure import program
from rate_sample import Sample

from sopc_runtime.core.decision import Call
from sopc_runtime.core.task import Task
from sopc_runtime.simulation.memory import MemoryDriver, MemoryRun
from sopc_runtime.simulation.world import Answer, Outcome


class Willing:
    """A world in which all succeeds at once."""

    def outcome(self, run: MemoryRun, call: Call, now: datetime) -> Outcome:
        """Succeed."""
        del run, call, now
        return Outcome()

    def answer(
        self, run: MemoryRun, task: Task, now: datetime, *, widened_to: str | None = None
    ) -> Answer | None:
        """Say nothing."""
        del run, task, now, widened_to
        return None


def main() -> None:
    """Measure: `rate_memory.py RUNS acts|pure`."""
    count, kind = int(sys.argv[1]), sys.argv[2]
    measured = program(acts=kind == "acts")
    driver = MemoryDriver(Willing(), now=datetime(2026, 3, 2, 12, tzinfo=UTC))
    driver.start(measured, "warm")
    driver.run()
    begun, cpu = time.monotonic(), time.process_time()
    for number in range(count):
        driver.start(measured, f"run-{number}")
    driver.run()
    seconds, cpu = time.monotonic() - begun, time.process_time() - cpu
    assert all(each.state.status == "done" for each in driver.runs.values())  # noqa: S101 # or it is no figure
    Sample(runs=count, seconds=seconds, cpu=cpu).tell()


if __name__ == "__main__":
    main()
