"""What runs cost that wait: memory, the time to start again, and how it grows with their number.

    python bench/runtime/waiting.py                       1,000, 10,000 and 100,000 runs
    python bench/runtime/waiting.py --runs 1000 20000     as many as said

Half of the runs wait for a person, with a deadline and a rung of a ladder; half for a month to
pass. Each has done one action. A process of its own then starts a worker on the file.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from waiting_process import Held
from waiting_rows import fill

_HEADING = (
    f"{'runs':>9}{'file MB':>9}{'fill s':>8}{'ready s':>9}{'first s':>9}{'MB':>7}{'peak MB':>9}"
    f"{'first ms':>10}{'timers/s':>10}{'flood/s':>9}{'idle %':>8}"
)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options = parser.parse_args()
    print(_HEADING)
    for runs in options.runs:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder) / "sopc.db", runs)


def _measure(path: Path, runs: int) -> None:
    begun = time.monotonic()
    fill(path, runs)
    filled = time.monotonic() - begun
    size = path.stat().st_size / 1e6
    process = Path(__file__).with_name("waiting_process.py")
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(process), str(path), str(time.time())],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=150,
    )
    held = Held(**json.loads(done.stdout.splitlines()[-1]))
    latency = statistics.median(held.latencies) * 1000
    print(
        f"{runs:>9,}{size:>9,.0f}{filled:>8.1f}{held.ready:>9.2f}{held.first:>9.2f}"
        f"{held.megabytes:>7.0f}{held.peak:>9.0f}{latency:>10.1f}{held.fired:>10.0f}"
        f"{held.flooded:>9.0f}{held.idle * 100:>8.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
