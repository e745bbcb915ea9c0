"""What a binding of connector `http` says: where the system is, and who asks it."""

import base64
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import StringConstraints, field_validator, model_validator

from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.connectors.secret import Secret, SecretOrText, revealed
from sopc_runtime.connectors.settings import Settings

HeaderName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", max_length=100)
]


class HttpSettings(Settings):
    """Settings of connector `http`."""

    url: SecretOrText
    """where the system is, as `https://crm.example/api`; `env:NAME` where the URL is a secret"""

    token: Secret | None = None
    """a bearer token"""

    user: SecretOrText | None = None
    """the user's name, with `password`"""

    password: Secret | None = None
    """the user's password"""

    header: HeaderName | None = None
    """the header that carries `key`, as `X-Api-Key`"""

    key: Secret | None = None
    """an API key, with `header`"""

    openapi: str | None = None
    """the system's OpenAPI 3 document: a file beside the organization file, or a URL"""

    idempotency_header: HeaderName = "Idempotency-Key"
    """the header that carries the idempotency key; `Idempotency-Key` unless said"""

    look_up: str | None = None
    """the operation that is asked, by an input `key`, whether an earlier request happened"""

    check: Annotated[str, StringConstraints(pattern=r"^/\S*$")] | None = None
    """the path that `sopc org check --connect` gets, as `/me`; the `url` itself unless said"""

    @field_validator("url")
    @classmethod
    def _is_url(cls, url: Secret | str) -> Secret | str:
        if isinstance(url, str):
            problem = _url_problem(url)
            if problem:
                raise ValueError(problem)
        return url

    @model_validator(mode="after")
    def _one_way_to_say_who_asks(self) -> "HttpSettings":
        if (self.user is None) != (self.password is None):
            raise ValueError("`user` and `password` go together")
        if (self.header is None) != (self.key is None):
            raise ValueError("`header` and `key` go together")
        if self.header and self.header.lower() == "authorization" and (self.token or self.user):
            raise ValueError("header `Authorization` is set by `key` and by another setting")
        if self.token is not None and self.user is not None:
            raise ValueError("`token` and `user` are two ways to say who asks; one is enough")
        return self

    def base(self) -> str:
        """Give the URL.

        Raises:
            ConnectorError: The variable that holds it is not set, or holds none.
        """
        url = revealed(self.url).strip()
        problem = _url_problem(url)
        if problem:
            raise ConnectorError(Failure.REFUSED, f"`{self.url}` holds no URL of a system")
        return url

    def credentials(self) -> dict[str, str]:
        """Give the headers that say who asks.

        Raises:
            ConnectorError: A variable is not set, or holds what no header can have.
        """
        headers = {}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {_in_header(self.token)}"
        if self.user is not None and self.password is not None:
            pair = _pair(revealed(self.user), self.password.reveal())
            headers["Authorization"] = f"Basic {pair}"
        if self.header is not None and self.key is not None:
            headers[self.header] = _in_header(self.key)
        return headers

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets that the settings name; a user's name is none, and may be in any answer."""
        return tuple(each for each in super().secrets if each != self.user)

    def encoded(self) -> tuple[str, ...]:
        """Give what is sent of secrets in another form than their own, to mask it."""
        if self.user is None or self.password is None:
            return ()
        try:
            return (_pair(revealed(self.user), self.password.reveal()),)
        except ConnectorError:
            return ()

    def shown_credentials(self) -> dict[str, str]:
        """Give the same headers with the names of secrets in their places."""
        headers = {}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.user is not None:
            headers["Authorization"] = f"Basic {self.user}:{self.password}"
        if self.header is not None:
            headers[self.header] = str(self.key)
        return headers


def _pair(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password.strip()}".encode()).decode()


def _in_header(secret: Secret) -> str:
    value = secret.reveal().strip()
    if not (value.isascii() and value.isprintable()):
        raise ConnectorError(
            Failure.REFUSED,
            f"environment variable `{secret.variable}` holds characters that no header can have",
        )
    return value


def _url_problem(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        return "is no URL of a system; write it as `https://crm.example/api`"
    if parts.username or parts.password:
        return "holds a user's name or password; `user` and `password` are settings"
    if parts.fragment:
        return "has a `#` part, which is never sent"
    return None
