"""The `[notify]` table of `sopc.toml`: how people are told of what waits for them."""

import base64
import binascii
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sopc.settings import nearest_settings
from sopc_runtime.connectors.secret import Secret, SecretOrText
from sopc_runtime.connectors.smtp_session import PORTS, Security

_PREFIX = "whsec_"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MailSettings(_Table):
    """The mail server.

    Attributes:
        host: Its name.
        sender: Whom mails are from, as `sopc <sopc@tidewater.example>`.
        security: `starttls`, `tls`, or `none` for servers on this machine.
        port: Its port; that of `security` unless said.
        user: Whom to log in as.
        password: By reference, as `env:SMTP_PASSWORD`.
        timeout: Seconds for one mail.
    """

    host: str
    sender: Annotated[str, Field(alias="from")]
    security: Security = "starttls"
    port: Annotated[int, Field(gt=0, lt=65536)] | None = None
    user: SecretOrText | None = None
    password: Secret | None = None
    timeout: Annotated[float, Field(gt=0, le=600)] = 30

    @model_validator(mode="after")
    def _both_or_none(self) -> "MailSettings":
        if (self.user is None) != (self.password is None):
            raise ValueError("`user` and `password` go together")
        return self

    @property
    def at(self) -> int:
        """The port."""
        return self.port or PORTS[self.security]


class WebhookSettings(_Table):
    """The address that is told of everything, signed as Standard Webhooks has it.

    Attributes:
        url: Where to.
        secret: By reference; the variable holds `whsec_` and base64, or any words.
        timeout: Seconds for one request.
    """

    url: str
    secret: Secret
    timeout: Annotated[float, Field(gt=0, le=600)] = 15

    @field_validator("url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("it is no address of the web, as `https://hooks.example/sopc`")
        if parts.username or parts.password:
            raise ValueError("it holds a user or password; the signature says who calls")
        return url

    def key(self) -> bytes:
        """Give the key that signatures are made with.

        Raises:
            ConnectorError: The variable is not set.
        """
        text = self.secret.reveal()
        if not text.startswith(_PREFIX):
            return text.encode()
        try:
            return base64.b64decode(text.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            return text.encode()


class NotifySettings(_Table):
    """The whole table. Without `mail` and `webhook`, nobody is told, and all keeps waiting.

    Attributes:
        attempts: After how many of them a notification is given up.
        pause: Seconds before the second attempt; each further one waits twice as long.
    """

    mail: MailSettings | None = None
    webhook: WebhookSettings | None = None
    attempts: Annotated[int, Field(ge=1, le=100)] = 10
    pause: Annotated[float, Field(ge=0, le=3600)] = 30

    @property
    def silent(self) -> bool:
        """Whether there is no way to tell anybody."""
        return self.mail is None and self.webhook is None


def load_notify_settings(start: Path) -> NotifySettings:
    """Load the table of the nearest `sopc.toml`; silence without one.

    Args:
        start: The file, or the folder from which it is looked for upwards.

    Raises:
        UsageError: The file cannot be read, or its table is not as it should be.
    """
    read = nearest_settings(start)
    return NotifySettings() if read is None else read.table("notify", NotifySettings)
