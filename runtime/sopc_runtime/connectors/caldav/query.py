"""Questions to CalDAV servers (RFC 4791), and what they answer."""

from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree as ET

from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError

_DAV = "{DAV:}"
_CALDAV = "{urn:ietf:params:xml:ns:caldav}"

WHAT_IT_IS = (
    b'<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:displayname/>'
    b"</D:prop></D:propfind>"
)


def events_between(start: datetime, end: datetime) -> bytes:
    """Ask for all events that touch a time, each occurrence of those that recur by itself."""
    span = f'start="{start:%Y%m%dT%H%M%SZ}" end="{end:%Y%m%dT%H%M%SZ}"'
    return (
        '<?xml version="1.0"?><C:calendar-query xmlns:D="DAV:"'
        ' xmlns:C="urn:ietf:params:xml:ns:caldav">'
        f"<D:prop><C:calendar-data><C:expand {span}/></C:calendar-data></D:prop>"
        '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
        f"<C:time-range {span}/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
    ).encode()


def calendars_in(answer: bytes) -> Iterator[str]:
    """Give the iCalendar texts of an answer."""
    for found in _read(answer).iter(f"{_CALDAV}calendar-data"):
        if found.text:
            yield found.text


def calendar_name(answer: bytes) -> str | None:
    """Give the name of a calendar; None if what answered is none."""
    read = _read(answer)
    if read.find(f".//{_DAV}resourcetype/{_CALDAV}calendar") is None:
        return None
    name = read.find(f".//{_DAV}displayname")
    return name.text or "without a name" if name is not None else "without a name"


def _read(answer: bytes) -> ET.Element:
    try:
        return ET.fromstring(answer)  # noqa: S314 # expat bounds what entities grow to
    except ET.ParseError:
        raise ConnectorError(Failure.MISSING_DATA, "the answer is no XML") from None
