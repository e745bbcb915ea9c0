"""Where a rejection leads: to the steps that deal with it, or to the end."""

from datetime import UTC, datetime

import pytest

from sopc.graph.file import loads_graph
from sopc_runtime.core.decision import OpenTask
from sopc_runtime.core.event import Started, TaskDecided
from sopc_runtime.core.interpreter import advance, start
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program

_GRAPH = """\
format: 1
id: report
title: Report
procedures:
  - id: report
    title: Report
    steps:
      - {{id: approve, kind: approval, title: Approve the report, role: manager}}
      - {{id: correct, kind: human_task, title: Correct it, role: analyst{handles}}}
      - {{id: send, kind: human_task, title: Send it, role: analyst}}
roles:
  - {{id: manager, name: manager}}
  - {{id: analyst, name: analyst}}
"""
_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("handles", "choice", "asked", "status"),
    [
        (", handles: approve", "reject", ["correct"], "running"),
        (", handles: approve", "approve", ["send"], "running"),
        ("", "reject", [], "done"),
    ],
    ids=["dealt with", "approved", "nobody deals with it"],
)
def test_a_rejection_goes_to_the_step_that_deals_with_it(
    handles: str, choice: str, asked: list[str], status: str
) -> None:
    """Whoever corrects what was rejected is asked; without such a step the run ends."""
    program = Program(loads_graph(_GRAPH.format(handles=handles)).graph, None)
    state, first = start(program, Started(at=_NOW, run="r", mode=Mode.AUTONOMOUS, values={}))
    task = next(each.task for each in first if isinstance(each, OpenTask))
    event = TaskDecided(at=_NOW, task=task.id, choice=choice, by="Dana", values={})
    state, then = advance(program, state, event)
    assert [each.task.step for each in then if isinstance(each, OpenTask)] == asked
    assert state.status == status
