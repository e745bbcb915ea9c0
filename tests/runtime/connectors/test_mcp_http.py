"""Connector `mcp`, against servers over HTTP."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from runtime.connectors.conformance import SECRET, VARIABLE
from runtime.connectors.tool_cases import ASKED, ToolCases, bound, failure
from runtime.connectors.tool_server import tool_server
from sopc.graph import Failure
from sopc_runtime.connectors.connector import Request
from sopc_runtime.connectors.mcp import McpConnector


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "calls.log"
    file.touch()
    return file


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


class HttpServer:
    """A server over HTTP, that lets in who shows the token."""

    def __init__(self, log: Path, port: int) -> None:
        self.statuses: list[int] = []
        app = tool_server(log).streamable_http_app()

        async def guarded(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                headers = dict(scope["headers"])
                status = self.statuses.pop() if self.statuses else 200
                if headers.get(b"authorization") != f"Bearer {SECRET}".encode():
                    status = 401
                if status != 200:
                    await send({"type": "http.response.start", "status": status, "headers": []})
                    await send({"type": "http.response.body", "body": SECRET.encode()})
                    return
            await app(scope, receive, send)

        config = uvicorn.Config(guarded, port=port, log_level="critical", lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join()


@pytest.fixture
def over_http(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[McpConnector, HttpServer]]:
    monkeypatch.setenv(VARIABLE, SECRET)
    port = free_port()
    server = HttpServer(log, port)
    address = f"http://127.0.0.1:{port}/mcp"
    made = McpConnector(*bound(tmp_path, url=address, token=f"env:{VARIABLE}"))
    yield made, server
    made.close()
    server.stop()


class TestOverHttp(ToolCases):
    @pytest.fixture
    def connector(self, over_http: tuple[McpConnector, HttpServer]) -> McpConnector:
        return over_http[0]

    @pytest.fixture
    def unreachable(self, tmp_path: Path) -> tuple[McpConnector, Request]:
        address = f"http://127.0.0.1:{free_port()}/mcp"
        return McpConnector(*bound(tmp_path, url=address, token=f"env:{VARIABLE}")), ASKED


@pytest.mark.parametrize(
    ("status", "kind", "certain"),
    [
        (403, Failure.REFUSED, True),
        (429, Failure.UNAVAILABLE, True),
        (503, Failure.UNAVAILABLE, False),
        (500, Failure.UNAVAILABLE, False),
    ],
)
def test_what_http_says_is_told_and_the_session_lives_on(
    over_http: tuple[McpConnector, HttpServer],
    status: int,
    kind: Failure,
    certain: bool,  # noqa: FBT001
) -> None:
    connector, server = over_http
    connector.perform(ASKED)
    server.statuses.append(status)
    told = failure(connector, ASKED)
    assert (told.failure, told.certain) == (kind, certain)
    assert SECRET not in str(told)
    connector.perform(ASKED)


def test_a_server_over_http_that_was_away_is_found_again(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    port = free_port()
    first = HttpServer(log, port)
    address = f"http://127.0.0.1:{port}/mcp"
    made = McpConnector(*bound(tmp_path, url=address, token=f"env:{VARIABLE}"))
    made.perform(ASKED)
    first.stop()
    told = failure(made, ASKED)
    assert (told.failure, told.certain) == (Failure.UNAVAILABLE, True)
    second = HttpServer(log, port)
    made.perform(ASKED)
    made.close()
    second.stop()
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2


def test_a_token_that_is_wrong_is_refused(
    over_http: tuple[McpConnector, HttpServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "wrong")
    told = failure(over_http[0], ASKED)
    assert (told.failure, told.certain) == (Failure.REFUSED, True)
