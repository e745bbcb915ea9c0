"""How many steps a second, and how long from a trigger to the first action, side by side.

    python bench/runtime/rate.py              all of it, about two minutes
    python bench/runtime/rate.py --rounds 5   the median of so many rounds

Each contender does the same twelve steps, which do nothing, in each of many runs. The rounds go
through all contenders in turn, each in a process of its own with a database of its own, so that a
machine that is slow for a while is slow for all. What is not installed is left out.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from rate_procedure import STEPS
from rate_sample import FLIGHTS, Sample, heard

_HERE = Path(__file__).parent
_PATIENCE = 60
_HEADING = (
    f"{'who':<36}{'steps/s':>10}{'min':>9}{'max':>9}{'runs/s':>9}"
    f"{'cpu ms/step':>13}{'first ms':>10}"
)

Database = Callable[[], str]


@dataclass(frozen=True)
class Contender:
    """Who does the steps.

    Attributes:
        script: The script that measures.
        runs: How many runs it does in one round.
        database: Makes an empty database; None for who needs none.
        arguments: What else the script is told.
    """

    name: str
    script: str
    runs: int
    database: Database | None
    arguments: tuple[str, ...] = ()

    def measure(self) -> Sample:
        """Do one round, in a process of its own."""
        place = [self.database()] if self.database else []
        done = subprocess.run(  # noqa: S603
            [sys.executable, str(_HERE / self.script), *place, str(self.runs), *self.arguments],
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=_PATIENCE,
        )
        return heard(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=40, help="runs of each round")
    options = parser.parse_args()
    measured: dict[str, list[Sample]] = defaultdict(list)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        contenders = list(_contenders(stack, folder, options.runs))
        for _ in range(options.rounds):
            for each in contenders:
                measured[each.name].append(each.measure())
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(_HEADING)
    for name, samples in measured.items():
        _tell(name, samples)


def _tell(name: str, samples: list[Sample]) -> None:
    rates = [each.runs * STEPS / each.seconds for each in samples]
    rate = statistics.median(rates)
    cpu = statistics.median(each.cpu / each.runs / STEPS * 1000 for each in samples)
    latency = statistics.median(each.latency for each in samples) * 1000
    print(
        f"{name:<36}{rate:>10,.0f}{min(rates):>9,.0f}{max(rates):>9,.0f}{rate / STEPS:>9,.1f}"
        f"{cpu:>13.2f}{latency:>10.1f}"
    )


def _contenders(stack: ExitStack, folder: Path, runs: int) -> Iterator[Contender]:
    files = _files(folder)
    yield Contender("bare SQLite log", "rate_log.py", runs, files)
    yield from _pairs("SQLite", files, runs)
    yield Contender("sopc, SQLite, pure steps", "rate_sopc.py", runs, files, ("pure", str(FLIGHTS)))
    postgres = _postgres(stack)
    if postgres is None:
        print("PostgreSQL is not installed", file=sys.stderr)
    else:
        yield from _pairs("PostgreSQL", postgres, runs)
    if shutil.which("temporal") and find_spec("temporalio"):
        yield Contender("Temporal's dev server, SQLite", "rate_temporal.py", runs // 2, files)
    else:
        print("Temporal is not installed", file=sys.stderr)
    yield Contender("sopc in memory", "rate_memory.py", runs * 10, None, ("acts",))
    yield Contender("sopc in memory, pure steps", "rate_memory.py", runs * 10, None, ("pure",))


def _pairs(kind: str, database: Database, runs: int) -> Iterator[Contender]:
    for flights in (FLIGHTS, 1):
        for name, script, arguments in (
            ("sopc", "rate_sopc.py", ("acts", str(flights))),
            ("DBOS by hand", "rate_dbos.py", (str(flights),)),
        ):
            yield Contender(f"{name}, {kind}, {flights} at once", script, runs, database, arguments)


def _files(folder: Path) -> Database:
    numbers = count()

    def make() -> str:
        path = folder / str(next(numbers))
        path.mkdir()
        return str(path)

    return make


def _postgres(stack: ExitStack) -> Database | None:
    sys.path.append(str(_HERE.parent / "crash"))
    from crash_cluster import cluster

    server = stack.enter_context(cluster())
    if server is None:
        return None
    numbers = count()
    return lambda: server.database(f"rate{next(numbers)}")


if __name__ == "__main__":
    main()
