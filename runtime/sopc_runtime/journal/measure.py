"""Measures: what happens how often and how long it takes, and what waits."""

from collections.abc import Iterable
from typing import Any

from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation
from sqlalchemy import Engine, Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import mail, tasks


class Measures:
    """The instruments. Attributes are names of the graph and kinds, never values."""

    def __init__(self, provider: MeterProvider, engine: Engine) -> None:
        meter = provider.get_meter("sopc")
        self.runs_started = meter.create_counter("sopc.runs.started", "{run}", "runs that began")
        self.runs_ended = meter.create_counter("sopc.runs.ended", "{run}", "runs that ended")
        self.steps = meter.create_counter("sopc.steps", "{step}", "steps that came to an end")
        self.calls = meter.create_counter("sopc.calls", "{call}", "calls of systems that are over")
        self.durations = meter.create_histogram(
            "sopc.calls.duration", "s", "from the decision to call until the outcome is known"
        )
        self.escalations = meter.create_counter(
            "sopc.escalations", "{escalation}", "rungs that were climbed"
        )
        self.deadlines = meter.create_counter(
            "sopc.deadlines.missed", "{deadline}", "deadlines that were missed"
        )
        open_tasks = select(func.count()).select_from(tasks).where(tasks.c.status == "open")
        waiting = select(func.count()).select_from(mail).where(mail.c.taken.is_(None))
        for name, unit, says, query in (
            ("sopc.tasks.open", "{task}", "tasks that wait for people", open_tasks),
            ("sopc.queue.length", "{event}", "events that no worker has taken yet", waiting),
        ):
            counted = _Counted(reading(engine), query)
            meter.create_observable_gauge(name, [counted], unit, says)


class _Counted:
    """Counts rows whenever metrics are collected, so that all processes tell the same."""

    def __init__(self, engine: Engine, query: Select[Any]) -> None:
        self._engine = engine
        self._query = query

    def __call__(self, options: CallbackOptions) -> Iterable[Observation]:
        """Count; nothing is told while the database is away."""
        del options
        try:
            with self._engine.connect() as connection:
                return [Observation(int(connection.execute(self._query).scalar_one()))]
        except SQLAlchemyError:
            return []
