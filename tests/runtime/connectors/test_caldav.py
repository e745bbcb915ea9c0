"""Connector `caldav`, against a Radicale server on loopback."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx2
import pytest
import radicale.config
from icalendar import Calendar
from radicale import Application

from runtime.connectors.conformance import SECRET, VARIABLE, Conformance
from sopc.errors import UsageError
from sopc.graph import Failure
from sopc.organization import Binding, Organization, System
from sopc_runtime.connectors.caldav import CaldavConnector
from sopc_runtime.connectors.connector import ConnectorError, Request

ASKED = Request(
    operation="create_event",
    inputs={"title": "Kickoff", "start": "2026-03-02T09:00:00-06:00", "duration": "PT45M"},
    key="run-1/kickoff",
    timeout=5,
)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Threading(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class CalendarServer:
    """A server with one empty calendar, of which `answers` and `delay` change the replies."""

    def __init__(self, folder: Path) -> None:
        users = folder / "users"
        users.write_text(f"office:{SECRET}\n", encoding="utf-8")
        settings = radicale.config.load()
        settings.update(
            {
                "storage": {"filesystem_folder": str(folder / "kept")},
                "auth": {
                    "type": "htpasswd",
                    "htpasswd_filename": str(users),
                    "htpasswd_encryption": "plain",
                    "delay": "0",
                },
                "logging": {"level": "critical"},
            },
            "test",
        )
        self._application = Application(settings)
        self.answers: list[str] = []
        self.delay = 0.0
        self._server = make_server(
            "127.0.0.1", 0, self._answer, server_class=_Threading, handler_class=_Quiet
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/office/kickoffs/"
        httpx2.request("MKCALENDAR", self.url, auth=("office", SECRET)).raise_for_status()

    def _answer(self, environ: Any, start_response: Any) -> Any:
        time.sleep(self.delay)
        if self.answers:
            start_response(self.answers.pop(), [])
            return [SECRET.encode()]
        return self._application(environ, start_response)

    def files(self) -> dict[str, str]:
        found = httpx2.get(self.url, auth=("office", SECRET)).text
        return {str(each["uid"]): str(each["summary"]) for each in Calendar.from_ical(found).events}

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    started = CalendarServer(tmp_path)
    yield started
    started.stop()


def calendar(url: str, **settings: Any) -> CaldavConnector:
    chosen = {"url": url, "user": "office", "password": f"env:{VARIABLE}", **settings}
    system = System(
        id="calendar", name="Calendar", binding=Binding(connector="caldav", settings=chosen)
    )
    organization = Organization(name="T", systems=(system,), time_zone="America/Chicago")
    return CaldavConnector(
        system, organization, Path(), now=lambda: datetime(2026, 3, 1, tzinfo=UTC)
    )


@pytest.fixture
def office(server: CalendarServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaldavConnector]:
    monkeypatch.setenv(VARIABLE, SECRET)
    made = calendar(server.url, organizer="Tidewater <office@tidewater.example>")
    yield made
    made.close()


def failure(office: CaldavConnector, request: Request) -> ConnectorError:
    with pytest.raises(ConnectorError) as told:
        office.perform(request)
    return told.value


def new(key: str, start: str, **inputs: Any) -> Request:
    return replace(ASKED, key=key, inputs={**ASKED.inputs, "start": start, **inputs})


def span(operation: str, start: str, end: str, **inputs: Any) -> Request:
    return Request(operation=operation, inputs={"start": start, "end": end, **inputs}, timeout=5)


class TestCaldav(Conformance):
    @pytest.fixture
    def connector(self, office: CaldavConnector) -> CaldavConnector:
        return office

    @pytest.fixture
    def asked(self) -> Request:
        return ASKED

    @pytest.fixture
    def received(self, server: CalendarServer) -> Callable[[], int]:
        return lambda: len(server.files())

    @pytest.fixture
    def incomplete(self) -> Request:
        return replace(ASKED, inputs={"title": "Kickoff", "duration": "PT45M"})

    @pytest.fixture
    def refused(self) -> Request:
        return replace(ASKED, operation="invite", inputs={**ASKED.inputs, "attendees": ["a@b.c\n"]})

    @pytest.fixture
    def slow(self, office: CaldavConnector, server: CalendarServer) -> Any:
        server.delay = 0.4
        return office, replace(ASKED, timeout=0.15)

    @pytest.fixture
    def unreachable(self) -> tuple[CaldavConnector, Request]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        return calendar(f"http://127.0.0.1:{port}/office/"), ASKED


def test_an_event_is_put_there_once_under_one_key(
    office: CaldavConnector, server: CalendarServer
) -> None:
    assert office.look_up(ASKED) is None
    uid = office.perform(ASKED).values["uid"]
    assert office.perform(ASKED).values["uid"] == uid
    assert office.look_up(ASKED) is not None
    assert server.files() == {uid: "Kickoff"}
    assert office.perform(replace(ASKED, key="other")).values["uid"] != uid
    assert len(server.files()) == 2


def test_events_are_listed_as_they_were_rendered(office: CaldavConnector) -> None:
    request = replace(ASKED, inputs={**ASKED.inputs, "location": "Pier 1; hall, 2\\"})
    rendered = office.render(request)
    assert rendered["start"] == "2026-03-02T15:00:00+00:00"
    assert rendered["end"] == "2026-03-02T15:45:00+00:00"
    office.perform(request)
    office.perform(new("b", "2026-03-03", duration="P1D"))
    listed = office.perform(span("list_events", "2026-03-02", "2026-03-09")).values["events"]
    assert listed[0] == {
        "uid": rendered["uid"],
        "title": "Kickoff",
        "start": rendered["start"],
        "end": rendered["end"],
        "location": "Pier 1; hall, 2\\",
        "busy": True,
    }
    assert (listed[1]["start"], listed[1]["end"]) == ("2026-03-03", "2026-03-04")
    assert office.perform(span("list_events", "2026-04-01", "2026-04-02")).values == {"events": []}


def test_each_occurrence_of_an_event_that_recurs_is_listed(
    office: CaldavConnector, server: CalendarServer
) -> None:
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:weekly\r\n"
        "DTSTAMP:20260101T000000Z\r\nDTSTART:20260302T150000Z\r\nDTEND:20260302T160000Z\r\n"
        "RRULE:FREQ=WEEKLY\r\nSUMMARY:Weekly\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    httpx2.put(f"{server.url}weekly.ics", content=text, auth=("office", SECRET)).raise_for_status()
    listed = office.perform(span("list_events", "2026-03-09", "2026-03-20")).values["events"]
    assert [each["start"] for each in listed] == [
        "2026-03-09T15:00:00+00:00",
        "2026-03-16T15:00:00+00:00",
    ]


def test_the_first_free_time_lies_between_events(office: CaldavConnector) -> None:
    office.perform(new("a", "2026-03-02T09:00:00", duration="PT1H"))
    office.perform(new("b", "2026-03-02T10:15:00", duration="PT2H"))
    asked = span("find_free", "2026-03-02T09:00:00", "2026-03-02T13:00:00", duration="PT30M")
    assert office.perform(asked).values == {
        "start": "2026-03-02T18:15:00+00:00",
        "end": "2026-03-02T18:45:00+00:00",
    }
    short = replace(asked, inputs={**asked.inputs, "duration": "PT15M"})
    assert office.perform(short).values["start"] == "2026-03-02T16:00:00+00:00"
    long = replace(asked, inputs={**asked.inputs, "duration": "PT1H"})
    assert failure(office, long).failure is Failure.NOT_FOUND


def test_people_are_invited_by_whom_the_binding_says(
    office: CaldavConnector, server: CalendarServer
) -> None:
    people = ["Ada Lovelace <ada@client.example>", "bob@client.example"]
    request = replace(ASKED, operation="invite", inputs={**ASKED.inputs, "attendees": people})
    uid = office.perform(request).values["uid"]
    text = httpx2.get(f"{server.url}{uid}.ics", auth=("office", SECRET)).text
    (event,) = Calendar.from_ical(text).events
    assert str(event["organizer"]) == "mailto:office@tidewater.example"
    assert [str(each) for each in event["attendee"]] == [
        "mailto:ada@client.example",
        "mailto:bob@client.example",
    ]
    told = failure(calendar(server.url), request)
    assert (told.failure, told.certain) == (Failure.REFUSED, True)


@pytest.mark.parametrize(
    ("inputs", "kind"),
    [
        ({"start": "tomorrow"}, Failure.MISSING_DATA),
        ({"duration": None}, Failure.MISSING_DATA),
        ({"duration": "soon"}, Failure.MISSING_DATA),
        ({"duration": "-PT1H"}, Failure.MISSING_DATA),
        ({"end": "2026-03-01T09:00:00Z"}, Failure.MISSING_DATA),
        ({"end": "2026-03-05"}, Failure.MISSING_DATA),
        ({"title": "a\r\nATTENDEE:mailto:thief@example.com"}, Failure.REFUSED),
        ({"colour": "red"}, Failure.REFUSED),
    ],
)
def test_what_is_no_event_is_told_before_anything_is_sent(
    office: CaldavConnector, server: CalendarServer, inputs: dict[str, Any], kind: Failure
) -> None:
    told = failure(office, replace(ASKED, inputs={**ASKED.inputs, **inputs}))
    assert (told.failure, told.certain) == (kind, True)
    assert server.files() == {}


@pytest.mark.parametrize(
    ("answer", "kind", "certain"),
    [
        ("403 Forbidden", Failure.REFUSED, True),
        ("404 Not Found", Failure.NOT_FOUND, True),
        ("507 Insufficient Storage", Failure.UNAVAILABLE, False),
    ],
)
def test_what_the_server_says_is_told(
    office: CaldavConnector,
    server: CalendarServer,
    answer: str,
    kind: Failure,
    certain: bool,  # noqa: FBT001
) -> None:
    server.answers.append(answer)
    told = failure(office, ASKED)
    assert (told.failure, told.certain) == (kind, certain)


def test_a_wrong_password_is_refused(
    office: CaldavConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "wrong")
    told = failure(office, ASKED)
    assert (told.failure, told.certain) == (Failure.REFUSED, True)


def test_what_is_no_calendar_is_told(office: CaldavConnector, server: CalendarServer) -> None:
    assert office.check().startswith("calendar `")
    with pytest.raises(ConnectorError, match="no calendar"):
        calendar(server.url.removesuffix("kickoffs/")).check()


@pytest.mark.parametrize(
    "settings", [{"url": "x"}, {"user": "a"}, {"organizer": "nobody"}, {"colour": "red"}]
)
def test_settings_that_are_wrong_are_refused(settings: dict[str, Any]) -> None:
    system = System(
        id="calendar",
        name="Calendar",
        binding=Binding(connector="caldav", settings={"url": "https://a.example", **settings}),
    )
    with pytest.raises(UsageError, match="binding of system `Calendar`"):
        CaldavConnector(system, Organization(name="T", systems=(system,)), Path())


@pytest.mark.parametrize(
    "inputs",
    [
        {"duration": "P9999999D"},
        {"duration": "P99999999999D"},
        {"start": "0001-01-01T00:00+14:00"},
    ],
)
def test_times_beyond_all_calendars_are_missing_data(
    office: CaldavConnector, inputs: dict[str, str]
) -> None:
    asked = replace(ASKED, inputs={**ASKED.inputs, **inputs})
    assert failure(office, asked).failure is Failure.MISSING_DATA


def test_a_time_is_not_free_because_a_later_day_is_taken(office: CaldavConnector) -> None:
    """A day begins at midnight of the organization, which is later than it reads."""
    office.perform(new("day", "2026-03-03", duration="P1D"))
    office.perform(new("call", "2026-03-03T01:00:00Z", duration="PT2H"))
    asked = span("find_free", "2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z", duration="PT2H")
    assert office.perform(asked).values["start"] == "2026-03-03T03:00:00+00:00"
