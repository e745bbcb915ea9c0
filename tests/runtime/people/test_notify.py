"""Telling people: by mail, to a webhook, through a system; again after failures, then given up."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Row, select

from runtime.connectors.mail_server import Mailbox, MailServer
from runtime.people.office import NOW, ORGANIZATION, Office, a_task
from sopc.organization import loads_organization
from sopc_runtime.connectors.smtp import SmtpConnector
from sopc_runtime.core.event import TimerFired
from sopc_runtime.core.task import TaskKind
from sopc_runtime.people.deciding import Decision, decide, delegate
from sopc_runtime.people.notify import send_waiting
from sopc_runtime.people.notify_settings import NotifySettings
from sopc_runtime.store.tables import outbox

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    found = Mailbox()
    server = MailServer(found)
    server.start()
    found.port = server.port  # type: ignore[attr-defined]
    yield found
    server.stop()


class Hook(HTTPServer):
    """A webhook's receiver that keeps what it is told, and answers as it is bid."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        hook = self.server
        assert isinstance(hook, Hook)
        body = self.rfile.read(int(self.headers["content-length"]))
        hook.told.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(hook.status)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def by_mail(mailbox: Mailbox, **more: Any) -> NotifySettings:
    mail = {
        "host": "127.0.0.1",
        "port": mailbox.port,  # type: ignore[attr-defined]
        "from": "sopc <sopc@tidewater.example>",
        "security": "none",
    }
    return NotifySettings.model_validate({"mail": mail, **more})


def to_hook(hook: Hook, **more: Any) -> NotifySettings:
    url = f"http://127.0.0.1:{hook.server_port}/sopc"
    return NotifySettings.model_validate(
        {"webhook": {"url": url, "secret": "env:HOOK_SECRET"}, **more}
    )


def send(office: Office, settings: NotifySettings, now: datetime = NOW) -> int:
    return send_waiting(office.engine, settings, lambda: now)


def rows(office: Office) -> list[Row[Any]]:
    with office.engine.connect() as connection:
        return list(connection.execute(select(outbox).order_by(outbox.c.number)))


def wait(office: Office, number: int = 1, key: str = "task:r1:t1") -> None:
    about = {"run": "r1", "task": "t1", "number": number}
    office.notify("task", key, json.dumps(about))


def escalate(office: Office, **more: Any) -> None:
    about = {
        "run": "r1",
        "name": "refunds",
        "step": "approve-it",
        "ladder": "step",
        "rung": 0,
        "says": "tell finance",
        "why": "not done within 4 hours for DE89370400440532013000",
        "to": "finance",
        "via": "chat",
        "by": None,
        **more,
    }
    office.notify("escalation", "escalation:r1:9", json.dumps(about))


def test_holders_of_the_role_are_mailed_the_task_with_its_commands(
    office: Office, mailbox: Mailbox
) -> None:
    """One mail each, once; who has left is not told; what is sensitive is only named."""
    office.run(by="Marta Kowalczyk")
    wait(office)
    assert send(office, by_mail(mailbox)) == 1
    assert send(office, by_mail(mailbox)) == 0
    assert mailbox.recipients == [["lena@tidewater.example"], ["kofi@tidewater.example"]]
    mail = mailbox.mails[0]
    assert mail["Subject"] == "[sopc 1] approval: Approve the refund"
    assert mail["Message-ID"].endswith("@tidewater.example>")
    text = mail.get_content().replace("\r\n", "\n")
    assert text == (
        "Task 1 waits for Lena Brandt, Kofi Mensah: approve or reject: Approve the refund\n"
        "\n"
        "Procedure: refunds\n"
        "Run: r1\n"
        "Step: Approve the refund\n"
        "Due: 2026-11-23 13:00 CST\n"
        "Until it is decided: it is escalated, when it is late: finance\n"
        "\n"
        "  amount: 120.50 USD\n"
        "\n"
        "Sensitive, so not in this message: account\n"
        "\n"
        "Everything about it:\n"
        "\n"
        "  sopc inbox 1\n"
        "\n"
        "To decide it:\n"
        "\n"
        "  sopc approve 1\n"
        "  sopc reject 1 --reason WHY\n"
    )
    [row] = rows(office)
    assert (row.sent, row.problem, row.attempts) == (NOW, None, 0)


def test_sensitive_values_stay_in_the_house_wherever_they_stand(
    office: Office, mailbox: Mailbox
) -> None:
    """Even within other texts of the task and its title."""
    office.run()
    number = office.put(
        a_task(
            TaskKind.ACT,
            title="Pay DE89370400440532013000",
            shown={"inputs": {"note": "to DE89370400440532013000 now"}},
            asks="approve: pay DE89370400440532013000",
        )
    )
    wait(office, number)
    send(office, by_mail(mailbox))
    mail = mailbox.mails[0]
    assert "DE89" not in mail.get_content() + mail["Subject"]
    assert "note: to ‹sealed› now" in mail.get_content()


def test_the_webhook_is_told_with_a_signature_and_without_values(
    office: Office, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Standard Webhooks has it: id, timestamp and HMAC over both and the body."""
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    office.run()
    wait(office)
    send(office, to_hook(hook))
    [(headers, body)] = hook.told
    stamp = str(int(NOW.timestamp()))
    signed = f"{headers['webhook-id']}.{stamp}.".encode() + body
    digest = hmac.new(b"0123456789abcdef0123456789abcdef", signed, hashlib.sha256).digest()
    assert headers["webhook-timestamp"] == stamp
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    told = json.loads(body)
    assert (told["type"], told["data"]["number"]) == ("task.opened", 1)
    assert told["data"]["people"] == ["Lena Brandt", "Kofi Mensah"]
    assert told["data"]["commands"] == ["sopc approve 1", "sopc reject 1 --reason WHY"]
    assert b"12050" not in body
    assert b"DE89" not in body


def test_what_fails_is_tried_again_only_where_it_failed(
    office: Office, mailbox: Mailbox, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pause twice as long; the id stays the same; those who have it get it once."""
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    both = by_mail(mailbox, webhook=to_hook(hook).webhook, pause=30)
    office.run()
    wait(office)
    hook.status = 500
    send(office, both)
    [row] = rows(office)
    assert (row.sent, row.attempts, row.problem) == (None, 1, "the webhook answers with status 500")
    assert row.due == NOW + timedelta(seconds=30)
    assert send(office, both, NOW + timedelta(seconds=29)) == 0
    assert send(office, both, NOW + timedelta(seconds=30)) == 1
    assert rows(office)[0].due == NOW + timedelta(seconds=90)
    hook.status = 200
    assert send(office, both, NOW + timedelta(seconds=90)) == 1
    [row] = rows(office)
    assert (row.sent, row.problem) == (NOW + timedelta(seconds=90), None)
    assert len(mailbox.mails) == 2
    assert len({headers["webhook-id"] for headers, _ in hook.told}) == 1
    assert len(hook.told) == 3


def test_after_the_last_attempt_it_is_given_up_loudly(
    office: Office, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    """The problem is kept and logged; nothing is tried any more; others go on."""
    settings = by_mail(mailbox, attempts=2, pause=0)
    mailbox.answers["MAIL"] = "451 not now"
    office.run()
    wait(office)
    with caplog.at_level(logging.WARNING, "sopc.notify"):
        assert [send(office, settings) for _ in range(3)] == [1, 1, 0]
    assert [each.levelname for each in caplog.records] == ["WARNING", "ERROR"]
    [row] = rows(office)
    assert (row.sent, row.attempts, "451 not now" in row.problem) == (None, 2, True)
    del mailbox.answers["MAIL"]
    wait(office, key="task:other")
    assert send(office, settings) == 1
    assert len(mailbox.mails) == 2


def test_a_process_that_dies_while_sending_leaves_it_to_the_next(
    office: Office, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while, not at once."""
    office.run()
    wait(office)

    def dies(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("sopc_runtime.people.notify.notification", dies)
        with pytest.raises(SystemExit):
            send(office, by_mail(mailbox))
    assert send(office, by_mail(mailbox), NOW + timedelta(minutes=4)) == 0
    assert send(office, by_mail(mailbox), NOW + timedelta(minutes=5)) == 1
    assert len(mailbox.mails) == 2


def test_nobody_is_told_of_what_is_decided_already(office: Office, mailbox: Mailbox) -> None:
    """It counts as sent, and says why."""
    office.run()
    wait(office)
    with office.engine.begin() as connection:
        decision = Decision(choice="approve", by="Lena Brandt")
        decide(connection, 1, decision, loads_organization(ORGANIZATION), NOW)
    send(office, by_mail(mailbox))
    [row] = rows(office)
    assert (row.sent, row.problem) == (NOW, "nobody had to be told any more")
    assert mailbox.mails == []


def test_who_was_delegated_to_is_told(office: Office, mailbox: Mailbox) -> None:
    """And nobody else."""
    office.run()
    with office.engine.begin() as connection:
        delegate(
            connection,
            1,
            to="Grace Okafor",
            by="Lena Brandt",
            organization=loads_organization(ORGANIZATION),
            now=NOW,
        )
    send(office, by_mail(mailbox))
    assert mailbox.recipients == [["grace@tidewater.example"]]
    assert "waits for Grace Okafor" in mailbox.mails[0].get_content()


def test_where_nobody_has_an_address_it_is_given_up_at_once(
    office: Office, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    """Trying again would not give anybody one."""
    office.put(a_task(id="t1", roles=("clerk",)))
    wait(office)
    send(office, by_mail(mailbox))
    [row] = rows(office)
    assert row.problem == "there is nobody to tell; no address is known of Marta Kowalczyk"
    assert "given up" in caplog.text
    assert send(office, by_mail(mailbox), NOW + timedelta(days=1)) == 0


def test_an_escalation_goes_to_the_role_by_mail_where_its_system_is_not_bound(
    office: Office, mailbox: Mailbox
) -> None:
    """With the words of the ladder, why, and what can be decided; nothing sensitive."""
    office.run()
    with office.engine.begin() as connection:
        office.tell(connection, "r1", TimerFired(at=NOW, timer="approve-it:deadline:0"))
    escalate(office)
    send(office, by_mail(mailbox))
    assert mailbox.recipients == [["grace@tidewater.example"]]
    assert mailbox.mails[0]["Subject"] == "[sopc] escalated: Approve the refund"
    text = mailbox.mails[0].get_content().replace("\r\n", "\n")
    assert text == (
        "tell finance: Approve the refund\n\n"
        "Why: not done within 4 hours for ‹sealed›\n\n"
        "Procedure: refunds\nRun: r1\nFor: finance\n\n"
        "To look at it and decide it:\n\n  sopc inbox 1\n"
    )


def test_an_escalation_of_an_erased_run_is_not_told(office: Office, mailbox: Mailbox) -> None:
    """Nothing is left to say of it, and a mail without words would only puzzle."""
    office.run()
    escalate(office, says="", why="")
    send(office, by_mail(mailbox))
    assert mailbox.mails == []
    assert rows(office)[0].problem == "nobody had to be told any more"


def test_what_hinders_several_mails_alike_is_told_once(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """A mail server that is away is one problem, however many people are written to."""
    office.put(a_task(id="t1"))
    wait(office)
    mail = {"host": "127.0.0.1", "port": 9, "from": "a@b.example", "security": "none"}
    away = NotifySettings.model_validate({"mail": mail})
    send(office, away)
    assert caplog.text.count("cannot be reached") == 1


def test_an_escalation_goes_through_its_system_where_that_is_bound(
    office: Office, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connector that can send, here of another mail server; no further mail then."""
    monkeypatch.setattr("sopc_runtime.people.delivery.connector", SmtpConnector)
    file = office.folder / "organization.yaml"
    port = mailbox.port  # type: ignore[attr-defined]
    file.write_text(
        f'{ORGANIZATION}  - {{id: chat, name: "Refunds", binding: {{connector: smtp, settings: '
        f"{{host: 127.0.0.1, port: {port}, security: none, from: bot@tidewater.example}}}}}}\n"
    )
    office.run()
    escalate(office)
    send(office, by_mail(mailbox))
    [mail] = mailbox.mails
    assert (mail["From"], mail["To"]) == ("bot@tidewater.example", "grace@tidewater.example")
    assert rows(office)[0].delivered == ["via:chat"]


def test_where_the_system_fails_it_goes_by_mail(office: Office, mailbox: Mailbox) -> None:
    """Nothing listens there, and still somebody is told."""
    file = office.folder / "organization.yaml"
    file.write_text(
        f'{ORGANIZATION}  - {{id: chat, name: "#refunds", binding: {{connector: smtp, settings: '
        "{host: 127.0.0.1, port: 1, security: none, from: bot@tidewater.example}}}\n"
    )
    office.run()
    escalate(office)
    send(office, by_mail(mailbox))
    assert mailbox.mails[0]["From"] == "sopc <sopc@tidewater.example>"


def test_a_row_that_cannot_be_read_stops_no_other(office: Office, mailbox: Mailbox) -> None:
    """It is tried again and given up as others are."""
    office.run()
    office.notify("strange", "x", "{}")
    wait(office)
    assert send(office, by_mail(mailbox)) == 2
    assert len(mailbox.mails) == 2
    assert "kind `strange`" in rows(office)[0].problem


def test_without_settings_everything_keeps_waiting(office: Office) -> None:
    """Nobody is told, and nothing is lost."""
    office.run()
    wait(office)
    assert send(office, NotifySettings()) == 0
    assert rows(office)[0].sent is None
