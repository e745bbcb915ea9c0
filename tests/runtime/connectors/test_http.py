"""The connector `http`, against a real server on loopback."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.connectors.conformance import SECRET, VARIABLE, Conformance
from runtime.connectors.http_server import Answer, Server, closed_port, serving
from sopc.errors import UsageError
from sopc.graph import Failure
from sopc.organization import loads_organization
from sopc_runtime.connectors.connector import CannotLookUpError, ConnectorError, Request
from sopc_runtime.connectors.http import HttpConnector
from sopc_runtime.connectors.http.exchange import LARGEST

_MADE: list[HttpConnector] = []
OPERATIONS = """
      - name: create_contact
        inputs:
          - {name: first_name, type: string}
          - {name: email, type: string}
          - {name: limit, type: money, currency: EUR, required: false}
          - {name: notify, type: boolean, required: false}
        outputs:
          - {name: contact, type: string}
          - {name: credit, type: money, currency: EUR, required: false}
          - {name: created, type: timestamp, required: false}
        effect: write
        request:
          path: /contacts
          query: [notify]
          names: {first_name: /properties/firstName, email: /properties/email}
          results: {contact: /data/id}
          decimal: [limit, credit]
          look_up: find_by_key
      - name: get_contact
        inputs: [contact, expand]
        outputs:
          - {name: email, type: string}
          - {name: age, type: integer, required: false}
          - {name: tags, type: list, items: string, required: false}
        effect: read
        request: {method: GET, path: "/contacts/{contact}"}
      - name: find_by_key
        inputs: [key]
        outputs: [{name: contact, type: string}]
        effect: read
        request: {method: GET, path: /found, query: [key], results: {contact: /items/0/id}}
      - name: put_note
        inputs: [contact, {name: note, type: object}]
        effect: write
        idempotent: true
        request: {method: PUT, path: "/contacts/{contact}/note", body: note}
      - name: search
        effect: read
        request: {path: /search}
"""


def connect(
    url: str, settings: str = f"token: env:{VARIABLE}", operations: str = OPERATIONS
) -> Any:
    """Make the connector of an organization file with one system."""
    organization = loads_organization(
        f"name: A\nsystems:\n  - id: crm\n    name: CRM\n    binding:\n      connector: http\n"
        f'      settings: {{url: "{url}", {settings}}}\n    operations:{operations or " []"}'
    )
    made = HttpConnector(organization.systems[0], organization, Path())
    _MADE.append(made)
    return made


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Close what a test makes."""
    yield
    while _MADE:
        _MADE.pop().close()


def creating(**more: Any) -> Request:
    """Give a request for a contact."""
    inputs = {"first_name": "Ana", "email": "ana@example.com"} | more.pop("inputs", {})
    more = {"effect": "write", "key": "run-1/create", "timeout": 2.0} | more
    return Request(operation="create_contact", inputs=inputs, **more)


def getting(contact: str = "7", **more: Any) -> Request:
    """Give a request that reads a contact."""
    more = {"effect": "read", "timeout": 2.0} | more
    return Request(operation="get_contact", inputs={"contact": contact}, **more)


def failing(connector: Any, request: Request) -> ConnectorError:
    """Perform what fails, and give how."""
    with pytest.raises(ConnectorError) as told:
        connector.perform(request)
    return told.value


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


@pytest.mark.parametrize(
    ("status", "failure", "certain"),
    [
        (400, Failure.REFUSED, True),
        (401, Failure.REFUSED, True),
        (403, Failure.REFUSED, True),
        (404, Failure.NOT_FOUND, True),
        (408, Failure.TIMED_OUT, True),
        (409, Failure.REFUSED, True),
        (410, Failure.NOT_FOUND, True),
        (422, Failure.REFUSED, True),
        (429, Failure.UNAVAILABLE, True),
        (500, Failure.UNAVAILABLE, False),
        (501, Failure.REFUSED, True),
        (502, Failure.UNAVAILABLE, False),
        (503, Failure.UNAVAILABLE, False),
        (504, Failure.TIMED_OUT, False),
    ],
)
def test_each_status_is_a_kind_of_failure(
    server: Server, crm: Any, status: int, failure: Failure, *, certain: bool
) -> None:
    """An act is sent once, whatever the status."""
    server.answers["/contacts"] = Answer(status, {"message": "so it is"})
    error = failing(crm, creating())
    assert (error.failure, error.certain) == (failure, certain)
    assert str(error) == f"`create_contact` of `CRM`: {status} so it is"
    assert len(server.asked) == 1


def test_a_server_that_says_when_to_come_back_did_nothing(server: Server, crm: Any) -> None:
    server.answers["/contacts"] = Answer(503, headers={"Retry-After": "120"})
    error = failing(crm, creating())
    assert (error.failure, error.certain) == (Failure.UNAVAILABLE, True)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"title": "Bad input", "detail": "no e-mail"}, "Bad input: no e-mail"),
        ({"error": {"message": "expired"}}, "expired"),
        ({"errors": [{"detail": "first"}, {"detail": "second"}]}, "first"),
        ({"error": "invalid_grant"}, "invalid_grant"),
        ({"message": "two\nlines\x1b[31m"}, "two lines [31m"),
        ({"message": "x" * 500}, "x" * 197 + "..."),
        (b"<html>", "Bad Request"),
        ({"code": 5}, "Bad Request"),
    ],
)
def test_what_the_system_says_of_it_is_told_in_one_short_line(
    server: Server, crm: Any, body: Any, says: str
) -> None:
    server.answers["/contacts/7"] = Answer(400, body)
    assert str(failing(crm, getting())) == f"`get_contact` of `CRM`: 400 {says}"


def test_reads_are_tried_again_when_the_system_says(server: Server, crm: Any) -> None:
    good = Answer(200, {"email": "x"})
    later = Answer(503, headers={"Retry-After": "0"})
    server.answers["/contacts/7"] = [later, Answer(429, headers={"Retry-After": "0"}), good]
    assert crm.perform(getting()).values == {"email": "x"}
    assert len(server.asked) == 3


def test_what_may_be_repeated_is_tried_again_with_its_key(server: Server, crm: Any) -> None:
    dropped = Answer(drops=True)
    server.answers["/contacts"] = [dropped, Answer(201, {"data": {"id": 7}})]
    crm.perform(creating(repeatable=True))
    assert [asked.headers["Idempotency-Key"] for asked in server.asked] == ["run-1/create"] * 2


def test_tries_end_after_a_few(server: Server, crm: Any) -> None:
    server.answers["/contacts/7"] = Answer(503, headers={"Retry-After": "0"})
    assert failing(crm, getting()).failure is Failure.UNAVAILABLE
    assert len(server.asked) == 3


def test_nothing_is_tried_after_the_time_is_over(server: Server, crm: Any) -> None:
    """A `Retry-After` beyond the timeout is not waited for."""
    server.answers["/contacts/7"] = Answer(503, headers={"Retry-After": "60"})
    began = time.monotonic()
    assert failing(crm, getting()).failure is Failure.UNAVAILABLE
    assert time.monotonic() - began < 1
    assert len(server.asked) == 1


def test_a_connection_that_breaks_leaves_an_act_in_doubt(server: Server, crm: Any) -> None:
    server.answers["/contacts"] = Answer(drops=True)
    error = failing(crm, creating())
    assert (error.failure, error.certain) == (Failure.UNAVAILABLE, False)
    assert len(server.asked) == 1


def test_an_answer_that_drips_is_timed_out(server: Server, crm: Any) -> None:
    """The time is that of the whole answer, not of each of its pieces."""
    server.answers["/contacts/7"] = Answer(200, {"email": "x" * 200}, drips=True)
    began = time.monotonic()
    assert failing(crm, getting(timeout=0.2)).failure is Failure.TIMED_OUT
    assert time.monotonic() - began < 1


def test_the_settings_may_shorten_the_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    hangs = threading.Event()
    server.answers["/contacts/7"] = Answer(hangs=hangs)
    try:
        error = failing(connect(server.url, "timeout: 0.1"), getting(timeout=30))
    finally:
        hangs.set()
    assert str(error) == "`get_contact` of `CRM`: no answer within 0.1 s"


def test_an_answer_that_is_too_large_is_not_read(server: Server, crm: Any) -> None:
    server.answers["/contacts/7"] = Answer(200, b"x" * (LARGEST + 1))
    error = failing(crm, getting(timeout=10))
    assert error.failure is Failure.MISSING_DATA
    assert "larger than 10,000,000 bytes" in str(error)


def test_a_redirect_within_the_host_is_followed(server: Server, crm: Any) -> None:
    server.answers["/contacts/7"] = Answer(302, headers={"Location": "/people/7"})
    server.answers["/people/7"] = Answer(200, {"email": "x"})
    assert crm.perform(getting()).values == {"email": "x"}


def test_a_redirect_to_another_host_is_not_followed(server: Server, crm: Any) -> None:
    """Nothing, and above all no secret, comes there."""
    with serving() as other:
        where = f"{other.url}/contacts/7"
        server.answers["/contacts/7"] = Answer(307, headers={"Location": where})
        error = failing(crm, getting())
        assert other.asked == []
    assert error.failure is Failure.REFUSED
    assert other.url in str(error)


def test_a_redirect_that_makes_a_read_of_an_act_leaves_it_in_doubt(
    server: Server, crm: Any
) -> None:
    server.answers["/contacts"] = Answer(302, headers={"Location": "/contacts/7"})
    error = failing(crm, creating())
    assert (error.failure, error.certain) == (Failure.REFUSED, False)
    assert len(server.asked) == 1


def test_a_circle_of_redirects_ends(server: Server, crm: Any) -> None:
    server.answers["/contacts/7"] = Answer(302, headers={"Location": "/contacts/7"})
    assert "redirects over and over" in str(failing(crm, getting()))


def test_no_session_of_one_request_is_in_another(server: Server, crm: Any) -> None:
    server.answers["/contacts/7"] = Answer(200, {"email": "x"}, {"Set-Cookie": "session=1"})
    crm.perform(getting())
    crm.perform(getting())
    assert "Cookie" not in server.asked[1].headers


@pytest.mark.parametrize(
    ("settings", "header", "value", "shown"),
    [
        (f"token: env:{VARIABLE}", "Authorization", f"Bearer {SECRET}", f"Bearer env:{VARIABLE}"),
        (
            f"user: ana, password: env:{VARIABLE}",
            "Authorization",
            "Basic YW5hOjVlY3JldC9vZit0aGU9dGVzdHM=",
            f"Basic ana:env:{VARIABLE}",
        ),
        (f"header: X-Api-Key, key: env:{VARIABLE}", "X-Api-Key", SECRET, f"env:{VARIABLE}"),
    ],
)
def test_who_asks_is_said_in_one_of_three_ways(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    *,
    settings: str,
    header: str,
    value: str,
    shown: str,
) -> None:
    """What is sent holds the secret; what is rendered, its name; what an answer echoes, neither."""
    monkeypatch.setenv(VARIABLE, SECRET)
    connector = connect(server.url, settings)
    connector.perform(getting())
    assert server.asked[0].headers[header] == value
    assert connector.render(getting())["headers"] == {header: shown}
    server.answers["/contacts/7"] = Answer(400, {"message": f"bad header {value}"})
    assert value.rpartition(" ")[2] not in str(failing(connector, getting()))


def test_a_url_may_be_a_secret(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of incoming webhooks are."""
    monkeypatch.setenv("HOOK", f"{server.url}/T0/B0/hidden")
    server.answers["/T0/B0/hidden"] = Answer(200, b"ok")
    post = "\n      - {name: post, inputs: [text], effect: notify, request: {path: ''}}"
    connector = connect("env:HOOK", "timeout: 5", post)
    request = Request(operation="post", inputs={"text": "hi"})
    assert connector.render(request) == {
        "method": "POST",
        "url": "env:HOOK",
        "body": {"text": "hi"},
    }
    assert connector.perform(request).values == {}
    assert server.asked[0].json == {"text": "hi"}


def test_a_secret_is_read_when_it_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a new one needs no restart; one that is missing is named, and nothing is sent."""
    connector = connect(server.url)
    monkeypatch.delenv(VARIABLE, raising=False)
    error = failing(connector, getting())
    assert (error.failure, str(error)) == (
        Failure.REFUSED,
        f"environment variable `{VARIABLE}` is not set",
    )
    monkeypatch.setenv(VARIABLE, "new")
    connector.perform(getting())
    assert [asked.headers["Authorization"] for asked in server.asked] == ["Bearer new"]


def test_a_secret_that_no_header_can_have_is_named(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line break at its end, as files leave it, does no harm."""
    connector = connect(server.url)
    monkeypatch.setenv(VARIABLE, "a\nb")
    assert str(failing(connector, getting())) == (
        f"environment variable `{VARIABLE}` holds characters that no header can have"
    )
    monkeypatch.setenv(VARIABLE, "ab\n")
    connector.perform(getting())
    assert [asked.headers["Authorization"] for asked in server.asked] == ["Bearer ab"]


def test_an_earlier_request_is_looked_up_by_its_key(server: Server, crm: Any) -> None:
    server.answers["/found"] = Answer(200, {"items": [{"id": 7}]})
    found = crm.look_up(creating())
    assert found is not None
    assert found.values == {"contact": "7"}
    assert server.asked[0].query == [("key", "run-1/create")]


@pytest.mark.parametrize("answer", [Answer(404), Answer(200, {"items": []})])
def test_a_request_that_is_not_found_did_not_happen(
    server: Server, crm: Any, answer: Answer
) -> None:
    server.answers["/found"] = answer
    assert crm.look_up(creating()) is None


@pytest.mark.parametrize("answer", [Answer(500), Answer(200, b"<html>"), Answer(403)])
def test_a_look_up_that_fails_says_nothing_of_the_request(
    server: Server, crm: Any, answer: Answer
) -> None:
    server.answers["/found"] = answer
    with pytest.raises(ConnectorError):
        crm.look_up(creating())


def test_an_operation_without_a_look_up_cannot_be_looked_up(crm: Any) -> None:
    with pytest.raises(CannotLookUpError):
        crm.look_up(Request(operation="put_note", key="k"))


def test_an_operation_that_is_not_there_is_told_with_those_that_are(crm: Any) -> None:
    error = failing(crm, Request(operation="drop_all"))
    assert (error.failure, str(error)) == (Failure.REFUSED, "`CRM` has no operation `drop_all`")
    assert error.hint is not None
    assert "`create_contact`" in error.hint


@pytest.mark.parametrize(
    ("status", "passes"), [(200, True), (404, True), (401, False), (302, False), (500, False)]
)
def test_checking_gets_the_url(server: Server, crm: Any, status: int, *, passes: bool) -> None:
    """An answer of any kind tells that somebody is there, unless it is a refusal."""
    headers = {"Location": "http://127.0.0.1:1/"} if status == 302 else {}
    server.answers["/"] = Answer(status, headers=headers)
    if passes:
        assert crm.check() == "answers"
    else:
        with pytest.raises(ConnectorError):
            crm.check()
    assert {asked.method for asked in server.asked} == {"GET"}


def test_a_path_to_check_has_to_succeed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    connector = connect(server.url, f"token: env:{VARIABLE}, check: /me")
    with pytest.raises(ConnectorError, match="404"):
        connector.check()
    server.answers["/me"] = Answer(200, {})
    assert connector.check() == "answers"


def test_a_system_without_a_document_tells_no_operations(crm: Any) -> None:
    assert crm.operations() == ()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('url: "ftp://crm.example"', "setting `url`: is no URL of a system"),
        ('url: "https://a:b@crm.example"', "setting `url`: holds a user's name or password"),
        ('url: "https://crm.example", user: ana', "`user` and `password` go together"),
        ('url: "https://crm.example", header: X-Key', "`header` and `key` go together"),
        (
            'url: "https://crm.example", token: env:A, user: a, password: env:B',
            "`token` and `user` are two ways",
        ),
        ('url: "https://crm.example", token: abc', "setting `token` holds a secret in clear"),
        ('url: "https://crm.example", tokn: env:A', "the nearest that it knows is `token`"),
        ("token: env:A", "setting `url` is missing"),
    ],
)
def test_wrong_settings_are_told_when_the_connector_is_made(settings: str, says: str) -> None:
    organization = loads_organization(
        "name: A\nsystems:\n  - id: crm\n    name: CRM\n"
        f"    binding: {{connector: http, settings: {{{settings}}}}}\n"
    )
    with pytest.raises(UsageError) as told:
        HttpConnector(organization.systems[0], organization, Path())
    assert says in str(told.value)
    assert "`CRM`" in str(told.value)
    assert "abc" not in f"{told.value}{told.value.hint}"


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        ("{name: a}", "operation `a` of system `CRM` has no `request`"),
        ("{name: a, inputs: [b], request: {path: '/{c}'}}", "names input `c`"),
        ("{name: a, inputs: [b], request: {query: [c]}}", "names input `c`"),
        (
            "{name: a, outputs: [{name: b, type: string}], request: {results: {c: /c}}}",
            "names output `c`",
        ),
        (
            "{name: a, inputs: [{name: b, type: string}], request: {decimal: [b]}}",
            "names decimal `b`, which is no money of it",
        ),
        (
            "{name: a, inputs: [b, c], request: {names: {b: /x, c: /x/y}}}",
            "puts `c` where `b` stands",
        ),
        ("{name: a, request: {look_up: b}}", "names no `b`"),
        ("{name: a, request: {look_up: a}}", "`a`, which is no read"),
    ],
)
def test_requests_that_cannot_be_made_are_told_when_the_connector_is_made(
    operation: str, says: str
) -> None:
    with pytest.raises(UsageError) as told:
        connect("https://crm.example", "timeout: 5", f"\n      - {operation}")
    assert says in str(told.value)


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


def test_the_text_or_the_name_of_a_template_is_an_input(tmp_path: Path) -> None:
    """What the step itself says stands above it."""
    (tmp_path / "welcome.txt").write_text("Subject: Hello\n\nWelcome, {{ client }}\n")
    organization = loads_organization(f"name: A\n{TEMPLATES}")
    chat = HttpConnector(organization.systems[0], organization, tmp_path)
    _MADE.append(chat)

    def body(operation: str, template: str, **inputs: Any) -> Any:
        values = {"client": "{{ 7 * 7 }}"}
        request = Request(operation=operation, template=template, inputs=inputs, values=values)
        return chat.render(request)["body"]

    welcome = {"subject": "Hello", "text": "Welcome, {{ 7 * 7 }}\n", "room": "a"}
    assert body("post", "welcome", room="a") == welcome
    assert body("post", "welcome", text="Hi", room="a") == {**welcome, "text": "Hi"}
    assert body("apply", "macro 5", ticket="1") == {"ticket": "1", "template": "macro 5"}
    for operation, template in (("ping", "welcome"), ("ping", "macro 5")):
        with pytest.raises(ConnectorError, match="`ping` has no input for template") as told:
            body(operation, template, room="a")
        assert told.value.failure is Failure.MISSING_DATA


def test_values_of_a_template_never_come_into_an_http_request(server: Server, crm: Any) -> None:
    crm.perform(creating(values={"salary": 1}))
    assert "salary" not in json.dumps([asked.target for asked in server.asked])
    assert b"salary" not in server.asked[0].content
