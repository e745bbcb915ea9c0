"""Connector `smtp`: mails through any mail server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from sopc.errors import UsageError
from sopc.graph import DataField, DataType
from sopc.organization import Operation, Organization, System
from sopc_runtime.connectors import given
from sopc_runtime.connectors.address import addresses
from sopc_runtime.connectors.connector import (
    CannotLookUpError,
    ConnectorError,
    Reply,
    Request,
)
from sopc_runtime.connectors.folder import Folder
from sopc_runtime.connectors.secret import Secret, SecretOrText, masked, revealed
from sopc_runtime.connectors.settings import Settings, settings_of
from sopc_runtime.connectors.smtp_message import INPUTS, Mail
from sopc_runtime.connectors.smtp_session import PORTS, Security, SmtpSession
from sopc_runtime.connectors.template import Templates

SEND = Operation(
    name="send",
    description="send a mail; a template may give its subject, text and recipients",
    inputs=INPUTS,
    outputs=(DataField(name="message_id", type=DataType.STRING),),
    effect="send",
)


class SmtpSettings(Settings):
    """How a mail server is reached."""

    host: str
    """the mail server's name"""

    sender: Annotated[str, Field(alias="from")]
    """whom mails are from, as `Tidewater <office@tidewater.example>`"""

    security: Security = "starttls"
    """`starttls`, `tls`, or `none` for servers on this machine"""

    port: Annotated[int, Field(gt=0, lt=65536)] | None = None
    """its port; 587 with `starttls`, 465 with `tls`, 25 with `none`"""

    user: SecretOrText | None = None
    """whom to log in as"""

    password: Secret | None = None
    """the password, by reference"""

    attachments: str | None = None
    """the folder that files may be attached from, relative to the organization file"""

    @model_validator(mode="after")
    def _both_or_none(self) -> "SmtpSettings":
        if (self.user is None) != (self.password is None):
            raise ValueError("`user` and `password` go together")
        return self


class SmtpConnector:
    """Sends mails. A repeat would be a second mail, so nothing is repeated in doubt."""

    def __init__(
        self,
        system: System,
        organization: Organization,
        root: Path,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings_of(system, SmtpSettings)
        self._templates = Templates(organization, root)
        self._now = now
        folder = self._settings.attachments
        self._folder = Folder(root / folder) if folder is not None else None
        try:
            (self._sender,) = addresses(self._settings.sender, "from")
        except (ConnectorError, ValueError):
            message = f"binding of system `{system.name}`: setting `from` is no e-mail address"
            raise UsageError(message) from None

    def check(self) -> str:
        """Connect, and log in."""
        with self._session(self._settings.within(20)) as session:
            session.greet()
        manner = "in clear" if self._settings.security == "none" else self._settings.security
        who = ", logged in" if self._settings.user is not None else ""
        return f"mail server {self._settings.host}, {manner}{who}"

    def operations(self) -> tuple[Operation, ...]:
        """Give the one operation that there is."""
        return (SEND,)

    def render(self, request: Request) -> dict[str, Any]:
        """Give the mail."""
        return self._mail(request).shown()

    def perform(self, request: Request) -> Reply:
        """Send the mail."""
        mail = self._mail(request)
        message = mail.written(self._now())
        with self._session(self._settings.within(request.timeout)) as session:
            session.send(mail.sender.addr_spec, mail.recipients, message)
        return Reply(values={"message_id": mail.message_id})

    def look_up(self, request: Request) -> Reply | None:  # noqa: ARG002 # the protocol's
        """Mail servers keep no record that can be asked."""
        raise CannotLookUpError("a mail server cannot be asked whether a mail was sent")

    def close(self) -> None:
        """Nothing is held."""

    def _mail(self, request: Request) -> Mail:
        if request.operation not in {None, SEND.name}:
            given.refuse(
                f"connector `smtp` has no operation `{request.operation}`", hint="it has `send`"
            )
        return Mail(request, sender=self._sender, templates=self._templates, folder=self._folder)

    @contextmanager
    def _session(self, timeout: float) -> Iterator[SmtpSession]:
        settings = self._settings
        password = settings.password.reveal() if settings.password is not None else ""
        user = revealed(settings.user) if settings.user is not None else None
        port = settings.port or PORTS[settings.security]
        try:
            session = SmtpSession(settings.host, port, settings.security, timeout)
            try:
                if user is not None:
                    session.log_in(user, password)
                yield session
            finally:
                session.close()
        except ConnectorError as error:
            message = masked(str(error), settings.secrets)
            raise ConnectorError(
                error.failure, message, certain=error.certain, hint=error.hint
            ) from None
