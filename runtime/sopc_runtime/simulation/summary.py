"""What many simulated runs come to: outcomes, times, escalations, tasks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import Any

from sopc_runtime.core.decision import (
    BranchTaken,
    Call,
    DeadlineMissed,
    Escalate,
    OpenTask,
    StepFailed,
)
from sopc_runtime.simulation.memory import MemoryRun, elapsed
from sopc_runtime.simulation.timeline import passed

_PERCENTILES = (50, 90, 99, 100)
_REASON = 80


@dataclass(slots=True)
class Summary:
    """Counts over runs; add them one by one.

    Attributes:
        runs: How many runs there were, without those that they called.
        events: How many events all of them took.
        outcomes: How runs ended, with why; those that go on, with what they wait for.
        lengths: How long each run took that ended.
    """

    runs: int = 0
    events: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    lengths: list[timedelta] = field(default_factory=list)
    escalations: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    branches: Counter[str] = field(default_factory=Counter)
    tasks: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)

    def add(self, runs: Sequence[MemoryRun]) -> None:
        """Count a run, which comes first, and the runs that it called."""
        self.runs += 1
        self.outcomes[_outcome(runs[0])] += 1
        length = elapsed(runs[0])
        if length is not None:
            self.lengths.append(length)
        for run in runs:
            self.events += len(run.history)
            for taken in run.history:
                for decision in taken.decisions:
                    self._count(decision)

    def _count(self, decision: object) -> None:
        match decision:
            case Escalate():
                whom = decision.to or "nobody named"
                ladder = f"{decision.ladder} rung {decision.rung + 1}"
                self.escalations[f"{decision.step or 'the run'}, {ladder}, to {whom}"] += 1
            case DeadlineMissed():
                self.late[f"{decision.step or 'the run'}: {decision.says}"] += 1
            case StepFailed():
                self.failures[f"{decision.step}: {decision.failure}"] += 1
            case BranchTaken():
                self.branches[f"{decision.step} to {', '.join(decision.to)}"] += 1
            case OpenTask(task=task):
                self.tasks[f"{task.roles[0] if task.roles else 'anybody'}: {task.kind}"] += 1
            case Call():
                dry = ", only shown" if decision.dry else ""
                self.calls[f"{decision.system}: {decision.operation}{dry}"] += 1
            case _:
                pass

    def percentiles(self) -> dict[str, timedelta]:
        """Give how long runs took, by nearest rank; empty where none ended."""
        ordered = sorted(self.lengths)
        if not ordered:
            return {}
        return {
            "longest" if each == 100 else f"p{each}": ordered[  # noqa: PLR2004 # percent
                max(0, ceil(len(ordered) * each / 100) - 1)
            ]
            for each in _PERCENTILES
        }

    def plain(self) -> dict[str, Any]:
        """Give all of it as JSON has it; times in seconds."""
        lengths = {name: each.total_seconds() for name, each in self.percentiles().items()}
        counts = {name: dict(counter.most_common()) for name, counter in self._tables()}
        return {"runs": self.runs, "events": self.events, "seconds": lengths, **counts}

    def tables(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Give all of it as tables for people: a title, and rows."""
        lengths = [(name, passed(each)) for name, each in self.percentiles().items()]
        found = [
            (name, [(words, str(count)) for words, count in counter.most_common()])
            for name, counter in self._tables()
        ]
        return [found[0], ("time", lengths), *found[1:]]

    def _tables(self) -> list[tuple[str, Counter[str]]]:
        return [
            ("outcomes", self.outcomes),
            ("escalations", self.escalations),
            ("late", self.late),
            ("failures", self.failures),
            ("branches", self.branches),
            ("tasks", self.tasks),
            ("calls", self.calls),
        ]


def _outcome(run: MemoryRun) -> str:
    state = run.state
    if state.over:
        why = f": {state.why}" if state.why else ""
        return f"{state.status}{why}"[:_REASON]
    return f"goes on, waiting for {', '.join(waited_for(run)) or 'nothing'}"


def waited_for(run: MemoryRun) -> list[str]:
    """Give the steps that a run waits at, with whom it waits for."""
    roles = {task.step: task.roles for task in run.state.tasks.values()}
    return [
        f"{each.path} ({', '.join(roles[each.path]) or 'anybody'})"
        if each.path in roles
        else f"{each.path} ({each.phase})"
        for each in run.state.active()
    ]
