"""Replays of runs in memory: the same events have to give the same decisions."""

from dataclasses import dataclass

from sopc_runtime.core import interpreter
from sopc_runtime.core.decision import DECISION
from sopc_runtime.core.event import EVENT, Started
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import STATE, RunState
from sopc_runtime.simulation.memory import MemoryRun


@dataclass(frozen=True, slots=True)
class Difference:
    """The first decision that a replay took otherwise; as JSON, None where there is none.

    Attributes:
        event: The number of the event, from 0.
        decision: The number of the decision upon it, from 0.
    """

    event: int
    decision: int
    before: object
    now: object


def replay(run: MemoryRun, *, program: Program | None = None) -> Difference | None:
    """Take the events of a run again; give the first difference, None where there is none.

    Events and the state between them go through JSON, as those of runs in a database do.
    """
    under = program or run.program
    state: RunState | None = None
    for number, taken in enumerate(run.history):
        event = EVENT.validate_json(EVENT.dump_json(taken.event))
        if isinstance(event, Started):
            state, decisions = interpreter.start(under, event)
        else:
            assert state is not None  # noqa: S101 # a history begins with `Started`
            stored = STATE.validate_json(STATE.dump_json(state))
            state, decisions = interpreter.advance(under, stored, event)
        before = [DECISION.dump_python(each, mode="json") for each in taken.decisions]
        now = [DECISION.dump_python(each, mode="json") for each in decisions]
        for place in range(max(len(before), len(now))):
            old = before[place] if place < len(before) else None
            new = now[place] if place < len(now) else None
            if old != new:
                return Difference(number, place, old, new)
    return None
