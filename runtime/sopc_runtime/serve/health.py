"""Whether the process lives, and whether it can do its work."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sopc_runtime.driver.pause import not_paused
from sopc_runtime.driver.worker import Worker
from sopc_runtime.serve.ticker import Ticker
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import runs, timers


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

    @property
    def routes(self) -> list[Route]:
        """The addresses."""
        return [Route("/healthz", self._alive), Route("/readyz", self._ready)]

    async def _alive(self, request: Request) -> Response:
        del request
        return PlainTextResponse("alive\n")

    async def _ready(self, request: Request) -> Response:
        del request
        content = await run_in_threadpool(self.report)
        return JSONResponse(content, 200 if content["ready"] else 503)

    def report(self) -> dict[str, Any]:
        """Say how things stand; `lag` is how many seconds the most overdue timer waits.

        Anybody may ask, so of problems it says where there are how many: what they are, which
        names accounts and places, is logged.
        """
        counters = self._worker.counters
        lag = None
        try:
            with reading(self._engine).connect() as connection:
                due = connection.execute(
                    select(func.min(timers.c.due))
                    .join(runs, runs.c.id == timers.c.run)
                    .where(runs.c.status == "running", not_paused())
                ).scalar_one()
            lag = max(0.0, (self._now() - due).total_seconds()) if due is not None else 0.0
        except SQLAlchemyError:
            database = False
        else:
            database = True
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
