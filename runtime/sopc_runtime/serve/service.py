"""The process of `sopc serve`: started in order, and stopped in order within seconds."""

import logging
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import uvicorn
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette

from sopc.errors import UsageError
from sopc_runtime.driver.worker import Worker
from sopc_runtime.journal.telemetry import telemetry
from sopc_runtime.modes.settings import ModeSettings
from sopc_runtime.modes.watch import watch
from sopc_runtime.people.notify import send_waiting
from sopc_runtime.people.notify_settings import NotifySettings
from sopc_runtime.serve.connection import PromptConnection
from sopc_runtime.serve.health import Health
from sopc_runtime.serve.hooks import Hooks
from sopc_runtime.serve.ticker import Ticker
from sopc_runtime.serve.ways import Ways
from sopc_runtime.triggers.folder import Folder
from sopc_runtime.triggers.mailbox import Mailbox
from sopc_runtime.triggers.poll import Poll
from sopc_runtime.triggers.schedule import Schedules
from sopc_runtime.triggers.settings import TriggerSettings

log = logging.getLogger("sopc.serve")

_SECONDS_TO_STOP = 10.0
_MOST_REQUESTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """All that `sopc serve` goes by.

    Attributes:
        folder: Where `sopc.toml` stands, which paths in it are relative to.
        organization: The organization file for all; None for those beside what is deployed.
    """

    folder: Path
    triggers: TriggerSettings = field(default_factory=TriggerSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
    modes: ModeSettings = field(default_factory=ModeSettings)
    organization: Path | None = None


class Service:
    """Webhooks, sources, clocks, notifications and a worker, over one database.

    Args:
        engine: The database.
        settings: All that it goes by.
        now: The clock, in UTC.
    """

    def __init__(
        self,
        engine: Engine,
        settings: ServeSettings,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._now = now
        self.ways = Ways(engine, settings.organization)
        self.telemetry = telemetry(engine)
        self.worker = Worker(
            engine,
            load=self.ways.load,
            make=self.ways.make,
            now=now,
            observe=self.telemetry.observe if self.telemetry is not None else None,
        )
        self.hooks = Hooks(engine, settings.triggers.webhook, now=now, told=self.worker.wake)
        self.schedules = Schedules(engine, settings.triggers.schedule)
        self.tickers = tuple(self._tickers())
        self.health = Health(engine, self.worker, self.tickers, now=now)
        self.app = Starlette(routes=[*self.hooks.routes, *self.health.routes])

    def run(self, host: str, port: int, *, ready: Callable[[str, int], None]) -> None:
        """Serve until SIGTERM or SIGINT; `ready` is called with the address once all runs.

        Raises:
            UsageError: The address cannot be used.
            AlreadyWorkingError: Another process executes the runs of this SQLite file.
        """
        listening = _listening(host, port)
        config = uvicorn.Config(
            self.app,
            http=PromptConnection,
            ws="none",
            proxy_headers=False,
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=_MOST_REQUESTS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=5,
            lifespan="off",
        )
        server = uvicorn.Server(config)
        try:
            with _signals(server, self.health):
                self.worker.start()
                try:
                    for each in self.tickers:
                        each.start()
                    ready(host, listening.getsockname()[1])
                    server.run(sockets=[listening])
                finally:
                    self._stop()
        finally:
            listening.close()

    def _stop(self) -> None:
        self.health.stopping = True
        # All are told before any is waited for: they end at the same time, and begin nothing new.
        for each in self.tickers:
            each.stop(0)
        until = time.monotonic() + _SECONDS_TO_STOP / 2
        left = (max(0.0, until - time.monotonic()) for _ in self.tickers)
        late = [
            each.name for each, rest in zip(self.tickers, left, strict=True) if not each.stop(rest)
        ]
        if late:
            log.warning("left behind: %s", ", ".join(late))
        self.worker.stop(_SECONDS_TO_STOP)
        with suppress(SQLAlchemyError):
            self.hooks.forgeries.write()
        self.ways.close()
        if self.telemetry is not None:
            self.telemetry.close()

    def _tickers(self) -> Iterator[Ticker]:
        settings, engine, now = self._settings.triggers, self._engine, self._now
        yield Ticker("schedules", 1.0, self._tick)
        yield Ticker("forged requests", 5.0, self.hooks.forgeries.write)
        yield Ticker("notifications", 2.0, self._notify)
        yield Ticker("modes", 60.0, self._watch)
        for folder in settings.folder:
            watched = Folder(folder, self._settings.folder, engine, now)
            yield self._source(f"folder {folder.path}", folder.every.total_seconds(), watched.look)
        for mailbox in settings.mailbox:
            box = Mailbox(mailbox, engine, now)
            name = f"mailbox {mailbox.user} at {mailbox.host}"
            yield self._source(name, mailbox.every.total_seconds(), box.look)
        for asked in settings.poll:
            poll = Poll(asked, engine, self.ways.ask, now)
            name = f"poll of {asked.operation} in {asked.system}"
            yield self._source(name, asked.every.total_seconds(), poll.look)

    def _source(self, name: str, every: float, look: Callable[[], Sequence[object]]) -> Ticker:
        def work() -> None:
            if look():
                self.worker.wake()

        return Ticker(name, every, work)

    def _tick(self) -> None:
        if self.schedules.tick(self._now()):
            self.worker.wake()
        problems = self.schedules.problems
        if problems:
            told = (f"`{name}`: {problem}" for name, problem in sorted(problems.items()))
            raise UsageError("; ".join(told))

    def _notify(self) -> None:
        send_waiting(self._engine, self._settings.notify, self._now)

    def _watch(self) -> None:
        with self._engine.begin() as connection:
            changes = watch(connection, self._settings.modes, self._now())
        if changes:
            self.worker.wake()


def _listening(host: str, port: int) -> socket.socket:
    """Take the address first, so that nothing is begun where it is not to be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _unusable(host, port, error) from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise _unusable(host, port, error) from None
    return listening


def _unusable(host: str, port: int, error: OSError) -> UsageError:
    reason = (error.strerror or str(error)).lower()
    return UsageError(f"cannot listen on {host}:{port}: {reason}", hint="`--port` takes another")


@contextmanager
def _signals(server: uvicorn.Server, health: Health) -> Iterator[None]:
    """End in order on SIGTERM and SIGINT, also before and after the web server runs."""

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        health.stopping = True
        server.should_exit = True

    before = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
