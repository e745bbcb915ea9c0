"""Whether the process lives, and whether it can do its work."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import anyio
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sopc_runtime.driver.pause import not_paused
from sopc_runtime.driver.worker import Worker
from sopc_runtime.serve.ticker import Ticker
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import runs, timers
from sopc_runtime.store.turn import TurnConnection

_SECONDS_TO_WRITE = 2.0
_SECONDS_TO_ANSWER = 5.0


class Health:
    """Answers `/healthz` (it lives) and `/readyz` (it can do its work).

    Args:
        engine: The database.
        worker: What carries runs out.
        tickers: What is done again and again; one that fails is told, and is no reason to stop.
        now: The clock, in UTC.
    """

    def __init__(
        self,
        engine: Engine,
        worker: Worker,
        tickers: Sequence[Ticker],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._worker = worker
        self._tickers = tickers
        self._now = now
        self.stopping = False
        # Webhooks that wait for the database are not to keep this waiting as well.
        self._threads = anyio.CapacityLimiter(2)

    @property
    def routes(self) -> list[Route]:
        """The addresses."""
        return [Route("/healthz", self._alive), Route("/readyz", self._ready)]

    async def _alive(self, request: Request) -> Response:
        del request
        return PlainTextResponse("alive\n")

    async def _ready(self, request: Request) -> Response:
        del request
        content = self._content(None)
        with anyio.move_on_after(_SECONDS_TO_ANSWER):
            content = await anyio.to_thread.run_sync(
                self.report, abandon_on_cancel=True, limiter=self._threads
            )
        return JSONResponse(content, 200 if content["ready"] else 503)

    def report(self) -> dict[str, Any]:
        """Say how things stand; `lag` is how many seconds the most overdue timer waits.

        Anybody may ask, so of problems it says where there are how many: what they are, which
        names accounts and places, is logged.
        """
        lag = None
        try:
            with reading(self._engine).connect() as connection:
                due = connection.execute(
                    select(func.min(timers.c.due))
                    .join(runs, runs.c.id == timers.c.run)
                    .where(runs.c.status == "running", not_paused())
                ).scalar_one()
            self._begin_to_write()
            lag = max(0.0, (self._now() - due).total_seconds()) if due is not None else 0.0
        except (SQLAlchemyError, sqlite3.Error):
            pass
        return self._content(lag)

    def _begin_to_write(self) -> None:
        """Take the write lock of a SQLite file for a moment: another process may hold it."""
        if self._engine.dialect.name != "sqlite":
            return
        pooled = self._engine.raw_connection()
        try:
            raw = pooled.dbapi_connection
            assert isinstance(raw, TurnConnection)  # noqa: S101 # it was made so
            [patience] = raw.execute("PRAGMA busy_timeout").fetchone()
            raw.execute(f"PRAGMA busy_timeout = {_SECONDS_TO_WRITE * 1000:.0f}")
            try:
                raw.begin(_SECONDS_TO_WRITE)
                raw.rollback()
            finally:
                raw.execute(f"PRAGMA busy_timeout = {patience}")
        finally:
            pooled.close()

    def _content(self, lag: float | None) -> dict[str, Any]:
        """Give the report; without a lag, the database cannot be used."""
        counters = self._worker.counters
        database = lag is not None
        return {
            "ready": database and not counters.outage and not self.stopping,
            "database": database,
            "stopping": self.stopping,
            "lag": lag,
            "waiting": counters.ready,
            "at_work": counters.errands,
            "ailing": counters.ailing,
            "problems": Counter(each.kind for each in self._tickers if each.problem),
        }
