"""The same twelve steps written by hand in DBOS, on an engine with the same settings."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dbos import DBOS, DBOSConfig, SetWorkflowID
from rate_procedure import STEPS
from rate_sample import BETWEEN, FLIGHTS, TRIGGERS, Sample

from sopc_runtime.store.database import postgres_engine, sqlite_engine

_ASKED = threading.Event()


@DBOS.step()
def act(number: int) -> int:
    """Do nothing."""
    _ASKED.set()
    return number


@DBOS.workflow()
def twelve() -> int:
    """Do nothing, twelve times."""
    return sum(act(number) for number in range(STEPS))


def main() -> None:
    """Measure: `rate_dbos.py DATABASE RUNS FLIGHTS`."""
    database, count, flights = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    lite = "://" not in database
    engine = sqlite_engine(Path(database, "dbos.db")) if lite else postgres_engine(database)
    url = engine.url.render_as_string(hide_password=False)
    if lite:
        DBOS.migrate(url)
    config: DBOSConfig = {
        "name": "twelve",
        "system_database_url": url,
        "system_database_engine": engine,
        "run_migrations": not lite,
        "log_level": "CRITICAL",
        "enable_otlp": False,
        "use_listen_notify": False,
    }
    DBOS(config=config)
    DBOS.launch()
    _run("warm")
    begun, cpu = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(flights) as starters:
        list(starters.map(_run, (f"run-{each}" for each in range(count))))
    seconds, cpu = time.monotonic() - begun, time.process_time() - cpu
    latencies = [_latency(number) for number in range(TRIGGERS if flights == FLIGHTS else 0)]
    DBOS.destroy()
    Sample(runs=count, seconds=seconds, cpu=cpu, latencies=latencies).tell()


def _run(name: str) -> None:
    with SetWorkflowID(name):
        twelve()


def _latency(number: int) -> float:
    time.sleep(BETWEEN)
    _ASKED.clear()
    begun = time.monotonic()
    with SetWorkflowID(f"single-{number}"):
        handle = DBOS.start_workflow(twelve)
    _ASKED.wait(10)
    took = time.monotonic() - begun
    handle.get_result(polling_interval_sec=0.05)
    return took


if __name__ == "__main__":
    main()
