"""IMAP mailboxes: an unread mail is an event; nothing in it is ever executed or fetched."""

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from imap_tools import (
    AND,
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailBoxStartTls,
    MailBoxUnencrypted,
    MailMessage,
    MailMessageFlags,
)
from sqlalchemy import Engine

from sopc.errors import WorkError
from sopc_runtime.connectors.secret import masked
from sopc_runtime.triggers.delivery import Delivery, Outcome
from sopc_runtime.triggers.intake import receive
from sopc_runtime.triggers.settings import MailboxSettings

_SECONDS = 30.0
_AT_A_TIME = 50
_BLANKS = re.compile(r"[ \t]*\n\s*\n\s*")


@dataclass(slots=True)
class Mailbox:
    """A mailbox that is looked at again and again.

    Attributes:
        settings: What is set for it.
        engine: The database.
        now: The clock, in UTC.
    """

    settings: MailboxSettings
    engine: Engine
    now: Callable[[], datetime]

    def look(self) -> list[Outcome]:
        """Take in unread mails, and mark each as read, or move it, once it is committed.

        A mail that was taken in before the process died is known by its id, and only marked.

        Raises:
            WorkError: The mailbox cannot be reached or refuses.
        """
        try:
            with self._open() as box:
                return self._taken_in(box)
        except (ImapToolsError, OSError, EOFError) as error:
            raise self._failed(error) from None
        except box_errors() as error:
            raise self._failed(error) from None

    def _failed(self, error: Exception) -> WorkError:
        told = masked(str(error).split("\n")[0], [self.settings.password]) or type(error).__name__
        return WorkError(f"mailbox of `{self.settings.user}` at `{self.settings.host}`: {told}")

    @contextmanager
    def _open(self) -> Iterator[BaseMailBox]:
        settings = self.settings
        box: BaseMailBox
        if settings.security == "tls":
            box = MailBox(
                settings.host,
                settings.port or 993,
                timeout=_SECONDS,
                ssl_context=ssl.create_default_context(),
            )
        elif settings.security == "starttls":
            box = MailBoxStartTls(
                settings.host,
                settings.port or 143,
                timeout=_SECONDS,
                ssl_context=ssl.create_default_context(),
            )
        else:
            box = MailBoxUnencrypted(settings.host, settings.port or 143, timeout=_SECONDS)
        try:
            box.login(settings.user, settings.password.reveal(), settings.folder)
        except BaseException:
            box.client.shutdown()
            raise
        with box:
            yield box

    def _taken_in(self, box: BaseMailBox) -> list[Outcome]:
        validity = box.folder.status(self.settings.folder, ["UIDVALIDITY"])["UIDVALIDITY"]
        outcomes = []
        # Only the heads, so that a large mail is never held whole before its size is known.
        heads = list(
            box.fetch(AND(seen=False), limit=_AT_A_TIME, mark_seen=False, headers_only=True)
        )
        for head in heads:
            if head.uid is None:
                continue
            delivery = self._delivery(box, head, validity)
            if delivery is None:
                continue
            with self.engine.begin() as connection:
                outcomes.append(receive(connection, delivery, self.now()))
            if self.settings.move_to is not None:
                box.move(head.uid, self.settings.move_to)
            else:
                box.flag(head.uid, MailMessageFlags.SEEN, value=True)
        return outcomes

    def _delivery(self, box: BaseMailBox, head: MailMessage, validity: int) -> Delivery | None:
        problem = None
        mail = head
        if head.size_rfc822 > self.settings.most_bytes:
            problem = f"it is larger than {self.settings.most_bytes:,} bytes"
        else:
            whole = box.fetch(AND(uid=head.uid or ""), mark_seen=False)
            found = next(iter(whole), None)
            if found is None:
                # Somebody moved it away; its head alone is not what was sent.
                return None
            mail = found
        values, unread = read_mail(mail)
        return Delivery(
            source="mailbox",
            key=f"{self.settings.user}:{validity}/{head.uid}:{_message_id(head)}",
            payload=values,
            system=self.settings.system,
            event=self.settings.event,
            name=self.settings.procedure,
            occurred=_instant(head),
            problem=problem or unread,
        )


def box_errors() -> type[Exception]:
    """Give what the standard library's client raises."""
    import imaplib

    return imaplib.IMAP4.error


_PARTS: dict[str, Callable[[MailMessage], Any]] = {
    "from": lambda mail: mail.from_,
    "from_name": lambda mail: mail.from_values.name if mail.from_values else "",
    "to": lambda mail: list(mail.to),
    "cc": lambda mail: list(mail.cc),
    "subject": lambda mail: mail.subject,
    "text": lambda mail: (mail.text or _words(mail.html)).replace("\r\n", "\n").strip(),
    "attachments": lambda mail: [each.filename for each in mail.attachments],
}


def read_mail(mail: MailMessage) -> tuple[dict[str, Any], str | None]:
    """Give what a mail brings: who wrote to whom, the words, and the names of what is attached.

    Returns:
        What can be read of it, and what cannot if something cannot. Anybody may send what makes
        some parser fail, and that is not to keep all other mails waiting.
    """
    values: dict[str, Any] = {"message_id": _whole(_message_id(mail))}
    unread = []
    for name, part in _PARTS.items():
        try:
            values[name] = _whole(part(mail))
        except Exception:  # noqa: BLE001 # parsers raise whatever comes to them
            unread.append(name)
    date = _instant(mail)
    if date is not None:
        values["date"] = date.isoformat()
    told = ", ".join(f"`{name}`" for name in unread)
    return values, f"{told} cannot be read" if unread else None


def _message_id(mail: MailMessage) -> str:
    try:
        headers: Any = mail.headers
        return str(next(iter(headers.get("message-id", ())), "")).strip()
    except Exception:  # noqa: BLE001 # parsers raise whatever comes to them
        return ""


def _whole(value: Any) -> Any:
    """Give texts in which nothing is half: mails may claim any encoding."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return value


def _instant(mail: MailMessage) -> datetime | None:
    try:
        date = mail.date
        # The library gives 1900 for a date that cannot be read, and mails may tell no zone.
        if date.year <= 1900:  # noqa: PLR2004
            return None
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class _Text(HTMLParser):
    _BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
    _SILENT = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._silent += tag in self._SILENT
        if tag in self._BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self._SILENT))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def _words(html: str) -> str:
    """Give the words of a mail that is HTML only."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return _BLANKS.sub("\n\n", "".join(parser.parts)).strip()
