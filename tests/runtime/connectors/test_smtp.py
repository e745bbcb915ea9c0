"""Connector `smtp`, against a mail server on loopback."""

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from runtime.connectors.conformance import SECRET, VARIABLE, Conformance
from runtime.connectors.mail_server import Mailbox, MailServer, hang_up
from sopc.errors import UsageError
from sopc.graph import Failure
from sopc.organization import Binding, Organization, System, Template
from sopc_runtime.connectors.connector import CannotLookUpError, ConnectorError, Request
from sopc_runtime.connectors.smtp import SmtpConnector

ASKED = Request(
    operation="send",
    inputs={"to": "Ada <ada@client.example>", "subject": "Welcome", "body": "Hi!\n.\n..end"},
    key="run-1/welcome",
    effect="send",
    timeout=5,
)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[MailServer]:
    started = MailServer(mailbox)
    started.start()
    yield started
    started.stop()


def connector(port: int, root: Path = Path(), **settings: Any) -> SmtpConnector:
    chosen = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "from": "Tidewater <office@tidewater.example>",
        **settings,
    }
    binding = Binding(connector="smtp", settings=chosen)
    system = System(id="mail", name="Mail", binding=binding)
    templates = (
        Template(name="welcome", file="welcome.txt"),
        Template(name="rich", file="welcome.html"),
    )
    organization = Organization(name="Tidewater", systems=(system,), templates=templates)
    return SmtpConnector(
        system, organization, root, now=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    )


def failure(asked: SmtpConnector, request: Request) -> ConnectorError:
    with pytest.raises(ConnectorError) as told:
        asked.perform(request)
    return told.value


class TestSmtp(Conformance):
    @pytest.fixture
    def connector(self, server: MailServer, mailbox: Mailbox) -> SmtpConnector:
        mailbox.login = (b"office", SECRET.encode())
        return connector(server.port, user="office", password=f"env:{VARIABLE}")

    @pytest.fixture
    def asked(self) -> Request:
        return ASKED

    @pytest.fixture
    def received(self, mailbox: Mailbox) -> Callable[[], int]:
        return lambda: len(mailbox.mails)

    @pytest.fixture
    def incomplete(self) -> Request:
        return replace(ASKED, inputs={"subject": "Welcome", "body": "Hi"})

    @pytest.fixture
    def refused(self, mailbox: Mailbox) -> Request:
        mailbox.answers["RCPT"] = f"554 no, {SECRET}"
        return replace(ASKED, inputs={**ASKED.inputs, "to": "bob@client.example"})

    @pytest.fixture
    def slow(self, server: MailServer, mailbox: Mailbox) -> tuple[SmtpConnector, Request]:
        mailbox.delay = 0.5
        return connector(server.port), replace(ASKED, timeout=0.15)

    @pytest.fixture
    def unreachable(self) -> tuple[SmtpConnector, Request]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        return connector(port), ASKED


def test_a_mail_arrives_as_it_was_rendered(server: MailServer, mailbox: Mailbox) -> None:
    inputs = {
        "to": ["Ada Müller <ada@client.example>", "bob@client.example"],
        "cc": "lead@tidewater.example",
        "bcc": "archive@tidewater.example",
        "reply_to": "help@tidewater.example",
        "subject": "Grüße, and a subject that is so long that it has to be folded " * 3,
        "body": "Zeile\n.\n.. ends",
        "html": "<p>Zeile</p>",
    }
    asked = connector(server.port)
    request = replace(ASKED, inputs=inputs)
    rendered = asked.render(request)
    reply = asked.perform(request)
    (mail,) = mailbox.mails
    assert rendered == {
        "from": "Tidewater <office@tidewater.example>",
        "to": ["Ada Müller <ada@client.example>", "bob@client.example"],
        "cc": ["lead@tidewater.example"],
        "bcc": ["archive@tidewater.example"],
        "reply_to": ["help@tidewater.example"],
        "subject": inputs["subject"],
        "body": inputs["body"],
        "html": inputs["html"],
        "message_id": reply.values["message_id"],
    }
    assert mailbox.recipients == [
        [
            "ada@client.example",
            "bob@client.example",
            "lead@tidewater.example",
            "archive@tidewater.example",
        ]
    ]
    assert mail["Message-ID"] == reply.values["message_id"]
    assert mail["To"] == "Ada Müller <ada@client.example>, bob@client.example"
    assert mail["Subject"].strip() == str(inputs["subject"]).strip()
    assert mail["Bcc"] is None
    assert mail["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    body, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert body is not None
    assert html is not None
    assert body.get_content().replace("\r\n", "\n") == "Zeile\n.\n.. ends\n"
    assert html.get_content().strip() == "<p>Zeile</p>"


def test_repeats_can_be_told_by_their_id(server: MailServer) -> None:
    asked = connector(server.port)
    first = asked.perform(ASKED).values["message_id"]
    assert asked.perform(ASKED).values["message_id"] == first
    assert asked.perform(replace(ASKED, key="other")).values["message_id"] != first
    with pytest.raises(CannotLookUpError):
        asked.look_up(ASKED)


def test_a_template_gives_what_the_step_does_not(
    server: MailServer, mailbox: Mailbox, tmp_path: Path
) -> None:
    source = "Subject: Welcome, {{ client }}\nTo: {{ email }}\n\nDear {{ client }},\n"
    (tmp_path / "welcome.txt").write_text(source, encoding="utf-8")
    (tmp_path / "welcome.html").write_text("<b>{{ client }}</b>", encoding="utf-8")
    asked = connector(server.port, tmp_path)
    values = {"client": "A & B", "email": "ada@client.example"}
    asked.perform(Request(operation=None, template="welcome", values=values, key="1"))
    inputs = {"to": "bob@client.example", "subject": "Own"}
    rich = Request(operation="send", template="rich", values=values, inputs=inputs, key="2")
    asked.perform(rich)
    first, second = mailbox.mails
    assert (first["Subject"], first["To"]) == ("Welcome, A & B", "ada@client.example")
    assert first.get_content().strip() == "Dear A & B,"
    assert (second["Subject"], second["To"]) == ("Own", "bob@client.example")
    assert second.get_content().strip() == "<b>A &amp; B</b>"


def test_files_are_attached_from_their_folder_alone(
    server: MailServer, mailbox: Mailbox, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/terms.pdf").write_bytes(b"%PDF \x00\xff")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "out/link").symlink_to(tmp_path / "secret.txt")
    asked = connector(server.port, tmp_path, attachments="out")
    request = replace(ASKED, inputs={**ASKED.inputs, "attachments": ["terms.pdf"]})
    assert asked.render(request)["attachments"] == [
        {"name": "terms.pdf", "type": "application/pdf", "bytes": 7}
    ]
    asked.perform(request)
    (attached,) = mailbox.mails[0].iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("terms.pdf", b"%PDF \x00\xff")
    for path in ("../secret.txt", "link", str(tmp_path / "secret.txt")):
        outside = replace(ASKED, inputs={**ASKED.inputs, "attachments": path})
        assert failure(asked, outside).failure is Failure.REFUSED
        assert failure(connector(server.port), outside).failure is Failure.REFUSED
    gone = replace(ASKED, inputs={**ASKED.inputs, "attachments": "gone.pdf"})
    assert failure(asked, gone).failure is Failure.NOT_FOUND
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"to": "ada@client.example\r\nBcc: thief@example.com"}, Failure.REFUSED),
        ({"subject": "Hi\nBcc: thief@example.com"}, Failure.REFUSED),
        ({"subject": "Hi\rBcc: thief@example.com"}, Failure.REFUSED),
        ({"to": "ada"}, Failure.MISSING_DATA),
        ({"to": "ada@client.example;bob@client.example"}, Failure.MISSING_DATA),
        ({"to": "ada@@client.example"}, Failure.MISSING_DATA),
        ({"to": "ädä@client.example"}, Failure.MISSING_DATA),
        ({"to": []}, Failure.MISSING_DATA),
        ({"to": 7}, Failure.MISSING_DATA),
        ({"cc": "ada@"}, Failure.MISSING_DATA),
        ({"subject": ""}, Failure.MISSING_DATA),
        ({"body": None}, Failure.MISSING_DATA),
        ({"from": "boss@tidewater.example"}, Failure.REFUSED),
    ],
)
def test_what_cannot_be_sent_is_told_before_anything_is_sent(
    server: MailServer, mailbox: Mailbox, changed: dict[str, Any], kind: Failure
) -> None:
    told = failure(connector(server.port), replace(ASKED, inputs={**ASKED.inputs, **changed}))
    assert (told.failure, told.certain) == (kind, True)
    assert mailbox.mails == []


def test_an_operation_that_there_is_not_is_refused(server: MailServer) -> None:
    told = failure(connector(server.port), replace(ASKED, operation="delete"))
    assert (told.failure, told.certain) == (Failure.REFUSED, True)


@pytest.mark.parametrize(
    ("place", "answer", "expected"),
    [
        ("MAIL", "550 5.7.1 not you", (Failure.REFUSED, True)),
        ("MAIL", "451 4.3.0 later", (Failure.UNAVAILABLE, True)),
        ("MAIL", hang_up, (Failure.UNAVAILABLE, True)),
        ("RCPT", "550 5.1.1 nobody here", (Failure.NOT_FOUND, True)),
        ("RCPT", "550 5.7.1 not allowed", (Failure.REFUSED, True)),
        ("RCPT", "452 4.2.2 full", (Failure.UNAVAILABLE, True)),
        ("DATA", "554 5.6.0 spam", (Failure.REFUSED, True)),
        ("DATA", "451 4.7.0 later", (Failure.UNAVAILABLE, True)),
        ("DATA", hang_up, (Failure.UNAVAILABLE, False)),
        ("DATA", "so be it", (Failure.UNAVAILABLE, False)),
        ("DATA", f"250 {'x' * 9000}", (Failure.UNAVAILABLE, False)),
    ],
)
def test_it_is_known_whether_a_mail_was_taken(
    server: MailServer,
    mailbox: Mailbox,
    place: str,
    answer: str,
    expected: tuple[Failure, bool],
) -> None:
    mailbox.answers[place] = answer
    inputs = {**ASKED.inputs, "to": ["ada@client.example", "bob@client.example"]}
    told = failure(connector(server.port), replace(ASKED, inputs=inputs))
    assert (told.failure, told.certain) == expected
    assert mailbox.mails == []


def test_a_wrong_password_is_refused_and_not_shown(
    server: MailServer, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.login = (b"office", b"right")
    monkeypatch.setenv("MAIL_PASSWORD", "wrong-password")
    asked = connector(server.port, user="office", password="env:MAIL_PASSWORD")  # noqa: S106
    told = failure(asked, ASKED)
    assert (told.failure, told.certain) == (Failure.REFUSED, True)
    assert "wrong-password" not in str(told)


def test_a_password_that_mail_servers_cannot_be_told_is_refused(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "pässwörd")
    asked = connector(server.port, user="office", password="env:MAIL_PASSWORD")  # noqa: S106
    told = failure(asked, ASKED)
    assert (told.failure, told.certain) == (Failure.REFUSED, True)
    assert "ASCII" in str(told)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(mailbox: Mailbox, authority: trustme.CA) -> Iterator[MailServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    started = MailServer(mailbox, tls=context)
    started.start()
    yield started
    started.stop()


def test_mails_go_through_tls_to_a_server_that_is_trusted(
    secure: MailServer,
    mailbox: Mailbox,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = connector(secure.port, security="starttls")
    told = failure(asked, ASKED)
    assert (told.failure, told.certain) == (Failure.REFUSED, True)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    asked.perform(ASKED)
    assert asked.check() == "mail server 127.0.0.1, starttls"
    assert len(mailbox.mails) == 1


def test_nothing_is_sent_in_clear_to_a_server_without_tls(
    server: MailServer, mailbox: Mailbox
) -> None:
    for security in ("starttls", "tls"):
        told = failure(connector(server.port, security=security), ASKED)
        assert (told.failure, told.certain) == (Failure.REFUSED, True)
    assert mailbox.mails == []


@pytest.mark.parametrize(
    "settings",
    [
        {"from": "nobody"},
        {"user": "office"},
        {"password": "env:MAIL_PASSWORD"},
        {"security": "maybe"},
        {"port": 0},
        {"colour": "red"},
    ],
)
def test_settings_that_are_wrong_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="binding of system `Mail`"):
        connector(**{"port": 25, **settings})
