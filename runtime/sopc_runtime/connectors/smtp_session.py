"""Talking to a mail server so that it is known whether a mail was taken."""

import re
import smtplib
import ssl
import time
from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError

if TYPE_CHECKING:
    from collections.abc import Iterator

Security = Literal["none", "starttls", "tls"]
PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}

_NO_SUCH_ADDRESS = re.compile(rb"\D*5\.1\.[126]\b")


class SmtpSession:
    """One connection. Until a mail's text is on its way, whatever fails was certainly not sent."""

    def __init__(self, host: str, port: int, security: Security, timeout: float) -> None:
        self._where = f"{host}:{port}"
        self._ends = time.monotonic() + timeout
        self._sending = False
        with self._failures():
            context = ssl.create_default_context()
            self._server = (
                smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
                if security == "tls"
                else smtplib.SMTP(host, port, timeout=timeout)
            )
            try:
                self._server.ehlo_or_helo_if_needed()
                if security == "starttls":
                    self._expect(self._server.starttls(context=context))
                    self._server.ehlo_or_helo_if_needed()
            except BaseException:
                self._server.close()
                raise

    def log_in(self, user: str, password: str) -> None:
        """Tell who one is.

        Raises:
            ConnectorError: The server does not let one in.
        """
        with self._failures():
            self._server.login(user, password)

    def greet(self) -> None:
        """Ask for nothing.

        Raises:
            ConnectorError: The server does not answer.
        """
        with self._failures():
            self._expect(self._server.noop())

    def send(self, sender: str, recipients: Sequence[str], message: bytes) -> str:
        """Send a mail to all or to nobody; give what the server says.

        Raises:
            ConnectorError: It was not taken, or nobody can tell.
        """
        with self._failures():
            self._expect(self._server.mail(sender))
            for recipient in recipients:
                self._expect(self._server.rcpt(recipient), recipient)
            self._limit()
            code, says = self._server.docmd("DATA")
            if code != 354:  # noqa: PLR2004 # RFC 5321: start mail input
                raise self._refusal(code, says, None)
            self._limit()
            self._sending = True
            dotted = re.sub(rb"(?m)^\.", b"..", message)
            self._server.send(dotted.removesuffix(b"\r\n") + b"\r\n.\r\n")
            try:
                answer = self._server.getreply()
            except smtplib.SMTPResponseException:
                answer = -1, b""
            if answer[0] < 0:
                unclear = f"mail server {self._where} answers a mail with words without a meaning"
                raise ConnectorError(Failure.UNAVAILABLE, unclear, certain=False)
            self._sending = False
            self._expect(answer)
        return _readable(answer[1])

    def close(self) -> None:
        """Say goodbye, if the server still listens."""
        if self._server.sock is None:
            return
        try:
            self._server.sock.settimeout(1)
            self._server.quit()
        except (OSError, smtplib.SMTPException):
            self._server.close()

    def _limit(self) -> None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self._server.sock is not None:
            self._server.sock.settimeout(left)

    def _expect(self, answer: tuple[int, bytes], recipient: str | None = None) -> None:
        code, says = answer
        if not 200 <= code < 300:  # noqa: PLR2004 # RFC 5321: done
            raise self._refusal(code, says, recipient)
        self._limit()

    def _refusal(self, code: int, says: bytes, recipient: str | None) -> ConnectorError:
        about = f" `{recipient}`" if recipient else ""
        message = f"mail server {self._where} refuses{about}: {code} {_readable(says)}"
        if 400 <= code < 500:  # noqa: PLR2004 # RFC 5321: try again later
            return ConnectorError(Failure.UNAVAILABLE, message)
        if recipient and _NO_SUCH_ADDRESS.match(says):
            return ConnectorError(Failure.NOT_FOUND, message)
        return ConnectorError(Failure.REFUSED, message)

    def _late(self) -> ConnectorError:
        return ConnectorError(
            Failure.TIMED_OUT,
            f"mail server {self._where} does not answer in time",
            certain=not self._sending,
        )

    @contextmanager
    def _failures(self) -> "Iterator[None]":
        where = f"mail server {self._where}"
        try:
            yield
        except TimeoutError:
            raise self._late() from None
        except smtplib.SMTPResponseException as error:
            says = error.smtp_error
            told = says if isinstance(says, bytes) else str(says).encode()
            raise self._refusal(error.smtp_code, told, None) from None
        except UnicodeEncodeError:
            message = f"{where} cannot be told a name or password that is not in ASCII"
            raise ConnectorError(Failure.REFUSED, message, certain=not self._sending) from None
        except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
            message = f"{where} cannot be spoken to as the binding says: {_reason(error)}"
            raise ConnectorError(Failure.REFUSED, message, certain=not self._sending) from None
        except (smtplib.SMTPException, OSError) as error:
            # The library tells of a reply that does not come as of a lost connection.
            if isinstance(error.__context__, TimeoutError):
                raise self._late() from None
            raise ConnectorError(
                Failure.UNAVAILABLE,
                f"{where} cannot be reached: {_reason(error)}"
                if not self._sending
                else f"{where} was lost while the mail was on its way: {_reason(error)}",
                certain=not self._sending,
            ) from None


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).lower()


def _readable(says: bytes) -> str:
    return " ".join(says.decode("utf-8", "replace").split())[:300]
