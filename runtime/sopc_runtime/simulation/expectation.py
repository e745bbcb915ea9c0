"""Whether statements of a scenario are true of what happened, and what is nearest where not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sopc.organization import WorkingTime
from sopc_runtime.core.decision import (
    Await,
    BranchTaken,
    Call,
    DeadlineMissed,
    Escalate,
    Finish,
    OpenTask,
    SetTimer,
    StepBegun,
    StepDone,
    StepFailed,
    StepSkipped,
)
from sopc_runtime.simulation.instant import instant
from sopc_runtime.simulation.scenario import Statement
from sopc_runtime.simulation.scenario_mistake import RUN
from sopc_runtime.simulation.timeline import Happening, local

_KINDS: dict[str, tuple[type, ...]] = {
    "started": (StepBegun,),
    "calls": (Call,),
    "asks": (OpenTask,),
    "waits": (SetTimer, Await),
    "escalates": (Escalate,),
    "late": (DeadlineMissed,),
    "done": (StepDone,),
    "skipped": (StepSkipped,),
    "failed": (StepFailed,),
    "decides": (BranchTaken,),
    "ends": (Finish,),
}
_WAITS = frozenset({"delay", "wait", "retry", "cadence"})
_OF_ELEMENTS = frozenset({"calls", "asks", "waits", "escalates", "late", "failed", "decides"})
"""What the elements of a for-each do for the step, which begins and is done itself."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that happened, with the number of the journal's entry that it stands in."""

    entry: int
    happening: Happening


@dataclass(frozen=True, slots=True)
class Near:
    """What happened that is most like a statement, and in what it differs."""

    seen: Seen
    differences: tuple[str, ...]


class Reader:
    """Reads statements about one run, `main`, that began at an instant."""

    def __init__(self, main: str, beginning: datetime, hours: WorkingTime) -> None:
        self._main, self._beginning, self._hours = main, beginning, hours

    def is_about(self, statement: Statement, happening: Happening) -> bool:
        """Tell whether something is of the kind, and of the step, that a statement is about."""
        what, verb = happening.what, statement.verb
        if not isinstance(what, _KINDS[verb]):
            return False
        if statement.within is None:
            if happening.run.id != self._main:
                return False
        elif happening.run.state.procedure != statement.within or happening.run.id == self._main:
            return False
        if verb == "ends":
            return True
        if isinstance(what, SetTimer) and what.timer.partition(":")[2] not in _WAITS:
            return False
        wanted, found = getattr(statement, verb), happening.step or RUN
        own = verb in _OF_ELEMENTS and wanted == found.partition("/")[0]
        return bool(own or wanted == found)

    def differences(  # noqa: C901, PLR0912 # one a kind
        self, statement: Statement, happening: Happening
    ) -> tuple[str, ...]:
        """Give in what something that a statement is about differs from it."""
        found = [*self._time("at", statement.at, happening.at)]
        what: Any = happening.what
        match what:
            case OpenTask(task=task):
                if statement.of is not None and statement.of not in task.roles:
                    found.append(f"of `{', '.join(task.roles) or 'anybody'}`")
                found += _other("kind", statement.kind, task.kind)
                found += self._time("due", statement.due, task.due)
                found += _values("input", statement.inputs, task.shown.get("inputs", {}))
            case SetTimer():
                found += self._time("until", statement.until, what.due)
            case Await():
                found += self._time("until", statement.until, None)
            case Escalate():
                found += _other("to", statement.to, what.to) + _other(
                    "via", statement.via, what.via
                )
                found += _because(statement, f"{what.says} {what.why}")
            case BranchTaken():
                to = (statement.to,) if isinstance(statement.to, str) else statement.to
                found += _other("to", to, what.to) + _because(statement, what.because)
            case Call():
                found += _other("operation", statement.operation, what.operation)
                found += _other("shown_only", statement.shown_only, what.dry)
                found += _values("input", statement.inputs, what.inputs)
            case StepFailed():
                found += _other("failure", statement.failure, what.failure)
                found += _because(statement, what.message)
            case StepSkipped():
                found += _because(statement, what.why)
            case DeadlineMissed():
                found += _because(statement, what.says)
            case StepDone():
                found += _values("value", statement.values, what.values)
            case Finish():
                found += _other("ends", statement.ends, what.status)
                found += _because(statement, what.why or "")
                found += _values("value", statement.values, happening.run.state.values)
            case _:
                pass
        return tuple(found)

    def nearest(self, statement: Statement, seen: Sequence[Seen]) -> Near | None:
        """Give what is most like a statement; None where nothing is of its kind and step."""
        found = [
            Near(each, self.differences(statement, each.happening))
            for each in seen
            if self.is_about(statement, each.happening)
        ]
        return min(found, key=lambda near: len(near.differences), default=None)

    def _time(self, name: str, wanted: str | None, found: datetime | None) -> list[str]:
        if wanted is None:
            return []
        due = instant(wanted, beginning=self._beginning, hours=self._hours)
        if found is not None and found.replace(microsecond=0) == due.replace(microsecond=0):
            return []
        shown = local(found, self._hours.zone) if found is not None else "no time"
        return [f"{name} {shown}"]

    def words(self, statement: Statement) -> str:
        """Give a statement in one line, its instants as instants."""
        said = statement.model_dump(exclude_none=True, exclude={statement.verb})
        parts = [f"{statement.verb} `{getattr(statement, statement.verb)}`"]
        for name, value in said.items():
            shown = value
            if name in {"at", "due", "until"}:
                due = instant(value, beginning=self._beginning, hours=self._hours)
                shown = local(due, self._hours.zone)
                shown += f" ({value})" if value.startswith("+") else ""
            parts.append(f"{name} {_shown(shown)}")
        return ", ".join(parts)


def _other(name: str, wanted: object, found: object) -> list[str]:
    return [] if wanted is None or wanted == found else [f"{name} {_shown(found)}"]


def _because(statement: Statement, found: str) -> list[str]:
    wanted = statement.because
    if wanted is None or wanted.casefold() in found.casefold():
        return []
    return [f"because “{found}”"]


def _values(name: str, wanted: dict[str, Any] | None, found: dict[str, Any]) -> list[str]:
    return [
        f"{name} `{key}` {_shown(found[key]) if key in found else 'is not there'}"
        for key, value in (wanted or {}).items()
        if key not in found or found[key] != value
    ]


def _shown(value: object) -> str:
    if value is None:
        return "nobody"
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return f"`{value}`"
