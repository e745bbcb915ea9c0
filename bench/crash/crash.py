"""Kills workers again and again while hundreds of runs go on, and tells whether it showed."""

import argparse
import sys
import tempfile
from pathlib import Path

from crash_cluster import cluster
from crash_trial import Trial, Verdict, try_out

_HEAD = f"{'database':<12}{'workers':>8}{'runs':>6}{'kills':>7}{'effects':>9}{'doubts':>8}{'s':>7}"


def main() -> int:
    """Run the trials that are asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=200, help="runs for each database")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", choices=["sqlite", "postgresql"])
    given = asked.parse_args()
    print(f"{_HEAD}  problems")
    bad = 0
    if given.only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            database = str(Path(folder) / "sopc.db")
            bad += _tell("sqlite", _trial(database, folder, given, workers=1))
    if given.only != "sqlite":
        with tempfile.TemporaryDirectory() as folder, cluster() as server:
            if server is None:
                print("postgresql   not installed")
            else:
                bad += _tell(
                    "postgresql", _trial(server.database("crash"), folder, given, workers=2)
                )
    return 1 if bad else 0


def _trial(database: str, folder: str, given: argparse.Namespace, *, workers: int) -> Trial:
    return Trial(
        database=database,
        folder=Path(folder),
        runs=given.runs,
        seed=given.seed,
        workers=workers,
        lives=(0.3, 3.0),
        patience=max(600.0, given.runs * 5.0),
    )


def _tell(name: str, trial: Trial) -> int:
    verdict: Verdict = try_out(trial)
    print(
        f"{name:<12}{trial.workers:>8}{verdict.runs:>6}{verdict.kills:>7}{verdict.effects:>9}"
        f"{verdict.doubts:>8}{verdict.seconds:>7.0f}  {len(verdict.problems)}",
        flush=True,
    )
    for problem in verdict.problems:
        print(f"  {problem}")
    return len(verdict.problems)


if __name__ == "__main__":
    sys.exit(main())
