"""A real HTTP server on loopback that records what it is asked and answers as it is told."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    content: bytes

    @property
    def path(self) -> str:
        """The path, still percent-encoded."""
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query, decoded."""
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.content)


@dataclass
class Answer:
    """What is answered: JSON, or the bytes as they are."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False
    hangs: threading.Event | None = None
    drips: bool = False


@dataclass
class Server:
    """The server: where it is, what it was asked, and what it answers.

    `answers` holds one answer by path, or a list to be given in turns, the last again and again.
    """

    url: str
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, Answer | list[Answer] | Callable[[Asked], Answer]] = field(
        default_factory=dict
    )

    def answer(self, asked: Asked) -> Answer:
        """Give what is answered now."""
        found = self.answers.get(asked.path, Answer(404, {"message": "no such page"}))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found if isinstance(found, Answer) else found(asked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        state: Server = self.server.state  # type: ignore[attr-defined]
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path, dict(self.headers), content)
        state.asked.append(asked)
        answer = state.answer(asked)
        if answer.hangs is not None:
            answer.hangs.wait(5)
        if answer.drops:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        with suppress(OSError):
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        body = answer.body if isinstance(answer.body, bytes) else b""
        if answer.body is not None and not isinstance(answer.body, bytes):
            body = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        for number in range(len(body)) if answer.drips else ():
            self.wfile.write(body[number : number + 1])
            threading.Event().wait(0.05)
        if not answer.drips:
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 # as it is called
        pass


for _method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{_method}", _Handler.answer)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    # A burst of threads must find the door open.
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    """Serve until the block ends."""
    server = _Quiet(("127.0.0.1", 0), _Handler)
    state = Server(f"http://127.0.0.1:{server.server_port}")
    server.state = state  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port() -> int:
    """Give a port of loopback at which nobody listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
