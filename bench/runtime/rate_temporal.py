"""The same twelve steps as activities of Temporal's dev server, kept in a SQLite file."""

import asyncio
import os
import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from rate_procedure import STEPS
    from rate_sample import BETWEEN, FLIGHTS, TRIGGERS, Sample

_QUEUE = "twelve"
_ASKED: list[float] = []


@activity.defn
async def act(number: int) -> int:
    """Do nothing."""
    _ASKED.append(time.monotonic())
    return number


@workflow.defn
class Twelve:
    """Do nothing, twelve times."""

    @workflow.run
    async def run(self) -> int:
        """Do it."""
        total = 0
        for number in range(STEPS):
            total += await workflow.execute_activity(
                act, number, start_to_close_timeout=timedelta(seconds=60)
            )
        return total


async def main() -> None:
    """Measure: `rate_temporal.py FOLDER RUNS`."""
    folder, count = sys.argv[1], int(sys.argv[2])
    environment = await WorkflowEnvironment.start_local(
        dev_server_existing_path=shutil.which("temporal"),
        dev_server_database_filename=str(Path(folder, "temporal.db")),
        dev_server_log_level="error",
    )
    client = environment.client
    try:
        async with Worker(client, task_queue=_QUEUE, workflows=[Twelve], activities=[act]):
            await _run(client, "warm")
            flights = asyncio.Semaphore(FLIGHTS)

            async def one(number: int) -> None:
                async with flights:
                    await _run(client, f"run-{number}")

            begun = time.monotonic()
            await asyncio.gather(*(one(number) for number in range(count)))
            seconds = time.monotonic() - begun
            latencies = [await _latency(client, number) for number in range(TRIGGERS)]
    finally:
        await environment.shutdown()
    Sample(runs=count, seconds=seconds, latencies=latencies).tell()


async def _run(client: Client, name: str) -> None:
    await client.execute_workflow(Twelve.run, id=name, task_queue=_QUEUE)


async def _latency(client: Client, number: int) -> float:
    await asyncio.sleep(BETWEEN)
    _ASKED.clear()
    begun = time.monotonic()
    await _run(client, f"single-{number}")
    return _ASKED[0] - begun


if __name__ == "__main__":
    asyncio.run(main())
    # Threads of the client's native part may abort the interpreter while it ends.
    os._exit(0)
