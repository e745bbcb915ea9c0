"""The connector `http`, against a real server on loopback: what is sent, and what is read."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.connectors.conformance import SECRET, VARIABLE, Conformance
from runtime.connectors.http_case import MADE, connect, creating, failing, getting
from runtime.connectors.http_server import Answer, Server, closed_port
from sopc.graph import Failure
from sopc.organization import loads_organization
from sopc_runtime.connectors.connector import ConnectorError, Request
from sopc_runtime.connectors.http import HttpConnector

TEMPLATES = """
templates:
  - {name: welcome, file: welcome.txt}
  - {name: macro 5}
systems:
  - id: chat
    name: Chat
    binding: {connector: http, settings: {url: "https://chat.example"}}
    operations:
      - {name: post, inputs: [room, text, subject], request: {path: /posts}}
      - {name: apply, inputs: [ticket, template], request: {path: /macros}}
      - {name: ping, inputs: [room], request: {path: /ping}}
"""


class TestConformance(Conformance):
    """The connector keeps to what all do."""

    @pytest.fixture
    def connector(self, crm: Any) -> Any:
        return crm

    @pytest.fixture
    def asked(self) -> Request:
        return creating(inputs={"email": SECRET})

    @pytest.fixture
    def received(self, server: Server) -> Callable[[], int]:
        return lambda: len(server.asked)

    @pytest.fixture
    def incomplete(self) -> Request:
        return Request(operation="create_contact", inputs={"first_name": "Ana"})

    @pytest.fixture
    def refused(self, server: Server) -> Request:
        says = {"title": "Invalid", "detail": f"Bearer {SECRET} may not"}
        server.answers["/contacts/9"] = Answer(422, says)
        return getting("9")

    @pytest.fixture
    def slow(self, server: Server) -> Iterator[tuple[Any, Request]]:
        hangs = threading.Event()
        server.answers["/contacts"] = Answer(201, {"data": {"id": 7}}, hangs=hangs)
        yield connect(server.url), creating(timeout=0.1)
        hangs.set()

    @pytest.fixture
    def unreachable(self) -> tuple[Any, Request]:
        return connect(f"http://127.0.0.1:{closed_port()}"), creating()


def test_inputs_stand_where_the_request_says(server: Server, crm: Any) -> None:
    """Body by pointer, query, the key in its header, who asks, and money as decimals."""
    reply = crm.perform(creating(inputs={"limit": 1250, "notify": True}))
    assert reply.values == {"contact": "7"}
    asked = server.asked[0]
    assert (asked.method, asked.path, asked.query) == ("POST", "/contacts", [("notify", "true")])
    assert asked.json == {
        "properties": {"firstName": "Ana", "email": "ana@example.com"},
        "limit": 12.5,
    }
    assert asked.headers["Idempotency-Key"] == "run-1/create"
    assert asked.headers["Authorization"] == f"Bearer {SECRET}"
    assert asked.headers["Content-Type"] == "application/json"


def test_what_is_rendered_is_what_is_sent(server: Server, crm: Any) -> None:
    request = creating()
    shown = crm.render(request)
    crm.perform(request)
    asked = server.asked[0]
    assert shown == {
        "method": asked.method,
        "url": f"{server.url}/contacts",
        "headers": {
            "Authorization": f"Bearer env:{VARIABLE}",
            "Idempotency-Key": asked.headers["Idempotency-Key"],
        },
        "body": asked.json,
    }


def test_one_input_may_be_the_whole_body(server: Server, crm: Any) -> None:
    server.answers["/contacts/7/note"] = Answer(204)
    request = Request(
        operation="put_note", inputs={"contact": "7", "note": {"text": "é"}}, effect="write"
    )
    assert crm.perform(request).values == {}
    assert (server.asked[0].method, server.asked[0].json) == ("PUT", {"text": "é"})


def test_inputs_that_are_not_listed_follow_the_method(server: Server, crm: Any) -> None:
    """In the body of a POST, and its answer's keys are the outputs."""
    server.answers["/search"] = Answer(200, [{"id": 1}])
    reply = crm.perform(Request(operation="search", inputs={"terms": ["a", "b"]}, effect="read"))
    assert server.asked[0].json == {"terms": ["a", "b"]}
    assert "Idempotency-Key" not in server.asked[0].headers
    assert reply.values == {"items": [{"id": 1}]}


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("a/b?c#d", "/contacts/a%2Fb%3Fc%23d"),
        ("../admin", "/contacts/..%2Fadmin"),
        ("50%41", "/contacts/50%2541"),
        ("Zoë", "/contacts/Zo%C3%AB"),
    ],
)
def test_values_do_not_leave_their_segment(
    server: Server, crm: Any, value: str, target: str
) -> None:
    server.answers[target] = Answer(200, {"email": "x"})
    crm.perform(getting(value))
    assert server.asked[0].target == target


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_values_that_would_be_another_path_are_not_sent(
    server: Server, crm: Any, value: str
) -> None:
    assert failing(crm, getting(value)).failure is Failure.MISSING_DATA
    assert server.asked == []


@pytest.mark.parametrize(
    ("inputs", "failure", "says"),
    [
        ({"first_name": None}, Failure.MISSING_DATA, "`first_name` is missing"),
        ({"first_name": 5}, Failure.MISSING_DATA, "`first_name` is no string: 5"),
        ({"limit": 12.5}, Failure.MISSING_DATA, "`limit` is no money: 12.5"),
        ({"limit": float("nan")}, Failure.MISSING_DATA, "an input is no number"),
        ({"email": "\ud800"}, Failure.MISSING_DATA, "no text that can be sent"),
        ({"nickname": "A"}, Failure.REFUSED, "takes no input `nickname`"),
    ],
)
def test_wrong_inputs_are_told_before_anything_is_sent(
    server: Server, crm: Any, inputs: dict[str, Any], failure: Failure, says: str
) -> None:
    error = failing(crm, creating(inputs=inputs))
    assert (error.failure, error.certain) == (failure, True)
    assert says in str(error)
    assert server.asked == []


def test_outputs_are_read_as_graphs_write_them(server: Server, crm: Any) -> None:
    """Numbers as strings, decimals in minor units, times in ISO 8601, floats that are whole."""
    body = {"data": {"id": 7}, "credit": "12.50", "created": "2026-11-22 10:00:00.123Z"}
    server.answers["/contacts"] = Answer(201, body)
    assert crm.perform(creating()).values == {
        "contact": "7",
        "credit": 1250,
        "created": "2026-11-22T10:00:00.123000+00:00",
    }
    assert crm.perform(getting()).values == {"email": "ana@example.com", "age": 30}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html>", "the answer is no JSON"),
        (b'{"email": NaN}', "the answer is no JSON"),
        (b"[" * 100_000, "the answer is no JSON"),
        (b"", "the answer is empty, without `email`"),
        ({"mail": "x"}, "the answer lacks `email`"),
        ({"email": None}, "the answer lacks `email`"),
        ([1], "the answer lacks `email`"),
        ({"email": "x", "age": "old"}, "`age` is no integer: 'old'"),
        ({"email": "x", "tags": [1]}, "`tags[0]` is no string: 1"),
    ],
)
def test_an_answer_that_cannot_be_used_is_missing_data(
    server: Server, crm: Any, body: Any, says: str
) -> None:
    server.answers["/contacts/7"] = Answer(200, body)
    error = failing(crm, getting())
    assert (error.failure, error.certain) == (Failure.MISSING_DATA, True)
    assert says in str(error)


def test_an_act_whose_answer_cannot_be_used_may_have_happened(server: Server, crm: Any) -> None:
    server.answers["/contacts"] = Answer(201, {"id": 7})
    error = failing(crm, creating())
    assert (error.failure, error.certain) == (Failure.MISSING_DATA, False)


def test_the_text_or_the_name_of_a_template_is_an_input(tmp_path: Path) -> None:
    """What the step itself says stands above it."""
    (tmp_path / "welcome.txt").write_text("Subject: Hello\n\nWelcome, {{ client }}\n")
    organization = loads_organization(f"name: A\n{TEMPLATES}")
    chat = HttpConnector(organization.systems[0], organization, tmp_path)
    MADE.append(chat)

    def body(operation: str, template: str, **inputs: Any) -> Any:
        values = {"client": "{{ 7 * 7 }}"}
        request = Request(operation=operation, template=template, inputs=inputs, values=values)
        return chat.render(request)["body"]

    welcome = {"subject": "Hello", "text": "Welcome, {{ 7 * 7 }}\n", "room": "a"}
    assert body("post", "welcome", room="a") == welcome
    assert body("post", "welcome", text="Hi", room="a") == {**welcome, "text": "Hi"}
    assert body("post", "welcome", text=None, subject=None, room="a") == welcome
    assert body("apply", "macro 5", ticket="1") == {"ticket": "1", "template": "macro 5"}
    for operation, template in (("ping", "welcome"), ("ping", "macro 5")):
        with pytest.raises(ConnectorError, match="`ping` has no input for template") as told:
            body(operation, template, room="a")
        assert told.value.failure is Failure.MISSING_DATA


def test_values_of_a_template_never_come_into_an_http_request(server: Server, crm: Any) -> None:
    crm.perform(creating(values={"salary": 1}))
    assert "salary" not in json.dumps([asked.target for asked in server.asked])
    assert b"salary" not in server.asked[0].content
