"""Runs that cannot go on: marked, and people are told, since only they can mend it."""

import json
from datetime import datetime

from sqlalchemy import Connection, select, update

from sopc.errors import SopcError
from sopc_runtime.store import documents
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.tables import outbox, runs

STUCK = "stuck"
"""The kind of the notification."""


def problem_of(error: Exception) -> str:
    """Say what is wrong, without any value of the run."""
    if isinstance(error, SopcError):
        return str(error)
    return f"internal error: {type(error).__name__}; the log of the process tells more"


def mark_stuck(connection: Connection, run: str, problem: str, *, tell: bool, at: datetime) -> None:
    """Note why a run cannot go on; the next event that it takes wipes that out.

    Args:
        connection: Within a transaction.
        run: The run's id.
        problem: What is wrong.
        tell: Whether people are told, once for each place that a run is stuck at.
        at: Now.
    """
    found = select(runs).where(runs.c.id == run).with_for_update()
    row = connection.execute(found).one_or_none()
    if row is None:
        return
    if row.problem != problem:
        connection.execute(update(runs).where(runs.c.id == run).values(problem=problem))
    if tell:
        try:
            known = documents.program(connection, row.graph, row.organization, row.procedure)
            owner = known.graph.owner
        except SopcError:
            owner = None
        about = {"run": run, "name": row.name, "why": problem, "owner": owner}
        told = {
            "key": f"{STUCK}:{run}:{row.journal_seq}",
            "kind": STUCK,
            "content": json.dumps(about),
            "created": at,
        }
        connection.execute(insert_once(connection, outbox).values(told))
