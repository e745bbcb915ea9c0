"""The connector `http`: failures, repeats, doubts and time."""

import threading
import time
from typing import Any

import pytest

from runtime.connectors.conformance import SECRET, VARIABLE
from runtime.connectors.http_case import connect, creating, failing, getting
from runtime.connectors.http_server import Answer, Server, serving
from sopc.graph import Failure
from sopc_runtime.connectors.connector import CannotLookUpError, ConnectorError, Request
from sopc_runtime.connectors.http.exchange import LARGEST


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


def test_a_search_that_finds_nothing_says_that_it_did_not_happen(server: Server) -> None:
    """Where all of the answer is the list, and where it is a part of it."""
    operations = """
      - {name: act, effect: write, request: {path: /act, look_up: find}}
      - {name: find, effect: read, request: {method: GET, path: /found}}
"""
    crm = connect(server.url, "timeout: 2", operations=operations)
    asked = Request(operation="act", key="rün-1/act", effect="write", timeout=2.0)
    for answer, happened in (([], False), ({"items": []}, False), ([{"id": 1}], True)):
        server.answers["/found"] = Answer(200, answer)
        assert (crm.look_up(asked) is not None) == happened
    server.answers["/act"] = Answer(200, {})
    crm.perform(asked)
    assert server.asked[0].query == [("key", server.asked[-1].headers["Idempotency-Key"])]


def test_an_input_called_as_one_in_the_path_leads_to_no_other_path(server: Server) -> None:
    operations = """
      - name: act
        inputs: [id, client]
        effect: write
        request: {path: "/orders/{id}", names: {client: id}}
"""
    crm = connect(server.url, "timeout: 2", operations=operations)
    shown = crm.render(Request(operation="act", inputs={"id": "o1", "client": "c2"}))
    assert shown["url"] == f"{server.url}/orders/o1"
    assert shown["body"] == {"id": "c2"}


@pytest.mark.parametrize("amount", ["1e999990", 1e300])
def test_an_amount_beyond_all_money_is_no_amount(
    server: Server, crm: Any, amount: str | float
) -> None:
    """Writing it out would take minutes."""
    server.answers["/contacts"] = Answer(200, {"data": {"id": 7}, "credit": amount})
    begun = time.monotonic()
    assert failing(crm, creating()).failure is Failure.MISSING_DATA
    assert time.monotonic() - begun < 2
