"""An hour's worth of mixed work in minutes: is memory flat, and is anything lost.

    python bench/soak/soak.py                 an hour in two minutes
    python bench/soak/soak.py --seconds 600   the same hour's rate for ten minutes

Orders and parcels come in as events, a report is sent by the clock, refunds are asked for; people
decide, some of them late; systems refuse, are away, lose answers and hang. The clock runs fast.
Afterwards all runs are seen through to their ends, and everything is counted.
"""

import argparse
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "crash"))

from crash_cluster import cluster
from soak_people import Outside
from soak_procedures import ORGANIZATION, deploy
from soak_systems import Clock, Moody, Record
from soak_verdict import problems, summary
from sqlalchemy import Engine, func, select

from sopc.organization import loads_organization
from sopc_runtime.driver.worker import Worker
from sopc_runtime.store.database import postgres_engine, prepare, reading, sqlite_engine
from sopc_runtime.store.tables import runs
from sopc_runtime.triggers.schedule import Schedules

_SPEED = 30.0
_SYSTEMS = ("stock", "ledger", "mailer", "bank")
_DRAINS = 120.0
_THIRDS = 3
_LEAP = timedelta(minutes=2)


def main() -> int:
    """Soak, and tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=120.0, help="of this machine's clock")
    parser.add_argument("--rate", type=float, default=8.0, help="orders a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="a server of its own, not a file")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if options.postgres:
            server = stack.enter_context(cluster())
            if server is None:
                parser.error("PostgreSQL is not installed")
            return _soak(postgres_engine(server.database("soak")), folder, options)
        return _soak(sqlite_engine(folder / "sopc.db"), folder, options)


def _soak(engine: Engine, folder: Path, options: argparse.Namespace) -> int:
    prepare(engine)
    clock = Clock(_SPEED)
    deploy(engine, clock.now())
    systems = {each: Moody(each, Record(folder / f"{each}.db")) for each in _SYSTEMS}
    known = loads_organization(ORGANIZATION)
    outside = Outside(engine, clock, known, systems, random.Random(options.seed))  # noqa: S311
    schedules = Schedules(engine)
    with Worker(
        engine,
        load=lambda: known,
        make=lambda system, _: systems[system.id],
        now=clock.now,
        grace=0.2,
    ) as worker:
        begun = time.monotonic()
        held = _live(outside, schedules, worker, options)
        lived = time.monotonic() - begun
        taken, called = worker.counters.events, worker.counters.calls
        drained = _drain(outside, worker)
        found = [] if drained else ["not all runs come to their ends"]
        found += problems(engine, outside)
        hung = worker.counters.hung
    _tell(engine, outside, held, lived)
    print(f"events {taken} calls {called} ({taken / lived:,.0f} events/s), hung {hung}")
    print(f"problems: {len(found)}")
    for each in found[:20]:
        print(f"  {each}")
    engine.dispose()
    for system in systems.values():
        system.done.close()
    return 1 if found else 0


def _live(
    outside: Outside, schedules: Schedules, worker: Worker, options: argparse.Namespace
) -> list[float]:
    """Let work come in for so long; gives the megabytes held, each second."""
    held: list[float] = []
    begun = time.monotonic()
    orders = 0
    second = 0
    while (passed := time.monotonic() - begun) < options.seconds:
        while orders < passed * options.rate:
            orders += 1
            outside.order()
        worker.wake()
        if passed >= second:
            second += 1
            schedules.tick(outside.clock.now())
            outside.refund()
            outside.arrive()
            outside.decide()
            held.append(_megabytes())
        time.sleep(0.02)
    return held


def _drain(outside: Outside, worker: Worker) -> bool:
    """See all runs through; systems are well now, and time passes faster."""
    for each in outside.systems.values():
        each.kind = True
    until = time.monotonic() + _DRAINS
    while time.monotonic() < until:
        outside.clock.ahead += _LEAP
        outside.arrive()
        outside.decide(all_now=True)
        worker.wake()
        time.sleep(0.2)
        if not _open(outside.engine) and worker.idle():
            return True
    return False


def _open(engine: Engine) -> int:
    still = select(func.count()).select_from(runs).where(runs.c.status == "running")
    with reading(engine).connect() as connection:
        return int(connection.execute(still).scalar_one())


def _tell(engine: Engine, outside: Outside, held: list[float], lived: float) -> None:
    hours = lived * _SPEED / 3600
    print(f"{lived:.0f} s, in which {hours:.1f} hours passed")
    for name, count in {**dict(sorted(outside.sent.items())), **summary(engine)}.items():
        print(f"  {name:<40}{count:>8,}")
    for name, each in outside.systems.items():
        print(f"  {name}: {', '.join(f'{mood} {n:,}' for mood, n in sorted(each.moods.items()))}")
    print(f"  came again {outside.again}, decided {outside.decided}, too late {outside.refused}")
    tenths = [held[(len(held) - 1) * n // 10] for n in range(11)]
    print(f"memory, MB, by tenths of that time: {', '.join(f'{each:.1f}' for each in tenths)}")
    third = len(held) // _THIRDS
    last = held[-third:]
    print(
        f"memory: {held[0]:.0f} MB at first, {held[third]:.0f} after a third, {held[-1]:.0f} at "
        f"last, {max(held):.0f} at most; in the last third {_slope(last) * 60:+.2f} MB a minute"
    )


def _slope(values: list[float]) -> float:
    """Give by how much values grow from one to the next, by least squares."""
    middle = (len(values) - 1) / 2
    mean = sum(values) / len(values)
    above = sum((n - middle) * (each - mean) for n, each in enumerate(values))
    return above / sum((n - middle) ** 2 for n in range(len(values)))


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    sys.exit(main())
