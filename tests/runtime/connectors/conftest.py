"""The CRM of `http_case`, and the end of what it made."""

from collections.abc import Iterator
from typing import Any

import pytest

from runtime.connectors.conformance import SECRET, VARIABLE
from runtime.connectors.http_case import MADE, connect
from runtime.connectors.http_server import Answer, Server, serving


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Close what a test makes."""
    yield
    while MADE:
        MADE.pop().close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.answers["/contacts"] = Answer(201, {"data": {"id": 7}})
        running.answers["/contacts/7"] = Answer(200, {"email": "ana@example.com", "age": 30.0})
        running.answers["/"] = Answer(200, {})
        yield running


@pytest.fixture
def crm(server: Server, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv(VARIABLE, SECRET)
    return connect(server.url)
