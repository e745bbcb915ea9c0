"""A bare log in SQLite: one row and one commit for each step, and nothing else."""

import sqlite3
import sys
import time
from pathlib import Path

from rate_procedure import STEPS
from rate_sample import Sample


def main() -> None:
    """Measure: `rate_log.py FOLDER RUNS`."""
    folder, count = sys.argv[1], int(sys.argv[2])
    connection = sqlite3.connect(Path(folder, "log.db"), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE log (run INTEGER, step INTEGER, data TEXT)")
    begun, cpu = time.monotonic(), time.process_time()
    for run in range(count):
        for step in range(STEPS):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO log VALUES (?, ?, ?)", (run, step, '{"done":true}'))
            connection.execute("COMMIT")
    seconds, cpu = time.monotonic() - begun, time.process_time() - cpu
    connection.close()
    Sample(runs=count, seconds=seconds, cpu=cpu).tell()


if __name__ == "__main__":
    main()
