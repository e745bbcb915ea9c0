"""DBOS, as far as it is used: errands that are seen through, and queues with limits."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import thread as pools
from typing import Any, Protocol

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import Engine

from sopc_runtime.connectors.settings import Settings

APPLICATION = "sopc"

# Long waits outlive releases: what is pending is this application's, whichever release began it.
VERSION = "1"

_MINUTE = 60.0
_POLL = 0.25
_FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_OPEN = ["PENDING", "ENQUEUED", "DELAYED"]
_MANY = 500
_EXECUTORS = "dbos-executor-"


class Body(Protocol):
    """What errands do."""

    def work(self, errand: str) -> None:
        """Do what is ready."""

    def work_queued(self, errand: str, run: str, call: str) -> None:
        """Carry out one call of a system with limits."""


class Durable:
    """DBOS in this process, of which there can be only one at a time."""

    def __init__(self, engine: Engine, executor: str, body: Body) -> None:
        self._engine = engine
        self._body = body
        self._queues: dict[str, Settings] = {}
        self._dbos: DBOS | None = None
        self.executor = executor

    @property
    def limited(self) -> frozenset[str]:
        """The systems that have queues."""
        return frozenset(self._queues)

    def launch(self) -> None:
        """Begin: pending errands of this executor are taken up at once."""
        url = self._engine.url.render_as_string(hide_password=False)
        lite = self._engine.dialect.name == "sqlite"
        # What is wrong with the database is told by the worker, once.
        told = logging.getLogger("dbos")
        told.setLevel(logging.CRITICAL)
        told.propagate = False
        if not told.handlers:
            # Without any, DBOS takes the stderr of now for good.
            told.addHandler(logging.NullHandler())
        if lite:
            # DBOS begins its migrations by itself, which an engine with BEGIN IMMEDIATE does too.
            DBOS.migrate(url)
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": url,
            "system_database_engine": self._engine,
            "run_migrations": not lite,
            "application_version": VERSION,
            "executor_id": self.executor,
            "enable_otlp": False,
            "log_level": "CRITICAL",
            "use_listen_notify": False,
            # Nobody waits for notifications; this is how long its end takes.
            "notification_listener_polling_interval_sec": 0.1,
        }
        _BODIES[:] = [self._body]
        self._dbos = DBOS(config=config)
        self._launch()

    def _launch(self) -> None:
        """Launch DBOS from a daemon thread, whose own threads are daemons too then."""
        failed: list[BaseException] = []

        def launch() -> None:
            try:
                DBOS.launch()
            except BaseException as error:  # noqa: BLE001 # told to who started it
                failed.append(error)

        thread = threading.Thread(target=launch, name="sopc launch", daemon=True)
        thread.start()
        thread.join()
        if failed:
            raise failed[0]

    def close(self) -> None:
        """End; what is still at work is not waited for, now or when the interpreter ends."""
        database: Any = getattr(self._dbos, "_sys_db_field", None)
        if database is not None:
            # While the database is away its threads try again for ever.
            database._retry_connection_errors = False  # noqa: SLF001 # nothing else ends them
        DBOS.destroy()
        waited_for: Any = pools._threads_queues  # noqa: SLF001 # nothing else takes them out
        for each in threading.enumerate():
            if each.name.startswith(_EXECUTORS) and each.daemon:
                # The interpreter would wait for them at its end, daemons or not.
                waited_for.pop(each, None)
        self._dbos = None
        _BODIES.clear()

    def start(self, errand: str) -> None:
        """Start an errand."""
        with SetWorkflowID(errand):
            DBOS.start_workflow(_errand)

    def limit(self, system: str, settings: Settings) -> None:
        """Make a system's queue as its settings say."""
        if self._queues.get(system) == settings:
            return
        DBOS.register_queue(
            _queue(system),
            global_concurrency=settings.max_concurrent,
            limiter=(
                {"limit": settings.per_minute, "period": _MINUTE} if settings.per_minute else None
            ),
            polling_interval_sec=_POLL,
            on_conflict="always_update",
        )
        self._queues[system] = settings

    def enqueue(self, system: str, errand: str, run: str, call: str) -> None:
        """Put a call into its system's queue."""
        with SetWorkflowID(errand):
            DBOS.enqueue_workflow(_queue(system), _queued, run, call)

    def unfinished(self, errands: Sequence[str]) -> set[str]:
        """Give those of the errands that are still to be done, or being done."""
        found: set[str] = set()
        for first in range(0, len(errands), _MANY):
            some = list(errands[first : first + _MANY])
            known = DBOS.list_workflows(
                workflow_ids=some, status=_OPEN, load_input=False, load_output=False
            )
            found.update(each.workflow_id for each in known)
        return found

    def executors(self) -> set[str]:
        """Give the executors that have errands at work, or that left them."""
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {each.executor_id for each in pending if each.executor_id}

    def at_work(self) -> set[str]:
        """Give the errands that are at work in this process as far as DBOS knows."""
        pending = DBOS.list_workflows(
            status="PENDING", executor_id=self.executor, load_input=False, load_output=False
        )
        return {each.workflow_id for each in pending}

    def resume(self, errands: Sequence[str]) -> None:
        """Take errands up again that ended without DBOS hearing of it."""
        DBOS.resume_workflows(list(errands))

    def take_over(self, executor: str) -> int:
        """Take up the errands of an executor that is gone; gives how many."""
        pending = DBOS.list_workflows(
            status="PENDING", executor_id=executor, load_input=False, load_output=False
        )
        ids = [each.workflow_id for each in pending]
        for first in range(0, len(ids), _MANY):
            DBOS.resume_workflows(ids[first : first + _MANY])
        return len(ids)

    def forget(self, before: str) -> bool:
        """Delete some of what DBOS kept of errands that had ended by an instant in ISO 8601.

        Returns:
            Whether nothing of it is left.
        """
        old = DBOS.list_workflows(
            status=_FINISHED,
            completed_before=before,
            limit=_MANY,
            load_input=False,
            load_output=False,
        )
        if old:
            DBOS.delete_workflows([each.workflow_id for each in old])
        return len(old) < _MANY


_BODIES: list[Body] = []


def _queue(system: str) -> str:
    return f"system-{system}"


@DBOS.workflow(name="errand", max_recovery_attempts=None)
def _errand() -> None:
    _BODIES[0].work(str(DBOS.workflow_id))


@DBOS.workflow(name="queued", max_recovery_attempts=None)
def _queued(run: str, call: str) -> None:
    _BODIES[0].work_queued(str(DBOS.workflow_id), run, call)
