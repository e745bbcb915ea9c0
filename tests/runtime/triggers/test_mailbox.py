"""Mailboxes: unread mails become events, on a real IMAP server."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted
from sqlalchemy import Engine, select

from runtime.triggers.deployed import NOW, deploy, graph
from sopc.errors import WorkError
from sopc_runtime.store.database import open_database
from sopc_runtime.store.tables import deliveries
from sopc_runtime.triggers.delivery import Status
from sopc_runtime.triggers.mailbox import Mailbox
from sopc_runtime.triggers.reading import read_json
from sopc_runtime.triggers.settings import MailboxSettings

TRIGGER = (
    "kind: event, id: t, says: a mail arrives, system: support-mail, payload: ["
    "{name: from, type: string}, {name: subject, type: string}, {name: text, type: string}, "
    "{name: date, type: timestamp}, {name: attachments, type: list, items: string}]"
)
MAIL = (
    b"From: Ada <ada@client.example>\r\nTo: support@tidewater.example\r\n"
    b"Subject: =?utf-8?q?Caf=C3=A9?=\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n"
    b"Message-ID: <1@client.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/html\r\n\r\n"
    b"<style>x</style><p>Please <b>help</b></p><script>alert(1)</script>\r\n"
    b'--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="a.sh"\r\n\r\n'
    b"rm -rf /\r\n--b--\r\n"
)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        chosen: int = free.getsockname()[1]
    command = [sys.executable, "-c", "import sys; from pymap.main import main; sys.exit(main())"]
    command += ["--host", "127.0.0.1", "--port", str(chosen), "--no-tls", "dict", "--demo-data"]
    server = subprocess.Popen(  # the demo data are a mailbox with mails
        [*command, "--demo-user", "me", "--demo-password", "hunter2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(chosen)
        yield chosen
    finally:
        server.terminate()
        server.wait(timeout=10)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("MAIL_PASSWORD", "hunter2")
    opened = open_database(tmp_path)
    with opened.begin() as connection:
        deploy(connection, "support", graph("support", TRIGGER))
    yield opened
    opened.dispose()


@pytest.fixture
def box(port: int) -> Iterator[Any]:
    """An inbox in which nothing is unread."""
    with MailBoxUnencrypted("127.0.0.1", port, timeout=5).login("me", "hunter2") as opened:
        opened.delete(opened.uids())
        yield opened


def _mailbox(engine: Engine, port: int, **settings: Any) -> Mailbox:
    told = {
        "system": "support-mail",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "user": "me",
        "password": "env:MAIL_PASSWORD",
        **settings,
    }
    return Mailbox(MailboxSettings.model_validate(told), engine, lambda: NOW)


def test_an_unread_mail_starts_a_run_and_is_marked_as_read(
    engine: Engine, port: int, box: Any
) -> None:
    """Its words come without markup, and of what is attached only the name."""
    box.append(MAIL, "INBOX")
    mailbox = _mailbox(engine, port)
    [outcome] = mailbox.look()
    assert (outcome.status, outcome.problems) == (Status.STARTED, ())
    assert mailbox.look() == []
    with engine.connect() as connection:
        [row] = connection.execute(select(deliveries)).all()
    values, _ = read_json(row.payload)
    assert (values["from"], values["subject"]) == ("ada@client.example", "Caf\u00e9")
    assert (values["text"], values["attachments"]) == ("Please help", ["a.sh"])
    assert values["date"] == "2026-11-23T09:00:00+00:00"
    assert row.key.endswith(":<1@client.example>")


def test_a_mail_that_was_taken_in_and_not_marked_is_only_marked(
    engine: Engine, port: int, box: Any
) -> None:
    """As after a crash between the commit and the mark."""
    box.append(MAIL, "INBOX")
    mailbox = _mailbox(engine, port)
    [first] = mailbox.look()
    box.flag(box.uids(), ["\\Seen"], value=False)
    [again] = mailbox.look()
    assert (again.repeated, again.runs) == (True, first.runs)
    assert mailbox.look() == []


@pytest.mark.parametrize(
    ("head", "unread"),
    [
        (b"Subject: =?utf-8?B?a?=", "`subject`"),
        (b"Subject: x\r\nFrom: =?idna?q?=ff?= <a@b.example>", "`from`, `from_name`"),
        (b"Content-Type: text/plain; charset*=utf-8''%ff; charset*0=a", "`text`, `attachments`"),
        (b"Subject: x\r\nContent-Type: text/plain; charset=undefined", "`text`"),
    ],
)
def test_a_mail_that_no_parser_reads_is_refused_and_keeps_no_other_waiting(
    engine: Engine, port: int, box: Any, head: bytes, unread: str
) -> None:
    """Anybody may send one."""
    box.append(head + b"\r\n\r\nhello \xff", "INBOX")
    box.append(MAIL, "INBOX")
    bad, good = _mailbox(engine, port).look()
    assert (bad.status, bad.problems) == (Status.REFUSED, (f"{unread} cannot be read",))
    assert good.status is Status.STARTED
    assert _mailbox(engine, port).look() == []


def test_an_instant_beyond_the_calendar_is_none(engine: Engine, port: int, box: Any) -> None:
    """In UTC it would be in a year that there is not."""
    box.append(b"Subject: x\r\nDate: Thu, 31 Dec 9999 23:59:59 -1200\r\n\r\nhello", "INBOX")
    [outcome] = _mailbox(engine, port).look()
    assert outcome.problems == ("support: `date` is missing",)


def test_mails_are_moved_where_that_is_set(engine: Engine, port: int, box: Any) -> None:
    """Also those that are too large, which are refused unread."""
    if not box.folder.exists("Taken"):
        box.folder.create("Taken")
    box.append(MAIL, "INBOX")
    [outcome] = _mailbox(engine, port, move_to="Taken", most_bytes=100).look()
    assert (outcome.status, outcome.problems) == (
        Status.REFUSED,
        ("it is larger than 100 bytes",),
    )
    box.folder.set("INBOX")
    assert box.uids() == []


def test_a_wrong_password_is_told_without_it(
    engine: Engine, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And so is a server that is not there."""
    monkeypatch.setenv("MAIL_PASSWORD", "wrong-one")
    with pytest.raises(WorkError, match=r"mailbox of `me` at `127\.0\.0\.1`: ") as caught:
        _mailbox(engine, port).look()
    assert "wrong-one" not in str(caught.value)
    with pytest.raises(WorkError, match=r"mailbox of `me` at `127\.0\.0\.1`: "):
        _mailbox(engine, 1).look()
