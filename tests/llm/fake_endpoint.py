"""An endpoint on loopback that does as it is told, and small questions to ask it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import SecretStr

from sopc_compiler.llm import Gateway, Message, ModelSettings, ReplyCache, Request

SCHEMA = {
    "type": "object",
    "properties": {"actor": {"type": "string"}},
    "required": ["actor"],
    "additionalProperties": False,
}
KEY = "sk-test-0123456789"


@dataclass(frozen=True)
class Turn:
    """One HTTP answer of the endpoint."""

    body: dict[str, Any]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[dict[str, Any], int], Turn]


def said(text: str, finish: str = "stop") -> Turn:
    """A chat completion that says `text`; 10 tokens read, 5 written."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": finish, "message": message}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    head = {"id": "1", "object": "chat.completion", "created": 0, "model": "m"}
    return Turn({**head, "choices": [choice], "usage": usage})


def refused(status: int, message: str, code: str | None = None, **headers: str) -> Turn:
    """An error in the form of OpenAI's."""
    error = {"message": message, "code": code, "type": "error", "param": None}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Turn({"error": error}, status, named)


@dataclass
class Endpoint:
    """A fake endpoint: what it was asked, in order, and the address to ask it at."""

    script: Script
    bodies: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    base_url: str = ""
    lock: Any = field(default_factory=threading.Lock)

    def settings(self, **values: Any) -> ModelSettings:
        """Settings that ask this endpoint with the test key."""
        defaults: dict[str, Any] = {
            "model": "m",
            "api_key": SecretStr(KEY),
            "timeout": 10,
            "concurrency": 2,
        }
        return ModelSettings(base_url=self.base_url, **(defaults | values))


@contextmanager
def serving(fake: Endpoint) -> Iterator[None]:
    """Run the endpoint, at `fake.base_url`, for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with fake.lock:
                fake.bodies.append(body)
                fake.authorizations.append(self.headers.get("authorization", ""))
                number = len(fake.bodies)
            turn = fake.script(body, number)
            data = json.dumps(turn.body).encode()
            try:
                self.send_response(turn.status)
                for name, value in turn.headers.items():
                    self.send_header(name, value)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:  # the client has given up
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    fake.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def question(passage: str = "Finance posts the invoice.", **values: Any) -> Request:
    """A small request whose first message is common to all."""
    defaults: dict[str, Any] = {
        "purpose": "extract",
        "messages": (Message("system", "Name who acts."), Message("user", passage)),
        "schema": SCHEMA,
        "schema_name": "step",
        "max_tokens": 60,
    }
    return Request(**(defaults | values))


@contextmanager
def opened(fake: Endpoint, cache: ReplyCache, **values: Any) -> Iterator[Gateway]:
    """A gateway to a fake endpoint."""
    with Gateway(fake.settings(**values), cache=cache) as gateway:
        yield gateway
