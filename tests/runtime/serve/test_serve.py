"""`sopc serve`: a real process, real requests, real signals."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from typer.testing import CliRunner

from runtime.triggers.deployed import NOW, REFUND, deploy, graph
from sopc.cli.app import app
from sopc_runtime.serve import health as health_module
from sopc_runtime.serve import service as service_module
from sopc_runtime.serve.connection import PromptConnection
from sopc_runtime.serve.health import Health
from sopc_runtime.serve.ticker import Ticker
from sopc_runtime.store.database import open_database, sqlite_engine
from sopc_runtime.store.tables import deliveries, runs

SETTINGS = """\
[[triggers.webhook]]
system = "zendesk"
secret = "env:HOOK_TOKEN"
scheme = "token"
id_header = "X-Id"

[[triggers.folder]]
system = "zendesk"
event = "ticket tagged"
path = "in"
parse = "json"
settle = "PT0.1S"
every = "PT0.1S"
"""

Serve = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "sopc.toml").write_text(SETTINGS, encoding="utf-8")
    engine = open_database(tmp_path / "data")
    with engine.begin() as connection:
        deploy(connection, "refunds", graph("refunds", REFUND))
    engine.dispose()
    return tmp_path


@pytest.fixture
def serve(folder: Path) -> Iterator[Serve]:
    begun: list[subprocess.Popen[str]] = []

    def begin(*, words: tuple[str, ...] = (), **environ: str) -> "subprocess.Popen[str]":
        own = {**os.environ, "HOOK_TOKEN": "t", **environ}
        own.pop("SOPC_DATABASE_URL", None)
        begun.append(
            subprocess.Popen(
                [sys.executable, "-m", "sopc", "serve", "--port", "0", "--data", "data", *words],
                cwd=folder,
                env=own,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return begun[-1]

    yield begin
    for each in begun:
        if each.poll() is None:
            each.kill()
        each.communicate(timeout=10)


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return found[0]
    raise AssertionError("it did not begin")


def _get(address: str) -> tuple[int, str]:
    try:
        with urlopen(address, timeout=5) as answer:  # noqa: S310 # loopback
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def _post(address: str, content: Any, event: str) -> dict[str, Any]:
    headers = {"Authorization": "Bearer t", "Content-Type": "application/json", "X-Id": event}
    request = Request(address, json.dumps(content).encode(), headers)  # noqa: S310 # loopback
    with urlopen(request, timeout=5) as answer:  # noqa: S310 # loopback
        found: dict[str, Any] = json.load(answer)
        return found


def _done(folder: Path, number: int) -> bool:
    """Wait until so many runs are done."""
    engine = open_database(folder / "data")
    try:
        for _ in range(100):
            with engine.connect() as connection:
                statuses = list(connection.execute(select(runs.c.status)).scalars())
            if statuses == ["done"] * number:
                return True
            time.sleep(0.1)
        return False
    finally:
        engine.dispose()


def test_one_process_takes_events_in_carries_runs_out_and_ends_in_order(
    serve: Serve, folder: Path
) -> None:
    """By webhook and by folder; a second process is refused; SIGTERM ends it within seconds."""
    process = serve()
    address = _address(process)
    assert _get(f"{address}/healthz") == (200, "alive\n")
    status, text = _get(f"{address}/readyz")
    assert (status, json.loads(text)["problems"]) == (200, {})
    good = {"ticket": 7, "amount": 5}
    assert _post(f"{address}/hooks/zendesk", good, "e1")["status"] == "started"
    (folder / "in" / "a.json").write_text(json.dumps(good), encoding="utf-8")
    assert _done(folder, 2)
    second = serve()
    _, told = second.communicate(timeout=20)
    assert second.returncode == 3
    assert "error: another process executes the runs of" in told
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=20)
    assert (process.returncode, time.monotonic() - begun < 10) == (0, True)
    assert "stopped; what was under way goes on at the next start" in told
    assert "Traceback" not in told


def test_a_secret_that_is_not_set_is_told_before_anything_begins(serve: Serve) -> None:
    """By the name of its variable."""
    process = serve(HOOK_TOKEN="")
    _, told = process.communicate(timeout=20)
    assert (process.returncode, "error: not set: `HOOK_TOKEN`" in told) == (2, True)


def test_an_organization_file_that_cannot_be_read_is_told_at_once(serve: Serve) -> None:
    """Not when the first call is to be made."""
    process = serve(words=("--organization", "nowhere.yaml"))
    _, told = process.communicate(timeout=20)
    assert (process.returncode, "nowhere.yaml" in told) == (2, True)
    assert "serving on" not in told


def test_what_is_wrong_with_sources_is_told_without_names() -> None:
    """Anybody may ask for it; the log tells accounts and places."""
    ticker = Ticker("mailbox ap@tidewater.example at imap.example", 60, lambda: None)
    ticker.problem = "wrong password of ap@tidewater.example"
    engine = sqlite_engine(Path(":memory:"))
    health = Health(engine, MagicMock(), [ticker], now=lambda: NOW)
    assert health.report()["problems"] == {"mailbox": 1}
    engine.dispose()


def test_a_database_that_another_process_holds_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be read all the while; nothing that comes in can be kept."""
    monkeypatch.setattr(health_module, "_SECONDS_TO_WRITE", 0.05)
    engine = open_database(tmp_path)
    worker = MagicMock()
    worker.counters.outage = False
    health = Health(engine, worker, [], now=lambda: NOW)
    holder = sqlite3.connect(tmp_path / "sopc.db", isolation_level=None)
    for held in (True, False):
        if held:
            holder.execute("BEGIN IMMEDIATE")
        else:
            holder.execute("ROLLBACK")
        begun = time.monotonic()
        told = health.report()
        assert (told["ready"], told["database"]) == (not held, not held)
        assert time.monotonic() - begun < 2
    with engine.begin() as connection:
        [patience] = connection.exec_driver_sql("PRAGMA busy_timeout").one()
    assert patience > 10_000
    holder.close()
    engine.dispose()


def test_whether_it_is_ready_is_answered_however_long_the_database_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever asks has no more patience than seconds."""
    monkeypatch.setattr(health_module, "_SECONDS_TO_ANSWER", 0.05)
    worker = MagicMock()
    for name in ("outage", "ready", "errands", "ailing"):
        setattr(worker.counters, name, 0)
    health = Health(MagicMock(), worker, [], now=lambda: NOW)
    asked, over = threading.Event(), threading.Event()

    def hang() -> Any:
        asked.set()
        over.wait(10)

    monkeypatch.setattr(health, "report", hang)
    try:
        with TestClient(Starlette(routes=health.routes)) as client:
            answer = client.get("/readyz")
            assert (answer.status_code, answer.json()["database"]) == (503, False)
            assert asked.is_set()
    finally:
        over.set()


def test_heads_that_do_not_end_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that never begins, one that drips, and a second one on a connection that was used."""
    monkeypatch.setattr(PromptConnection, "seconds", 0.5)
    page = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(page, http=PromptConnection, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        head = b"GET / HTTP/1.1\r\nHost: x\r\n"
        for sent in (b"", head, head + b"\r\n" + head):
            with socket.create_connection(listening.getsockname(), timeout=5) as opened:
                opened.sendall(sent)
                answer = b"".join(iter(lambda: opened.recv(1000), b""))
                assert (b"here" in answer) is (b"\r\n\r\n" in sent)
        with socket.create_connection(listening.getsockname(), timeout=5) as opened:
            for _ in range(2):
                opened.sendall(head + b"\r\n")
                answer = b""
                while not answer.endswith(b"here"):
                    part = opened.recv(1000)
                    assert part, answer
                    answer += part
                time.sleep(0.15)
    finally:
        server.should_exit = True
        thread.join(5)
        listening.close()


def test_what_was_refused_is_listed_shown_and_sent_again(folder: Path) -> None:
    """From the command line alone, with nothing running."""
    from datetime import UTC, datetime

    from sopc_runtime.triggers.delivery import Delivery
    from sopc_runtime.triggers.intake import receive

    engine = open_database(folder / "data")
    with engine.begin() as connection:
        bad = Delivery(source="webhook", key="e1", system="zendesk", payload={"ticket": 7})
        receive(connection, bad, datetime(2026, 11, 23, 9, tzinfo=UTC))
    engine.dispose()
    (folder / "mended.json").write_text('{"ticket": 7, "amount": 5}', encoding="utf-8")

    def sopc(*words: str) -> Any:
        return CliRunner().invoke(app, ["deliveries", *words, "--data", str(folder / "data")])

    line = (
        "    1  2026-11-23 09:00:00 UTC  refused    webhook zendesk: refunds: `amount` is missing\n"
    )
    assert sopc().stdout == line
    assert "problem: refunds: `amount` is missing" in sopc("show", "1").stdout
    [told] = json.loads(sopc("--json").stdout)
    assert (told["status"], told["problems"]) == ("refused", ["refunds: `amount` is missing"])
    again = sopc("resend", "1")
    assert (again.exit_code, again.stdout) == (1, "delivery 1: refused\n")
    mended = sopc("resend", "1", "--payload", str(folder / "mended.json"))
    assert mended.exit_code == 0
    assert mended.stdout.startswith("delivery 1: started\nrefunds-")
    assert sopc().stdout == ""
    assert sopc("show", "9").exit_code == 2


def test_a_ticker_that_fails_goes_on_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing that it does can end the process."""
    failing = [True]

    def work() -> None:
        if failing[0]:
            raise RuntimeError("inside")

    ticker = Ticker("clocks", 60, work)
    with caplog.at_level("WARNING", "sopc.serve"):
        ticker.once()
        ticker.once()
        assert ticker.problem == "internal error: RuntimeError"
        failing[0] = False
        ticker.once()
    assert ticker.problem is None
    said = [record.getMessage() for record in caplog.records]
    assert said == ["clocks failed", "clocks: internal error: RuntimeError", "clocks works again"]


def test_sources_that_hang_are_left_behind_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, the process ends within seconds."""
    monkeypatch.setattr(service_module, "_SECONDS_TO_STOP", 0.6)
    over = threading.Event()
    engine = open_database(tmp_path)
    service = service_module.Service(engine, service_module.ServeSettings(folder=tmp_path))
    service.tickers = tuple(Ticker(f"mailbox {each}", 60, lambda: over.wait(20)) for each in "abcd")
    service.worker = MagicMock()
    for each in service.tickers:
        each.start()
    service.hooks.forgeries.add("zendesk", "why", NOW)
    service.hooks.forgeries.add("zendesk", "why", NOW)
    begun = time.monotonic()
    service._stop()  # noqa: SLF001 # as at a signal
    assert time.monotonic() - begun < 1
    over.set()
    with engine.connect() as connection:
        [problem] = connection.execute(select(deliveries.c.problem)).scalars()
    assert problem == "2 requests were not authentic on 2026-11-23: why"
    for each in service.tickers:
        assert each.stop(5)
    engine.dispose()
