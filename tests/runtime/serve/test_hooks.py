"""Webhooks: who may post, what is kept, and what each sender is answered."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.applications import Starlette
from starlette.testclient import TestClient

from runtime.triggers.deployed import NOW, REFUND, deploy, graph
from sopc_runtime.journal.chain import INSTANCE
from sopc_runtime.serve import hooks as hooks_module
from sopc_runtime.serve.hooks import Hooks
from sopc_runtime.store.database import open_database
from sopc_runtime.store.tables import deliveries, journal, runs
from sopc_runtime.triggers.settings import TriggerSettings

GOOD = {"ticket": 7, "amount": 1999}
AT = str(int(NOW.timestamp()))
KEY = b"key-of-the-tests"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("HOOK_KEY", KEY.decode())
    monkeypatch.setenv("OLD_KEY", "old")
    monkeypatch.setenv("STANDARD_KEY", "whsec_" + base64.b64encode(KEY).decode())
    opened = open_database(tmp_path)
    with opened.begin() as connection:
        deploy(connection, "refunds", graph("refunds", REFUND))
    return opened


Client = Callable[..., TestClient]


@pytest.fixture
def client(engine: Engine) -> Iterator[Client]:
    opened: list[TestClient] = []
    hooks: list[Hooks] = []

    def make(**settings: Any) -> TestClient:
        told = {"system": "zendesk", "secret": "env:HOOK_KEY", "scheme": "token", **settings}
        webhooks = TriggerSettings.model_validate({"webhook": [told]}).webhook
        hooks.append(Hooks(engine, webhooks, now=lambda: NOW))
        opened.append(TestClient(Starlette(routes=hooks[-1].routes)))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
    for each in hooks:
        each.forgeries.write()
    engine.dispose()


def _signed(content: bytes) -> str:
    return hmac.new(KEY, content, hashlib.sha256).hexdigest()


def _bearer(**more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {KEY.decode()}", **more}


def _rows(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(deliveries).order_by(deliveries.c.number)))


def _started(engine: Engine) -> int:
    with engine.connect() as connection:
        return len(connection.execute(select(runs.c.id)).all())


def test_an_event_is_answered_when_its_run_is_committed(client: Client, engine: Engine) -> None:
    """The second time it is the same answer, and no second run."""
    web = client(id_header="X-Id")
    first = web.post("/hooks/zendesk", json=GOOD, headers=_bearer(**{"X-Id": "e1"}))
    assert (first.status_code, first.json()["status"]) == (202, "started")
    again = web.post("/hooks/zendesk", json=GOOD, headers=_bearer(**{"X-Id": "e1"}))
    assert (again.status_code, again.json()) == (200, first.json())
    assert _started(engine) == 1


def test_the_address_may_name_the_event(client: Client) -> None:
    """Words stand in it with hyphens."""
    web = client()
    told = web.post("/hooks/zendesk/ticket-tagged", json=GOOD, headers=_bearer())
    other = web.post("/hooks/zendesk/ticket-closed", json={**GOOD, "ticket": 8}, headers=_bearer())
    assert (told.json()["status"], other.json()["status"]) == ("started", "ignored")


@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        ({"scheme": "token", "signature_header": "X-Key"}, {"X-Key": KEY.decode()}),
        ({"scheme": "hmac-sha256"}, {"X-Signature": "BODY"}),
        (
            {"scheme": "hmac-sha256", "timestamp_header": "X-At", "signature_header": "X-S"},
            {"X-At": AT, "X-S": "sha256=TIMED"},
        ),
        ({"scheme": "github"}, {"X-Hub-Signature-256": "sha256=BODY", "X-GitHub-Event": "other"}),
        ({"scheme": "stripe"}, {"Stripe-Signature": f"t={AT},v1=00,v1=TIMED"}),
        (
            {"scheme": "standard-webhooks", "secret": ["env:OLD_KEY", "env:STANDARD_KEY"]},
            {"webhook-id": "m1", "webhook-timestamp": AT, "webhook-signature": "v1,x v1,STANDARD"},
        ),
    ],
    ids=["token", "hmac", "hmac with a timestamp", "github", "stripe", "standard webhooks"],
)
def test_every_scheme_takes_what_is_signed_and_refuses_what_is_not(
    client: Client, engine: Engine, settings: dict[str, Any], headers: dict[str, str]
) -> None:
    """One byte of the body changed, or no signature, and nothing is kept of it but a count."""
    body = json.dumps(GOOD).encode()
    standard = hmac.new(KEY, f"m1.{AT}.".encode() + body, hashlib.sha256).digest()
    forms = {
        "BODY": _signed(body),
        "TIMED": _signed(f"{AT}.".encode() + body),
        "STANDARD": base64.b64encode(standard).decode(),
    }
    for name, form in forms.items():
        headers = {key: value.replace(name, form) for key, value in headers.items()}
    web = client(**settings)
    address = "/hooks/zendesk/ticket tagged"
    assert web.post(address, content=body, headers=headers).status_code == 202
    assert web.post(address, content=body, headers=headers).status_code == 200
    if settings["scheme"] != "token":
        forged = web.post(address, content=body.replace(b"1999", b"9999"), headers=headers)
        assert (forged.status_code, forged.json()["error"]) == (401, "the signature is wrong")
    assert web.post(address, content=body).status_code == 401
    wrong = {
        name: value[:-1] + ("0" if value[-1] != "0" else "1") for name, value in headers.items()
    }
    assert web.post(address, content=body, headers=wrong).status_code == 401
    assert _started(engine) == 1


@pytest.mark.parametrize("minutes", [-6, 6])
def test_what_was_signed_too_long_ago_is_refused(client: Client, minutes: int) -> None:
    """And so is what says to come from the future; the tolerance may be set."""
    at = int((NOW + timedelta(minutes=minutes)).timestamp())
    body = json.dumps(GOOD).encode()
    headers = {"Stripe-Signature": f"t={at},v1={_signed(f'{at}.'.encode() + body)}"}
    strict, lenient = client(scheme="stripe"), client(scheme="stripe", tolerance="PT10M")
    refused = strict.post("/hooks/zendesk", content=body, headers=headers)
    assert (refused.status_code, refused.json()["error"]) == (
        401,
        "the timestamp is too old, or to come",
    )
    assert lenient.post("/hooks/zendesk", content=body, headers=headers).status_code == 202


def test_requests_that_are_forged_are_counted_and_not_kept(client: Client, engine: Engine) -> None:
    """A day's attacks on one system are one delivery without content, and one journal entry."""
    web = client()
    for number in range(5):
        web.post("/hooks/zendesk", json={"big": "x" * 1000, "n": number})
    client()  # the first client's counts are still to be written
    web.app.routes[0].endpoint.__self__.forgeries.write()  # type: ignore[attr-defined]
    [row] = _rows(engine)
    assert (row.status, row.payload) == ("refused", "")
    assert row.problem == (
        "5 requests were not authentic on 2026-11-23: header `Authorization` is missing"
    )
    with engine.connect() as connection:
        [entry] = connection.execute(select(journal).where(journal.c.run == INSTANCE)).all()
    assert (entry.kind, entry.step, entry.actor) == ("webhook-refused", "zendesk", "system:zendesk")


def test_stripe_s_envelope_is_opened(client: Client, engine: Engine) -> None:
    """Its id, type, time and object are where Stripe has them."""
    body = json.dumps(
        {"id": "evt_1", "type": "ticket.tagged", "created": 1700000000, "data": {"object": GOOD}}
    ).encode()
    headers = {"Stripe-Signature": f"t={AT},v1={_signed(f'{AT}.'.encode() + body)}"}
    answer = client(scheme="stripe").post("/hooks/zendesk", content=body, headers=headers)
    assert answer.json()["status"] == "started"
    [row] = _rows(engine)
    assert (row.key, row.event) == ("zendesk:evt_1", "ticket.tagged")
    assert (row.occurred.timestamp(), json.loads(row.payload)) == (1700000000, GOOD)


def test_malformed_bodies_are_kept_and_refused(client: Client, engine: Engine) -> None:
    """400 for what is no JSON, 422 for what does not fit; the problems are in the answer."""
    web = client()
    for body in (b"{", b"[" * 50_000, b"\xff\xfe", b""):
        answer = web.post("/hooks/zendesk", content=body, headers=_bearer())
        assert (answer.status_code, answer.json()["status"]) == (400, "refused")
    wrong = web.post("/hooks/zendesk", json={"ticket": "7", "amount": 5}, headers=_bearer())
    assert wrong.status_code == 422
    assert wrong.json()["problems"] == ["refunds: `ticket` is no integer: '7'"]
    assert [row.status for row in _rows(engine)] == ["refused"] * 5
    assert _started(engine) == 0


def test_large_bodies_are_not_read_to_their_end(client: Client, engine: Engine) -> None:
    """Neither where the length is told nor where it is not."""
    read = []

    def parts() -> Iterator[bytes]:
        for number in range(50):
            read.append(number)
            yield b"x" * 100

    web = client(most_bytes=1000)
    told = web.post("/hooks/zendesk", content=b"x" * 1001, headers=_bearer())
    untold = web.post("/hooks/zendesk", content=parts(), headers=_bearer())
    assert (told.status_code, untold.status_code) == (413, 413)
    assert _rows(engine) == []


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/hooks/other", _bearer(), 404),
        ("/hooks/zendesk/" + "x" * 300, _bearer(), 404),
        ("/hooks/zendesk", _bearer(**{"Content-Type": "application/x-www-form-urlencoded"}), 415),
    ],
)
def test_what_is_not_set_up_is_refused_before_it_is_read(
    client: Client, engine: Engine, address: str, headers: dict[str, str], status: int
) -> None:
    """An unknown system, an address beyond measure, another content type."""
    answer = client().post(address, content=json.dumps(GOOD).encode(), headers=headers)
    assert answer.status_code == status
    assert _rows(engine) == []


def test_a_secret_that_is_not_set_lets_nobody_in(
    client: Client, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    """The sender is asked to come again, and learns nothing."""
    monkeypatch.delenv("HOOK_KEY")
    answer = client().post("/hooks/zendesk", json=GOOD, headers=_bearer())
    assert (answer.status_code, "HOOK_KEY" in answer.text) == (503, False)
    assert _rows(engine) == []


def test_a_secret_without_a_key_is_no_key_that_everybody_has(
    client: Client, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    """What is signed with nothing is forged."""
    monkeypatch.setenv("HOOK_KEY", "whsec_")
    body = json.dumps(GOOD).encode()
    signed = hmac.digest(b"", f"m1.{AT}.".encode() + body, "sha256")
    headers = {
        "webhook-id": "m1",
        "webhook-timestamp": AT,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
    web = client(scheme="standard-webhooks")
    assert web.post("/hooks/zendesk", content=body, headers=headers).status_code == 401
    assert _started(engine) == 0


def test_a_database_that_is_gone_is_no_loss(client: Client, engine: Engine) -> None:
    """The sender is told to come again."""
    with engine.begin() as connection:
        deliveries.drop(connection)
    answer = client().post("/hooks/zendesk", json=GOOD, headers=_bearer())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


def test_forged_requests_are_counted_also_while_the_database_is_gone(
    client: Client, engine: Engine
) -> None:
    """Nobody is told to send them again, and they are written when it is back."""
    with engine.begin() as connection:
        deliveries.drop(connection)
    web = client()
    for _ in range(3):
        assert web.post("/hooks/zendesk", json=GOOD).status_code == 401
    with engine.begin() as connection:
        deliveries.create(connection)
    web.app.routes[0].endpoint.__self__.forgeries.write()  # type: ignore[attr-defined]
    assert [row.problem.partition(" were")[0] for row in _rows(engine)] == ["3 requests"]


def test_a_database_without_a_free_connection_is_no_loss(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender is told to come again."""

    def exhausted(*_words: Any) -> Any:
        raise NoConnectionError("QueuePool limit of size 20 overflow 20 reached")

    monkeypatch.setattr(hooks_module, "receive", exhausted)
    assert client().post("/hooks/zendesk", json=GOOD, headers=_bearer()).status_code == 503
