"""Where what the program would have done, or proposed, was compared with what people did.

One row an act. In shadow a person says in the inbox whether people did the same; in the other modes
the approval of an act says it: approved as it is, they agree; changed, rejected or done by hand,
they do not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from sopc.errors import SopcError
from sopc.graph.base import GraphRecord
from sopc_runtime.core.event import TaskDecided
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.core.task import Task, TaskKind
from sopc_runtime.modes.wilson import Interval, wilson
from sopc_runtime.store.documents import program
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.tables import agreements

_CITING = frozenset({"cite", "citations", "by_cite", "to_cite"})


def agreed(task: Task, decided: TaskDecided) -> bool | None:
    """Tell whether a decision says that the program did right; None where it says nothing of it."""
    if task.kind is TaskKind.COMPARISON:
        return decided.choice == "same"
    if task.kind is not TaskKind.ACT:
        return None
    shown = task.shown.get("inputs", {})
    changed = any(shown.get(name) != value for name, value in decided.values.items())
    return decided.choice == "approve" and not changed


def record(
    connection: Connection,
    *,
    name: str,
    graph: str,
    run: str,
    mode: Mode,
    task: Task,
    decided: TaskDecided,
) -> bool:
    """Keep what a decision says of the program, once a task; to be called when a run takes it.

    Args:
        connection: The transaction in which the run takes the decision.
        name: The deployed procedure.
        graph: The hash that the run goes by.
        run: The run's id.
        mode: The run's mode before the decision.
        task: The task as it was open; kinds that compare nothing are passed over.
        decided: The decision.

    Returns:
        Whether there was something to keep.
    """
    same = agreed(task, decided)
    if same is None:
        return False
    row = {
        "name": name,
        "graph": graph,
        "step": task.step.partition("/")[0],
        "run": run,
        "key": f"{run}:{task.id}",
        "at": decided.at,
        "agreed": same,
        "by": decided.by,
        "source": "shadow" if task.kind is TaskKind.COMPARISON else mode.value,
        "note": decided.reason,
    }
    return connection.execute(insert_once(connection, agreements).values(row)).rowcount == 1


@dataclass(frozen=True, slots=True)
class Count:
    """Comparisons, and how many of them agreed."""

    total: int = 0
    agreed: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.total + other.total, self.agreed + other.agreed)

    @property
    def interval(self) -> Interval:
        """Between what bounds the real agreement is, at 95%."""
        return wilson(self.agreed, self.total)

    def as_json(self) -> dict[str, Any]:
        """Give it for programs."""
        lower, upper = self.interval
        return {
            "comparisons": self.total,
            "agreed": self.agreed,
            "lower": round(lower, 4),
            "upper": round(upper, 4),
        }


@dataclass(frozen=True)
class Measured:
    """How far a procedure's acts agree with people.

    Attributes:
        steps: By the id of every step that acts, and of others that were compared.
        acting: The ids of the steps that act on a system, in the order of the file.
    """

    steps: dict[str, Count] = field(default_factory=dict)
    acting: tuple[str, ...] = ()

    @property
    def all(self) -> Count:
        """All steps together."""
        return sum(self.steps.values(), Count())

    def as_json(self) -> dict[str, Any]:
        """Give it for programs."""
        steps = {step: count.as_json() for step, count in self.steps.items()}
        return {"all": self.all.as_json(), "steps": steps}


def acting_steps(program: Program) -> tuple[str, ...]:
    """Give the steps that do something to a system by themselves, in the order of the file."""
    return tuple(
        step.id
        for step in program.procedure.steps
        if (operation := program.operation(step)) is not None and operation.effect != "read"
    )


def measure(
    connection: Connection, *, name: str, program: Program, since: datetime | None = None
) -> Measured:
    """Measure how far a procedure agrees with people, from comparisons of `since` or later.

    Comparisons under an earlier version count if it does the same: if it differs in its citations
    alone. Others are of another procedure.
    """
    rows = agreements.c
    asked = select(rows.graph, rows.step, rows.agreed).where(rows.name == name)
    if since is not None:
        asked = asked.where(rows.at >= since)
    found = list(connection.execute(asked))
    same = _same_versions(connection, program, {each.graph for each in found})
    acting = acting_steps(program)
    steps = dict.fromkeys(acting, Count())
    for each in found:
        if each.graph in same and each.step in program.steps:
            count = Count(1, int(each.agreed))
            steps[each.step] = steps.get(each.step, Count()) + count
    return Measured(steps, acting)


def _same_versions(connection: Connection, current: Program, hashes: Iterable[str]) -> set[str]:
    same = {current.graph_hash}
    own = doings(current)
    for each in set(hashes) - same:
        other = _other_version(connection, each, current.procedure.id)
        if other is not None and doings(other) == own:
            same.add(each)
    return same


def _other_version(connection: Connection, graph: str, procedure: str) -> Program | None:
    try:
        return program(connection, graph, "", procedure)
    except SopcError:
        # It is kept no more, or had no such procedure.
        return None


def doings(program: Program) -> Any:
    """Give what a procedure does, without the places that it was read from; to be compared."""
    kept = {"inputs": program.graph.inputs, "procedure": program.procedure}
    return {key: _without_places(value) for key, value in kept.items()}


def _without_places(value: Any) -> Any:
    if isinstance(value, GraphRecord):
        names = type(value).model_fields.keys() - _CITING
        return {name: _without_places(getattr(value, name)) for name in names}
    if isinstance(value, list | tuple):
        return [_without_places(each) for each in value]
    return value
