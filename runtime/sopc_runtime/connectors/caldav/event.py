"""Events: from inputs to iCalendar, and from iCalendar to values."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import isodate
from icalendar import Calendar, Event, vCalAddress

from sopc.graph import Failure
from sopc_runtime.connectors import given
from sopc_runtime.connectors.address import addresses
from sopc_runtime.connectors.connector import ConnectorError, Request

Moment = date | datetime
"""A day, for events that last whole days, or an instant in UTC."""

_ONE_LINE = ("title", "location")


class NewEvent:
    """An event that can be put into a calendar, under an id that is made from the key."""

    def __init__(self, request: Request, *, zone: ZoneInfo | None, organizer: str | None) -> None:
        self._texts = {
            "title": given.text(request, "title"),
            "description": given.optional_text(request, "description"),
            "location": given.optional_text(request, "location"),
        }
        for name in _ONE_LINE:
            if not (self._texts[name] or "").isprintable():
                given.refuse(f"`{name}` holds line ends or other signs of control")
        self.start = moment(request, "start", zone)
        self.end = _end(request, self.start, zone)
        if type(self.start) is not type(self.end) or not self.start < self.end:
            raise ConnectorError(Failure.MISSING_DATA, "`end` is not after `start`")
        self._attendees = tuple(
            address
            for line in given.texts(request, "attendees")
            for address in addresses(line, "attendees")
        )
        self._organizer = addresses(organizer, "organizer")[0] if organizer else None
        told = request.key or repr((self._texts, self.start, self.end))
        self.uid = f"sopc-{sha256(told.encode()).hexdigest()[:32]}"

    def shown(self) -> dict[str, Any]:
        """Give it as JSON."""
        texts = {name: text for name, text in self._texts.items() if text}
        people = [str(each) for each in self._attendees]
        return {
            "uid": self.uid,
            **texts,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            **({"attendees": people} if people else {}),
        }

    def written(self, at: datetime) -> bytes:
        """Write it as iCalendar; `at` is when it is written."""
        event = Event()
        event.add("uid", self.uid)
        event.add("dtstamp", at)
        event.add("dtstart", self.start)
        event.add("dtend", self.end)
        event.add("summary", self._texts["title"])
        for name in ("description", "location"):
            if self._texts[name]:
                event.add(name, self._texts[name])
        if self._attendees and self._organizer is not None:
            event.add("organizer", vCalAddress(f"mailto:{self._organizer.addr_spec}"))
        for person in self._attendees:
            attendee = vCalAddress(f"mailto:{person.addr_spec}")
            attendee.params["RSVP"] = "TRUE"
            if person.display_name:
                attendee.params["CN"] = person.display_name
            event.add("attendee", attendee, encode=False)
        calendar = Calendar()
        calendar.add("prodid", "-//sopc//EN")
        calendar.add("version", "2.0")
        calendar.add_component(event)
        return bytes(calendar.to_ical())


def moment(request: Request, name: str, zone: ZoneInfo | None) -> Moment:
    """Read a day or an instant; one without an offset is meant in the organization's time zone.

    Raises:
        ConnectorError: It is missing, or neither.
    """
    text = given.text(request, name)
    try:
        if len(text) == len("2026-01-31"):
            return date.fromisoformat(text)
        read = datetime.fromisoformat(text)
    except ValueError:
        raise _no_moment(name) from None
    if read.tzinfo is None:
        if zone is None:
            raise ConnectorError(
                Failure.MISSING_DATA, f"input `{name}` has no offset, as `+01:00` or `Z`"
            )
        read = read.replace(tzinfo=zone)
    try:
        return read.astimezone(UTC)
    except OverflowError:
        raise _no_moment(name) from None


def _no_moment(name: str) -> ConnectorError:
    return ConnectorError(Failure.MISSING_DATA, f"input `{name}` is no date or time in ISO 8601")


def instant(request: Request, name: str, zone: ZoneInfo | None) -> datetime:
    """Read an instant; a day begins at midnight in the organization's time zone, or in UTC."""
    found = moment(request, name, zone)
    if isinstance(found, datetime):
        return found
    return datetime(found.year, found.month, found.day, tzinfo=zone or UTC).astimezone(UTC)


def duration(request: Request, name: str) -> timedelta:
    """Read a duration in ISO 8601.

    Raises:
        ConnectorError: It is missing, or none, or not above zero.
    """
    text = given.text(request, name)
    try:
        read = isodate.parse_duration(text)
    except (ValueError, OverflowError, isodate.ISO8601Error):
        read = None
    if not isinstance(read, timedelta) or read <= timedelta():
        raise ConnectorError(
            Failure.MISSING_DATA, f"input `{name}` is no duration in ISO 8601, as `PT30M`"
        )
    return read


def events_in(calendar: str) -> Iterator[dict[str, Any]]:
    """Give the events of iCalendar, as JSON; those that are cancelled are left out."""
    for event in Calendar.from_ical(calendar).walk("VEVENT"):
        assert isinstance(event, Event)  # noqa: S101 # as was walked for
        if str(event.get("status", "")).upper() == "CANCELLED":
            continue
        start, end = event.start, event.end
        yield {
            "uid": str(event.get("uid", "")),
            "title": str(event.get("summary", "")),
            "start": _in_utc(start).isoformat(),
            "end": _in_utc(end).isoformat(),
            "location": str(event.get("location", "")),
            "busy": str(event.get("transp", "OPAQUE")).upper() != "TRANSPARENT",
        }


def _in_utc(value: Moment) -> Moment:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return value


def _end(request: Request, start: Moment, zone: ZoneInfo | None) -> Moment:
    if request.inputs.get("end") is not None:
        return moment(request, "end", zone)
    if request.inputs.get("duration") is None:
        raise ConnectorError(Failure.MISSING_DATA, "input `end` or `duration` is missing")
    lasts = duration(request, "duration")
    if not isinstance(start, datetime) and lasts % timedelta(days=1):
        raise ConnectorError(Failure.MISSING_DATA, "an event on a day lasts whole days")
    try:
        return start + lasts
    except OverflowError:
        raise ConnectorError(Failure.MISSING_DATA, "input `duration` is too long") from None
