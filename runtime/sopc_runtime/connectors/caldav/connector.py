"""The connector `caldav` itself."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
from pydantic import model_validator

from sopc.errors import UsageError
from sopc.graph import DataField, DataType, Failure
from sopc.organization import Operation, Organization, System
from sopc_runtime.connectors import given
from sopc_runtime.connectors.address import addresses
from sopc_runtime.connectors.caldav.event import NewEvent, duration, events_in, instant
from sopc_runtime.connectors.caldav.query import (
    WHAT_IT_IS,
    calendar_name,
    calendars_in,
    events_between,
)
from sopc_runtime.connectors.connector import ConnectorError, Reply, Request
from sopc_runtime.connectors.http.exchange import Sent, exchange
from sopc_runtime.connectors.http.failure import AnsweredError
from sopc_runtime.connectors.secret import Secret, SecretOrText, masked, masked_values, revealed
from sopc_runtime.connectors.settings import Settings, settings_of

_START = DataField(name="start", type=DataType.STRING, description="a time, or a day: 2026-01-31")
_END = DataField(name="end", type=DataType.STRING)
_LASTS = DataField(name="duration", type=DataType.DURATION)
_EVENT = (
    DataField(name="title", type=DataType.STRING),
    _START,
    _END.model_copy(update={"required": False}),
    _LASTS.model_copy(update={"required": False}),
    DataField(name="description", type=DataType.STRING, required=False),
    DataField(name="location", type=DataType.STRING, required=False),
)
_ATTENDEES = DataField(name="attendees", type=DataType.LIST, items=DataType.STRING)
_UID = (DataField(name="uid", type=DataType.STRING),)

OPERATIONS = (
    Operation(
        name="create_event",
        description="put an event into the calendar; `end` or `duration` says how long",
        inputs=_EVENT,
        outputs=_UID,
        effect="write",
        idempotent=True,
    ),
    Operation(
        name="invite",
        description="put an event into the calendar, to which the server invites people",
        inputs=(*_EVENT, _ATTENDEES),
        outputs=_UID,
        effect="send",
        idempotent=True,
    ),
    Operation(
        name="list_events",
        description="list the events that touch a time",
        inputs=(_START, _END),
        outputs=(DataField(name="events", type=DataType.LIST, items=DataType.OBJECT),),
        effect="read",
        idempotent=True,
    ),
    Operation(
        name="find_free",
        description="find the first time between `start` and `end` that is free for so long",
        inputs=(_START, _END, _LASTS),
        outputs=(
            DataField(name="start", type=DataType.TIMESTAMP),
            DataField(name="end", type=DataType.TIMESTAMP),
        ),
        effect="read",
        idempotent=True,
    ),
)
_BY_NAME = {each.name: each for each in OPERATIONS}
_EXISTS = 412


class CaldavSettings(Settings):
    """How a calendar is reached."""

    url: str
    """the calendar's own URL, as `https://cloud.example/calendars/office/kickoffs/`"""

    user: SecretOrText | None = None
    """whom to log in as"""

    password: Secret | None = None
    """the password, by reference"""

    organizer: str | None = None
    """whom invitations are from, as `Tidewater <office@tidewater.example>`"""

    @model_validator(mode="after")
    def _fits(self) -> "CaldavSettings":
        if (self.user is None) != (self.password is None):
            raise ValueError("`user` and `password` go together")
        if not self.url.startswith(("https://", "http://")):
            raise ValueError("`url` begins with https:// or http://")
        return self


class CaldavConnector:
    """One calendar. An event's id is made from the key, so a repeat finds it in its place."""

    def __init__(
        self,
        system: System,
        organization: Organization,
        root: Path,  # noqa: ARG002 # as every connector is made
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._name = system.name
        self._settings = settings_of(system, CaldavSettings)
        self._zone = ZoneInfo(organization.time_zone) if organization.time_zone else None
        self._now = now
        self._client = httpx2.Client()
        if self._settings.organizer is not None:
            try:
                addresses(self._settings.organizer, "organizer")
            except ConnectorError as error:
                raise UsageError(f"binding of system `{system.name}`: {error}") from None

    def check(self) -> str:
        """Ask the calendar for its name."""
        answer = self._ask("PROPFIND", content=WHAT_IT_IS, timeout=20, reads=True)
        name = calendar_name(answer)
        if name is None:
            raise ConnectorError(
                Failure.REFUSED,
                f"system `{self._name}`: what answers is no calendar",
                hint="set `url` to the calendar itself, not to the server",
            )
        return f"calendar `{name}`"

    def operations(self) -> tuple[Operation, ...]:
        """Give what can be done in a calendar."""
        return OPERATIONS

    def render(self, request: Request) -> dict[str, Any]:
        """Give the event, or what is asked for."""
        if self._operation(request).effect == "read":
            start, end = self._span(request)
            rendered = {"start": start.isoformat(), "end": end.isoformat()}
            if request.operation == "find_free":
                rendered["duration"] = str(duration(request, "duration"))
        else:
            rendered = self._event(request).shown()
        return dict(masked_values(rendered, self._settings.secrets))

    def perform(self, request: Request) -> Reply:
        """Put the event there, or ask for events."""
        operation = self._operation(request)
        if operation.name == "list_events":
            events = masked_values(self._events(request), self._settings.secrets)
            return Reply(values={"events": events})
        if operation.name == "find_free":
            return Reply(values=self._free(request))
        event = self._event(request)
        try:
            self._ask(
                "PUT",
                f"{event.uid}.ics",
                content=event.written(self._now()),
                timeout=request.timeout,
                headers=(
                    ("Content-Type", "text/calendar; charset=utf-8"),
                    ("If-None-Match", "*"),
                ),
            )
        except AnsweredError as error:
            # An earlier attempt with the same key put it there.
            if error.status != _EXISTS:
                raise
        return Reply(values={"uid": event.uid})

    def look_up(self, request: Request) -> Reply | None:
        """Look for the event by the id that is made from the key."""
        if self._operation(request).effect == "read":
            return None
        event = self._event(request)
        try:
            self._ask("GET", f"{event.uid}.ics", timeout=request.timeout, reads=True)
        except ConnectorError as error:
            if error.failure is Failure.NOT_FOUND:
                return None
            raise
        return Reply(values={"uid": event.uid})

    def close(self) -> None:
        """Close all connections."""
        self._client.close()
        self._client = httpx2.Client()

    def _operation(self, request: Request) -> Operation:
        operation = _BY_NAME.get(request.operation or "")
        if operation is None:
            given.refuse(
                f"connector `caldav` has no operation `{request.operation}`",
                hint=f"it has {', '.join(f'`{name}`' for name in _BY_NAME)}",
            )
        given.known_inputs(request, operation.input_names)
        return operation

    def _event(self, request: Request) -> NewEvent:
        if request.operation == "invite":
            if self._settings.organizer is None:
                given.refuse("nobody invites", hint="set `organizer` to whom invitations are from")
            if not given.texts(request, "attendees"):
                given.missing("attendees")
        return NewEvent(request, zone=self._zone, organizer=self._settings.organizer)

    def _span(self, request: Request) -> tuple[datetime, datetime]:
        start = instant(request, "start", self._zone)
        end = instant(request, "end", self._zone)
        if not start < end:
            raise ConnectorError(Failure.MISSING_DATA, "`end` is not after `start`")
        return start, end

    def _events(self, request: Request) -> list[dict[str, Any]]:
        start, end = self._span(request)
        answer = self._ask(
            "REPORT",
            content=events_between(start, end),
            timeout=request.timeout,
            reads=True,
            headers=(("Content-Type", "application/xml; charset=utf-8"), ("Depth", "1")),
        )
        try:
            found = [event for text in calendars_in(answer) for event in events_in(text)]
        except (ValueError, KeyError, AttributeError) as error:
            message = f"system `{self._name}`: an event cannot be read: {error}"
            raise ConnectorError(Failure.MISSING_DATA, message) from None
        return sorted(found, key=lambda event: (event["start"], event["uid"]))

    def _free(self, request: Request) -> dict[str, Any]:
        lasts = duration(request, "duration")
        free, end = self._span(request)
        # A day begins by the clock of the organization, so texts are in another order than times.
        for event in sorted(self._events(request), key=lambda each: self._begins(each["start"])):
            if event["busy"]:
                if lasts <= self._begins(event["start"]) - free:
                    break
                free = max(free, self._begins(event["end"]))
        if lasts > end - free:
            raise ConnectorError(Failure.NOT_FOUND, f"no time is free for {lasts}")
        return {"start": free.isoformat(), "end": (free + lasts).isoformat()}

    def _begins(self, text: str) -> datetime:
        read = datetime.fromisoformat(text)
        return read if read.tzinfo else read.replace(tzinfo=self._zone or UTC)

    def _ask(
        self,
        method: str,
        file: str = "",
        *,
        timeout: float,
        content: bytes | None = None,
        reads: bool = False,
        headers: tuple[tuple[str, str], ...] = (("Depth", "0"),),
    ) -> bytes:
        settings = self._settings
        shown = ""
        if settings.user is not None and settings.password is not None:
            pair = f"{revealed(settings.user)}:{settings.password.reveal()}"
            shown = base64.b64encode(pair.encode()).decode()
            headers = (*headers, ("Authorization", f"Basic {shown}"))
        sent = Sent(
            method=method,
            url=f"{settings.url.rstrip('/')}/{file}",
            headers=headers,
            content=content,
            what=f"system `{self._name}`",
            timeout=settings.within(timeout),
            reads=reads,
        )
        return exchange(
            self._client, sent, masked=lambda text: masked(text, settings.secrets, also=(shown,))
        )
