"""One trial: many runs, and a worker that is killed again and again until all of them are done."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from crash_procedure import ITEMS, ORGANIZATION, graph_text
from crash_record import recorded
from crash_verdict import problems
from sqlalchemy import Engine, func, select

from sopc_runtime.core.event import Started, TaskDecided
from sopc_runtime.core.mode import Mode
from sopc_runtime.store.database import (
    postgres_engine,
    prepare,
    reading,
    sqlite_engine,
)
from sopc_runtime.store.documents import keep
from sopc_runtime.store.mailbox import post
from sopc_runtime.store.run_start import Version, begin
from sopc_runtime.store.tables import calls, runs, tasks

_LOOK = 0.02


@dataclass(slots=True, kw_only=True)
class Trial:
    """What is tried.

    Attributes:
        database: A SQLite file, or the URL of a PostgreSQL database that is empty.
        folder: Where the systems keep their record.
        runs: How many runs.
        workers: How many processes work at once (one on SQLite).
        lives: The shortest and longest time between a start and its kill, in seconds.
        slow: The most seconds that a system takes before, and again after, it does something.
        patience: Seconds after which all runs have to be done.
    """

    database: str
    folder: Path
    runs: int
    seed: int
    workers: int = 1
    lives: tuple[float, float] = (0.1, 0.8)
    slow: float = 0.01
    most_kills: int = 1_000
    waits: bool = True
    patience: float = 600.0


@dataclass(slots=True)
class Verdict:
    """How it went: `problems` has to be empty."""

    runs: int = 0
    kills: int = 0
    effects: int = 0
    doubts: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def try_out(trial: Trial) -> Verdict:
    """Run one trial."""
    return _Trial(trial).go()


class _Trial:
    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.chance = random.Random(trial.seed)  # noqa: S311 # not for secrets
        postgres = trial.database.startswith("postgresql")
        self.engine: Engine = (
            postgres_engine(trial.database) if postgres else sqlite_engine(Path(trial.database))
        )
        self.verdict = Verdict(runs=trial.runs)
        self.doubtful: set[tuple[str, str]] = set()
        self.children: list[int] = []

    def go(self) -> Verdict:
        began = time.monotonic()
        self._begin()
        command = [
            sys.executable,
            str(Path(__file__).with_name("crash_process.py")),
            self.trial.database,
            str(self.trial.folder),
            str(self.trial.slow),
        ]
        with subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        ) as forks:
            self._told(forks)
            try:
                self._kill_until_done(forks, began + self.trial.patience)
            finally:
                for child in self.children:
                    _kill(child)
                forks.kill()
        self.verdict.effects = len(recorded(self.trial.folder / "record"))
        self.verdict.problems += problems(self.engine, self.trial.folder / "record", self.doubtful)
        self.verdict.seconds = time.monotonic() - began
        self.engine.dispose()
        return self.verdict

    def _begin(self) -> None:
        prepare(self.engine)
        at = datetime.now(UTC)
        with self.engine.begin() as connection:
            keep(connection, kind="organization", text=ORGANIZATION, digest="organization")
            for number in range(self.trial.runs):
                name = f"chance-{number}"
                text = graph_text(self.chance, name, waits=self.trial.waits)
                digest = hashlib.sha256(text.encode()).hexdigest()
                keep(connection, kind="graph", text=text, digest=digest)
                under = Version(
                    name=name,
                    graph=digest,
                    organization="organization",
                    procedure=name,
                    mode=Mode.AUTONOMOUS,
                )
                started = Started(
                    at=at, run=f"run-{number}", mode=Mode.AUTONOMOUS, values={"numbers": ITEMS}
                )
                begin(connection, name=name, run=started.run, started=started, under=under)

    def _kill_until_done(self, forks: "subprocess.Popen[str]", until: float) -> None:
        while time.monotonic() < until:
            while len(self.children) < self.trial.workers:
                self.children.append(int(self._ask(forks)))
            killing = self.verdict.kills < self.trial.most_kills
            if self._wait(self.chance.uniform(*self.trial.lives) if killing else None, until):
                return
            child = self.children.pop(self.chance.randrange(len(self.children)))
            _kill(child)
            self.verdict.kills += 1
            if not self.children:
                self._note_doubtful()
        self.verdict.problems.append(f"not done after {self.trial.patience:g} seconds")

    def _wait(self, seconds: float | None, until: float) -> bool:
        """Wait, answering doubts; true when all runs are done."""
        end = until if seconds is None else min(until, time.monotonic() + seconds)
        while time.monotonic() < end:
            time.sleep(_LOOK)
            if self._answer() == 0:
                return True
        return False

    def _answer(self) -> int:
        """Answer open doubts by what the system's record says; gives how many runs are open."""
        doubt = select(tasks.c.run, tasks.c.task, tasks.c.step).where(
            tasks.c.kind == "doubt", tasks.c.status == "open"
        )
        with reading(self.engine).connect() as connection:
            asked = connection.execute(doubt).all()
            still = connection.execute(
                select(func.count()).select_from(runs).where(runs.c.status == "running")
            ).scalar_one()
        if asked:
            done = {
                each["key"].rsplit("/", 1)[0] for each in recorded(self.trial.folder / "record")
            }
            with self.engine.begin() as connection:
                for run, task, step in asked:
                    event = TaskDecided(
                        at=datetime.now(UTC),
                        task=task,
                        choice="happened" if f"{run}/{step}" in done else "not-happened",
                        by="Lena Brandt",
                    )
                    told = post(connection, run, event, key=f"task:{task}")
                    self.verdict.doubts += told
        return int(still)

    def _note_doubtful(self) -> None:
        open_calls = select(calls.c.run, calls.c.call, calls.c.system, calls.c.request).where(
            calls.c.status == "started", calls.c.system == "plain"
        )
        with reading(self.engine).connect() as connection:
            for row in connection.execute(open_calls):
                if not json.loads(row.request)["dry"]:
                    self.doubtful.add((row.run, row.call))

    def _ask(self, forks: "subprocess.Popen[str]") -> str:
        assert forks.stdin is not None  # noqa: S101 # it is a pipe
        forks.stdin.write("\n")
        forks.stdin.flush()
        return self._told(forks)

    def _told(self, forks: "subprocess.Popen[str]") -> str:
        assert forks.stdout is not None  # noqa: S101 # it is a pipe
        return forks.stdout.readline().strip()


def _kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return
    # The file lock goes with the process, which takes a moment.
    for _ in range(200):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.005)
