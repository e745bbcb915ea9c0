"""Deadlines that count from a moment which nothing in the run names."""

from datetime import UTC, datetime, timedelta

from sopc.graph.file import loads_graph
from sopc_runtime.core.event import Started
from sopc_runtime.core.interpreter import start
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program

_NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


def _timers(deadline: str) -> dict[str, datetime]:
    text = f"""\
format: 1
id: refund
title: Refund
procedures:
  - id: refund
    title: Refund
    steps:
      - {{id: tell, kind: human_task, title: Tell them, deadlines: [{deadline}]}}
"""
    program = Program(loads_graph(text).graph, None)
    state, decisions = start(program, Started(at=_NOW, run="r", mode=Mode.SHADOW))
    assert any(each.kind == "remark" and "not known" in each.says for each in decisions)
    return state.timers


def test_what_follows_an_unknown_moment_is_due_from_when_the_step_began() -> None:
    """The step begins no earlier than the moment, so the deadline is kept."""
    timers = _timers("{says: within 4 hours of the decision, within: PT4H, of: the decision}")
    assert timers == {"tell:deadline:0": _NOW + timedelta(hours=4)}


def test_what_comes_before_an_unknown_moment_is_not_due() -> None:
    """Nobody can tell when."""
    before = "{says: 1 day before the call, within: P1D, relation: before, of: the call}"
    assert _timers(before) == {}
