"""Telling people where an address, a system or a text is not as it should be."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from runtime.connectors.mail_server import Mailbox, MailServer
from runtime.people.office import NOW, ORGANIZATION, Office, a_task
from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.core.task import TaskKind
from sopc_runtime.people.notify import send_waiting
from sopc_runtime.people.notify_settings import NotifySettings
from sopc_runtime.store.tables import outbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    found = Mailbox()
    server = MailServer(found)
    server.start()
    found.port = server.port  # type: ignore[attr-defined]
    yield found
    server.stop()


def by_mail(port: int, **more: Any) -> NotifySettings:
    mail = {"host": "127.0.0.1", "port": port, "from": "a@b.example", "security": "none"}
    return NotifySettings.model_validate({"mail": mail, **more})


def send(office: Office, settings: NotifySettings) -> int:
    return send_waiting(office.engine, settings, lambda: NOW)


def rows(office: Office) -> list[Row[Any]]:
    with office.engine.connect() as connection:
        return list(connection.execute(select(outbox).order_by(outbox.c.number)))


def wait(office: Office, number: int = 1, key: str = "task:r1:t1") -> None:
    about = {"run": "r1", "task": "t1", "number": number}
    office.notify("task", key, json.dumps(about))


def write_organization(office: Office, text: str) -> None:
    (office.folder / "organization.yaml").write_text(text)


def test_an_address_that_cannot_be_written_to_stops_no_other(
    office: Office, mailbox: Mailbox
) -> None:
    """Neither the others of the same task, nor the notifications that come after it."""
    write_organization(office, ORGANIZATION.replace("lena@", "l\u00e9na@"))
    office.run()
    wait(office)
    wait(office, key="task:other")
    assert send(office, by_mail(mailbox.port)) == 2  # type: ignore[attr-defined]
    assert mailbox.recipients == [["kofi@tidewater.example"]] * 2
    assert [(each.sent, each.attempts) for each in rows(office)] == [(None, 1)] * 2
    assert rows(office)[0].delivered == ["mail:kofi@tidewater.example"]


def test_the_pause_before_a_late_attempt_is_an_hour_at_most(office: Office) -> None:
    office.run()
    wait(office)
    with office.engine.begin() as connection:
        connection.execute(update(outbox).values(attempts=98))
    send(office, by_mail(1, attempts=100))
    [row] = rows(office)
    assert (row.attempts, row.due) == (99, NOW + timedelta(hours=1))


def test_a_system_that_fails_is_tried_again_where_nothing_else_reaches_its_people(
    office: Office, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody who holds the role has an address."""
    text = ORGANIZATION.replace(", email: grace@tidewater.example", "")
    write_organization(office, f'{text}  - {{id: chat, name: "#refunds"}}\n')
    answers = [ConnectorError(Failure.UNAVAILABLE, "the chat is away"), None]

    def answered(*_: object, **__: object) -> bool:
        answer = answers.pop(0)
        if answer is not None:
            raise answer
        return True

    monkeypatch.setattr("sopc_runtime.people.notify.send_through", answered)
    office.run()
    about = {"run": "r1", "name": "refunds", "step": "approve-it", "ladder": "step", "rung": 0}
    words = {"says": "tell finance", "why": "late", "to": "finance", "via": "chat", "by": None}
    office.notify("escalation", "escalation:r1:9", json.dumps(about | words))
    settings = by_mail(mailbox.port, pause=0)  # type: ignore[attr-defined]
    send(office, settings)
    [row] = rows(office)
    assert (row.sent, row.attempts) == (None, 1)
    assert row.problem.startswith("the chat is away; there is nobody to tell")
    send(office, settings)
    [row] = rows(office)
    assert (row.sent, row.delivered) == (NOW, ["via:chat"])


def test_a_sensitive_text_of_several_lines_stays_in_the_house(
    office: Office, mailbox: Mailbox
) -> None:
    """Texts are told on one line, and cut; that must not hide what they hold."""
    office.run()
    home = "Main Street 1\n  Springfield"
    shown = {"inputs": {"note": f"to {home}", "long": f"{290 * 'x'} {home}"}}
    number = office.put(a_task(TaskKind.ACT, shown={**shown, "values": {"iban": home}}))
    wait(office, number)
    send(office, by_mail(mailbox.port))  # type: ignore[attr-defined]
    text = mailbox.mails[0].get_content()
    assert "Main" not in text
    assert "note: to \u2039sealed\u203a" in text


def test_what_another_process_took_up_meanwhile_is_not_sent_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One mail server that is slow holds the first notification for as long as claims last."""
    office.run()
    for key in ("task:a", "task:b"):
        wait(office, key=key)
    clock, sent = [NOW], []

    def slow(*_: object, key: str, **__: object) -> None:
        sent.append(key)
        if len(sent) == 1:
            clock[0] += timedelta(minutes=6)
            send_waiting(office.engine, by_mail(1), lambda: clock[0])

    monkeypatch.setattr("sopc_runtime.people.notify.send_mail", slow)
    assert send_waiting(office.engine, by_mail(1), lambda: clock[0]) == 1
    assert sent.count("task:b") == 2, "one mail for each of the two who may decide"
    assert all(each.sent for each in rows(office))
