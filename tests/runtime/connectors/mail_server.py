"""A mail server on loopback that keeps what it takes, and can be told to fail in any place."""

import asyncio
import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

if TYPE_CHECKING:
    from collections.abc import Callable


class Mailbox:
    """What came, and how the server answers at each place: with a reply, or by hanging up."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: dict[str, str | Callable[[SMTP], Any]] = {}
        self.login: tuple[bytes, bytes] | None = None
        self.delay = 0.0

    async def _answer(self, place: str, server: SMTP) -> str | None:
        answer = self.answers.get(place)
        if callable(answer):
            answer(server)
            return "451 lost"
        return answer

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := await self._answer("MAIL", server):
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]
    ) -> str:
        answer = await self._answer("RCPT", server)
        if answer and not address.startswith("ada"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _: Session, envelope: Envelope
    ) -> str:
        if answer := await self._answer("DATA", server):
            return answer
        assert isinstance(envelope.content, bytes)
        assert envelope.content.isascii()
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients.append(envelope.rcpt_tos)
        await asyncio.sleep(self.delay)
        return "250 taken"

    def authenticate(self, *asked: Any) -> AuthResult:
        given = asked[-1]
        assert isinstance(given, LoginPassword)
        right = (given.login, given.password) == self.login
        return AuthResult(success=right, handled=False)


class MailServer(Controller):
    """The server; `port` is known once it is started."""

    def __init__(self, mailbox: Mailbox, *, tls: ssl.SSLContext | None = None) -> None:
        self.mailbox = mailbox
        super().__init__(
            mailbox,
            hostname="127.0.0.1",
            port=0,
            tls_context=tls,
            require_starttls=tls is not None,
            auth_require_tls=tls is not None,
            authenticator=mailbox.authenticate,
        )

    def _trigger_server(self) -> None:
        """Connect to the port that was found, not to the one asked for."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def hang_up(server: SMTP) -> None:
    """Close the connection without a word."""
    transport = server.transport
    assert transport is not None
    transport.abort()
