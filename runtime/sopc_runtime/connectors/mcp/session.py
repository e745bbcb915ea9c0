"""A warm session with an MCP server, in a thread of its own, for callers in any thread."""

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import anyio
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, MCPError
from mcp_types import (
    CONNECTION_CLOSED,
    INVALID_REQUEST,
    CallToolResult,
    RequestParamsMeta,
    Tool,
)

from sopc_runtime.connectors.mcp.transport import SENT, Sent

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_PAGES = 100
_KEY = "sopc/idempotency-key"


class LostError(Exception):
    """The server went away; `certain` if no request had gone out."""

    def __init__(self, *, certain: bool) -> None:
        super().__init__("the server went away")
        self.certain = certain


@dataclass(frozen=True)
class _Asked:
    tool: str
    arguments: dict[str, Any]
    key: str
    seconds: float
    sent: Sent


@dataclass
class _Connection:
    client: Client
    tools: dict[str, Tool]
    ended: anyio.Event
    watched: bool
    life: "Future[None] | None" = None
    dead: bool = field(default=False)


class Session:
    """One connection that is kept, and opened again when it has died."""

    def __init__(self, opens: Callable[[], Client], *, watched: bool = True) -> None:
        """Connect to nothing yet.

        Args:
            opens: Gives a client that has not connected.
            watched: Whether its way out notes in `SENT` what goes through.
        """
        self._opens = opens
        self._watched = watched
        self._lock = threading.Lock()
        self._thread: AbstractContextManager[BlockingPortal] | None = None
        self._portal: BlockingPortal | None = None
        self._connection: _Connection | None = None

    def tools(self, timeout: float, *, fresh: bool = False) -> dict[str, Tool]:
        """Give the server's tools by name, as of when it was connected to, or of now.

        Raises:
            MCPError: The server, or the way to it, says why not.
            TimeoutError: It takes too long.
            OSError: Its program cannot be started.
            LostError: It went away.
        """
        connection = self._connected(timeout)
        if fresh:
            portal = self._running()
            connection.tools = portal.call(
                _all_tools, connection.client, time.monotonic() + timeout
            )
        return connection.tools

    def call(
        self, tool: str, arguments: dict[str, Any], *, key: str, timeout: float
    ) -> CallToolResult:
        """Call a tool; raises as `tools` does."""
        ends = time.monotonic() + timeout
        for again in (True, False):
            connection = self._connected(max(0.01, ends - time.monotonic()))
            sent = Sent()
            sent.begun = not self._watched
            left = max(0.01, ends - time.monotonic())
            try:
                asked = _Asked(tool, arguments, key, left, sent)
                result: CallToolResult = self._running().call(_call, connection.client, asked)
            except MCPError as error:
                # A server that forgot the session has not looked at the request either.
                forgotten = error.code == INVALID_REQUEST and error.message == "Session terminated"
                if not forgotten and error.code != CONNECTION_CLOSED:
                    raise
                self._drop(connection)
                if sent.begun and not forgotten:
                    raise LostError(certain=False) from None
                if not again:
                    raise LostError(certain=True) from None
            else:
                return result
        raise AssertionError  # pragma: no cover # the loop returns or raises

    def close(self) -> None:
        """End the session, and the server if it was started here."""
        with self._lock:
            connection, thread, portal = self._connection, self._thread, self._portal
            self._connection = self._thread = self._portal = None
        if connection is not None and portal is not None:
            portal.call(connection.ended.set)
            if connection.life is not None:
                connection.life.exception(timeout=10)
        if thread is not None:
            thread.__exit__(None, None, None)

    def _running(self) -> BlockingPortal:
        portal = self._portal
        if portal is None:
            raise LostError(certain=True)
        return portal

    def _connected(self, timeout: float) -> _Connection:
        connection = self._connection
        if connection is not None and not connection.dead:
            return connection
        with self._lock:
            connection = self._connection
            if connection is not None and not connection.dead:
                return connection
            if self._portal is None:
                self._thread = start_blocking_portal("asyncio", name="sopc-mcp")
                self._portal = self._thread.__enter__()
            opened: Future[_Connection] = Future()
            life = self._portal.start_task_soon(self._live, opened, time.monotonic() + timeout)
            connection = opened.result()
            connection.life = life
            self._connection = connection
            return connection

    def _drop(self, connection: _Connection) -> None:
        connection.dead = True
        portal = self._portal
        if portal is not None:
            portal.call(connection.ended.set)

    async def _live(self, opened: "Future[_Connection]", ends: float) -> None:
        """Hold a connection open until it is ended: tasks that open one have to close it."""
        connection: _Connection | None = None
        try:
            left = ends - time.monotonic()
            with anyio.CancelScope(deadline=anyio.current_time() + left) as scope:
                async with self._opens() as client:
                    tools = await _all_tools(client, ends)
                    scope.deadline = math.inf
                    connection = _Connection(client, tools, anyio.Event(), self._watched)
                    opened.set_result(connection)
                    await connection.ended.wait()
        except Exception as error:  # noqa: BLE001 # it is the caller's, in another thread
            if not opened.done():
                opened.set_exception(_first(error))
        finally:
            if connection is not None:
                connection.dead = True
            if not opened.done():
                opened.set_exception(TimeoutError())


async def _call(client: Client, asked: _Asked) -> CallToolResult:
    SENT.set(asked.sent)
    meta = cast("RequestParamsMeta", {_KEY: asked.key}) if asked.key else None
    # The client's own clock starts only when a request is out, which may take for ever.
    with anyio.fail_after(asked.seconds + 0.25):
        return await client.call_tool(
            asked.tool, asked.arguments, read_timeout_seconds=asked.seconds, meta=meta
        )


async def _all_tools(client: Client, ends: float) -> dict[str, Tool]:
    found: dict[str, Tool] = {}
    cursor = None
    with anyio.fail_after(ends - time.monotonic()):
        for _ in range(_PAGES):
            page = await client.list_tools(cursor=cursor, cache_mode="refresh")
            found |= {tool.name: tool for tool in page.tools}
            cursor = page.next_cursor
            if cursor is None:
                break
    return found


def _first(error: Exception) -> Exception:
    """Give what went wrong first, out of the groups that tasks put it in."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
