"""The `[triggers]` table of `sopc.toml`: where events come from, and how they prove themselves."""

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    StringConstraints,
    model_validator,
)

from sopc_runtime.connectors.secret import Secret

Words = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Pointer = Annotated[str, StringConstraints(pattern=r"^(/([^/~]|~[01])*)+$", max_length=200)]
"""A JSON Pointer (RFC 6901), as `/data/object`."""

Header = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$", max_length=100)]
Span = Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=366))]
"""A duration in ISO 8601, as `PT5M`."""

Scheme = Literal["hmac-sha256", "token", "stripe", "github", "standard-webhooks"]


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class _Source(_Table):
    system: Slug | None = None
    """the id of the system that the events happen in, as graphs name it"""

    event: Words | None = None
    """what happens, in the words of the graph's trigger; left out, the event may tell itself"""

    procedure: Words | None = None
    """the one deployed procedure that is meant; left out, system and event decide"""

    @model_validator(mode="after")
    def _is_for_something(self) -> Self:
        if self.system is None and self.procedure is None:
            raise ValueError("it needs a `system` or a `procedure`")
        return self


class WebhookSettings(_Source):
    """A system that posts its events to `/hooks/SYSTEM` or `/hooks/SYSTEM/EVENT`."""

    system: Slug
    secret: Annotated[tuple[Secret, ...], BeforeValidator(_listed)]
    """`env:NAME`, or a list of them while a secret is replaced"""

    scheme: Scheme
    """how the sender proves itself"""

    signature_header: Header | None = None
    """of `hmac-sha256` (X-Signature unless said) and `token` (Authorization unless said)"""

    timestamp_header: Header | None = None
    """of `hmac-sha256`: holds the signed seconds since 1970; `TIMESTAMP.BODY` is signed then"""

    tolerance: Span = timedelta(minutes=5)
    """how old a signed timestamp may be"""

    event_header: Header | None = None
    event_pointer: Pointer | None = None
    id_header: Header | None = None
    """of `token` alone: other schemes do not sign their headers"""

    id_pointer: Pointer | None = None
    occurred_pointer: Pointer | None = None
    """a timestamp in ISO 8601, or seconds since 1970"""

    payload_pointer: Pointer | None = None
    """the part of the body that is the payload; all of it unless said"""

    most_bytes: Annotated[int, Field(gt=0, le=50_000_000)] = 1_000_000

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if not self.secret:
            raise ValueError("`secret` names no secret")
        if self.id_header is not None and self.scheme != "token":
            raise ValueError(
                f"`id_header` is not signed by scheme `{self.scheme}`, so it cannot be trusted; "
                "name the id in the body with `id_pointer`"
            )
        if self.timestamp_header is not None and self.scheme != "hmac-sha256":
            raise ValueError(f"`timestamp_header` does not go with scheme `{self.scheme}`")
        if self.signature_header is not None and self.scheme not in {"hmac-sha256", "token"}:
            raise ValueError(f"`signature_header` does not go with scheme `{self.scheme}`")
        return self


class FolderSettings(_Source):
    """A folder whose new files are events."""

    path: Words
    """relative to the settings file"""

    pattern: Words = "*"
    """which files, as `*.csv`"""

    parse: Literal["none", "text", "json", "csv"] = "none"
    """`text` becomes `text`, CSV becomes `rows`, a JSON object's values become the payload's"""

    done: Words | None = "done"
    """where files are moved that were taken in, relative to `path`; `keep` leaves them"""

    refused: Words = "refused"
    settle: Span = timedelta(seconds=2)
    """how long a file must not have changed"""

    every: Span = timedelta(seconds=1)
    most_bytes: Annotated[int, Field(gt=0, le=1_000_000_000)] = 10_000_000


class MailboxSettings(_Source):
    """An IMAP mailbox whose unread mails are events."""

    host: Words
    user: Words
    password: Secret
    port: Annotated[int, Field(gt=0, lt=65536)] | None = None
    security: Literal["tls", "starttls", "none"] = "tls"
    """`none` on this machine only"""

    folder: Words = "INBOX"
    move_to: Words | None = None
    """where mails go that were taken in; left out, they are marked as read"""

    every: Span = timedelta(minutes=1)
    most_bytes: Annotated[int, Field(gt=0, le=100_000_000)] = 10_000_000

    @model_validator(mode="after")
    def _in_clear_at_home_only(self) -> Self:
        if self.security == "none" and self.host not in {"127.0.0.1", "::1", "localhost"}:
            raise ValueError("`security` may be `none` on this machine only")
        return self


class PollSettings(_Source):
    """A read operation that is asked again and again; what is new in its list is an event."""

    system: Slug
    operation: Words
    inputs: dict[str, str | int | float | bool] = Field(default_factory=dict)
    every: Span = timedelta(minutes=5)
    list_pointer: Pointer | None = None
    """where the list stands in the answer; the first list in it unless said"""

    id_pointer: Pointer = "/id"
    changed_pointer: Pointer | None = None
    """a value that changes with the item; left out, any change is one"""

    only_new: bool = False
    """changed items are no events"""

    @property
    def question(self) -> tuple[object, ...]:
        """What is asked, and by what items are known: what was seen is remembered by it."""
        pointers = self.list_pointer, self.id_pointer, self.changed_pointer
        return self.system, self.operation, self.inputs, *pointers


class ScheduleSettings(_Table):
    """What happens to ticks that came while nothing ran."""

    procedure: Words
    catch_up: Literal["skip", "last", "all"] = "last"
    most: PositiveInt = 100
    """how many are caught up with `all`, the latest of them"""


class TriggerSettings(_Table):
    """The whole table."""

    webhook: tuple[WebhookSettings, ...] = ()
    folder: tuple[FolderSettings, ...] = ()
    mailbox: tuple[MailboxSettings, ...] = ()
    poll: tuple[PollSettings, ...] = ()
    schedule: tuple[ScheduleSettings, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        for kind, names in (
            ("webhook", [each.system for each in self.webhook]),
            ("schedule", [each.procedure for each in self.schedule]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"there are two `[[triggers.{kind}]]` for `{twice[0]}`")
        asked = [each.question for each in self.poll]
        again = next((each for each in asked if asked.count(each) > 1), None)
        if again is not None:
            # They would share what was seen, so that each change came to one of them alone.
            raise ValueError(
                f"two `[[triggers.poll]]` ask the same of `{again[0]}`; "
                "one whose `procedure` is left out starts all that its event is for"
            )
        return self


def at_pointer(value: Any, pointer: str | None) -> Any:
    """Give what stands at a JSON Pointer; None if nothing does."""
    for part in pointer.split("/")[1:] if pointer else ():
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and name.isascii():
            value = value[int(name)] if len(name) < 9 and int(name) < len(value) else None  # noqa: PLR2004
        else:
            return None
    return value
