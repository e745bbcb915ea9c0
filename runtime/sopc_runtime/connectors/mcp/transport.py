"""Ways to MCP servers that tell whether a request went out, and why one did not."""

import os
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

import httpx2
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.message import SessionMessage

from sopc_runtime.connectors.mcp.binding import McpSettings
from sopc_runtime.connectors.secret import revealed

if TYPE_CHECKING:  # the types have no public name yet
    from mcp.client._transport import TransportStreams, WriteStream

# Codes of our own, outside of what JSON-RPC reserves.
UNREACHABLE, LOST, NO_WAY_IN, BUSY = -31001, -31002, -31003, -31004

_UNAVAILABLE = 503
_CONNECT_SECONDS = 10.0
_READ_SECONDS = 3600.0
"""How long an answer may be silent; a call's own time runs out before."""


class Sent:
    """Whether a request was handed to the way out."""

    begun = False


SENT: ContextVar[Sent | None] = ContextVar("sent", default=None)
"""The request that the running task sends."""


class LastWords:
    """What a server writes to stderr: its last lines, for messages."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=20)
        reader, writer = os.pipe()
        self.file: TextIO = os.fdopen(writer, "w")
        self._reading = threading.Thread(target=self._read, args=(reader,), daemon=True)
        self._reading.start()

    def _read(self, reader: int) -> None:
        with os.fdopen(reader, encoding="utf-8", errors="replace") as lines:
            self._lines.extend(line.strip() for line in lines if line.strip())

    def close(self) -> None:
        """Let go of our end, after which the server's end is the only one."""
        self.file.close()

    def told(self) -> str | None:
        """Give the last line, once the server is gone."""
        self._reading.join(timeout=0.5)
        return self._lines[-1][:300] if self._lines else None


@asynccontextmanager
async def command(
    settings: McpSettings, root: Path, last_words: LastWords
) -> AsyncIterator["TransportStreams"]:
    """Start a server, and talk to it through its stdin and stdout."""
    parameters = StdioServerParameters(
        command=settings.command or "",
        args=settings.arguments,
        env={each.variable: each.reveal() for each in settings.variables},
        cwd=root,
    )
    async with stdio_client(parameters, last_words.file) as streams:
        read, write = streams
        yield read, _Watched(write)


@asynccontextmanager
async def url(settings: McpSettings) -> AsyncIterator["TransportStreams"]:
    """Talk to a server over HTTP."""
    headers = {}
    if settings.token is not None:
        headers["Authorization"] = f"Bearer {settings.token.reveal()}"
    timeout = httpx2.Timeout(_CONNECT_SECONDS, read=_READ_SECONDS)
    client = httpx2.AsyncClient(headers=headers, timeout=timeout, transport=_Telling())
    address = revealed(settings.url or "")
    async with client, streamable_http_client(address, http_client=client) as streams:
        read, write = streams
        yield read, _Watched(write)


class _Watched:
    """A stream that notes when a request goes into it."""

    def __init__(self, stream: "WriteStream[SessionMessage]") -> None:
        self._stream = stream

    async def send(self, item: SessionMessage, /) -> None:
        sent = SENT.get()
        if sent is not None:
            sent.begun = True
        await self._stream.send(item)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


class _Telling(httpx2.AsyncBaseTransport):
    """HTTP whose failures are answers in JSON-RPC, as they would otherwise end the session."""

    def __init__(self) -> None:
        self._wire = httpx2.AsyncHTTPTransport(
            limits=httpx2.Limits(max_connections=200, max_keepalive_connections=50)
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method != "POST":
            return await self._wire.handle_async_request(request)
        try:
            response = await self._wire.handle_async_request(request)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            return _answer(UNREACHABLE, f"it cannot be reached: {error}")
        except httpx2.TransportError as error:
            return _answer(LOST, f"the connection was lost: {error or type(error).__name__}")
        told = {401: NO_WAY_IN, 403: NO_WAY_IN, 429: BUSY, 503: LOST}.get(response.status_code)
        if response.status_code == _UNAVAILABLE and "retry-after" in response.headers:
            # Without, it may come from a way-station that lost the server after it had begun.
            told = BUSY
        if told is not None:
            await response.aclose()
            return _answer(told, f"it answers with HTTP status {response.status_code}")
        return response

    async def aclose(self) -> None:
        await self._wire.aclose()


def _answer(code: int, message: str) -> httpx2.Response:
    error = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}}
    return httpx2.Response(599, json=error)
