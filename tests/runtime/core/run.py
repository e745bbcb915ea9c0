"""A run that a test moves by hand: a graph from YAML, events in, decisions out."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sopc.graph import Failure
from sopc.graph.file import loads_graph
from sopc.organization import Organization
from sopc_runtime.core.decision import Call, Decision, Escalate, OpenTask
from sopc_runtime.core.event import (
    CallFailed,
    CallInDoubt,
    CallSucceeded,
    Event,
    ModeChanged,
    Started,
    TaskDecided,
    TimerFired,
)
from sopc_runtime.core.interpreter import advance, start
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import STATE, Phase
from sopc_runtime.core.task import Task

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
_D = TypeVar("_D")

ORGANIZATION = Organization.model_validate(
    {
        "name": "Tidewater",
        "time_zone": "America/Chicago",
        "business_hours": {},
        "roles": [{"id": "clerk", "name": "clerk"}, {"id": "boss", "name": "boss"}],
        "systems": [
            {
                "id": "crm",
                "name": "CRM",
                "binding": {"connector": "http"},
                "operations": [
                    {"name": "look_up", "effect": "read"},
                    {"name": "pay", "effect": "pay"},
                ],
            }
        ],
        "limits": [{"id": "pay", "says": "at most 1000", "most": 100000, "currency": "USD"}],
    }
)


class Run:
    """One run; its state goes through JSON after every event, as in a table."""

    def __init__(
        self, steps: str, *, mode: Mode = Mode.AUTONOMOUS, head: str = "", **values: Any
    ) -> None:
        inner = "\n".join(f"      {line}" for line in steps.strip("\n").splitlines())
        text = (
            "format: 1\nid: g\ntitle: G\n"
            "inputs:\n"
            "  - {name: amount, type: integer, required: false}\n"
            "  - {name: open, type: boolean, required: false}\n"
            "  - {name: cases, type: list, items: integer, required: false}\n"
            "roles:\n  - {id: clerk, name: clerk}\n  - {id: boss, name: boss}\n"
            "systems:\n  - {id: crm, name: CRM}\n"
            f"procedures:\n  - id: p\n    title: P\n{head}    steps:\n{inner}\n"
        )
        self.program = Program(loads_graph(text).graph, ORGANIZATION)
        self.now = NOW
        self.all: list[Decision] = []
        started = Started(at=NOW, run="r", mode=mode, values=values)
        self.state, self.last = start(self.program, started)
        self.all += self.last

    def tell(self, event: Event) -> "Run":
        """Give the run an event."""
        state = STATE.validate_json(STATE.dump_json(self.state))
        self.state, self.last = advance(self.program, state, event)
        self.all += self.last
        return self

    def decide(self, step: str, choice: str, **values: Any) -> "Run":
        """Decide the open task of a step."""
        event = TaskDecided(
            at=self.now, task=self.task(step).id, choice=choice, by="Dana", values=values
        )
        return self.tell(event)

    def succeed(self, step: str, **values: Any) -> "Run":
        """Let the call of a step succeed, or be rendered."""
        return self.tell(CallSucceeded(at=self.now, call=self._call(step), values=values))

    def fail(self, step: str, failure: Failure = Failure.REFUSED) -> "Run":
        """Let the call of a step fail."""
        event = CallFailed(at=self.now, call=self._call(step), failure=failure, message="no")
        return self.tell(event)

    def doubt(self, step: str) -> "Run":
        """Let nobody know whether the call of a step happened."""
        return self.tell(CallInDoubt(at=self.now, call=self._call(step), message="cut off"))

    def fire(self, timer: str) -> "Run":
        """Let the time of a timer come."""
        self.now = max(self.now, self.state.timers[timer])
        return self.tell(TimerFired(at=self.now, timer=timer))

    def change(self, mode: Mode) -> "Run":
        """Promote or demote the procedure."""
        return self.tell(ModeChanged(at=self.now, mode=mode, by="Dana"))

    def later(self, **length: int) -> "Run":
        """Let time pass in which nothing happens."""
        self.now += timedelta(**length)
        return self

    def task(self, step: str) -> Task:
        """Give the open task of a step."""
        [task] = [each for each in self.state.tasks.values() if each.step == step]
        return task

    @property
    def asked(self) -> list[str]:
        """The steps and kinds of the open tasks."""
        return sorted(f"{each.step} {each.kind}" for each in self.state.tasks.values())

    def gave(self, kind: type[_D]) -> list[_D]:
        """Give the decisions of one kind since the beginning."""
        return [each for each in self.all if isinstance(each, kind)]

    @property
    def sent(self) -> list[Call]:
        """The calls that are not only rendered."""
        return [each for each in self.gave(Call) if not each.dry]

    @property
    def opened(self) -> list[Task]:
        """Every task that was opened."""
        return [each.task for each in self.gave(OpenTask)]

    @property
    def escalated(self) -> list[str | None]:
        """The roles that it turned to, in order."""
        return [each.to for each in self.gave(Escalate)]

    def phase(self, step: str) -> Phase | None:
        """Give where a step stands; None where the flow has not come to it."""
        at = self.state.steps.get(step)
        return at.phase if at is not None else None

    def _call(self, step: str) -> str:
        [call] = [call for call, path in self.state.calls.items() if path == step]
        return call
