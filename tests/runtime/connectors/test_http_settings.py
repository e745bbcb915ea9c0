"""The connector `http`: who asks, how a system is tried, and wrong settings."""

from pathlib import Path
from typing import Any

import pytest

from runtime.connectors.conformance import SECRET, VARIABLE
from runtime.connectors.http_case import connect, failing, getting
from runtime.connectors.http_server import Answer, Server
from sopc.errors import UsageError
from sopc.graph import Failure
from sopc.organization import loads_organization
from sopc_runtime.connectors.connector import ConnectorError, Request
from sopc_runtime.connectors.http import HttpConnector


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
