"""The onboarding example, from one webhook to its end, with the systems that it is bound to.

A CRM (PocketBase), a mail server and a calendar (Radicale) run as `office.py` of the example starts
them, `sopc serve` runs as a process of its own, is killed on the way and begun again, and people
decide by the commands of the inbox.
"""

import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import httpx2
import pytest
from icalendar import Calendar
from typer.testing import CliRunner, Result

from runtime.connectors.http_server import closed_port
from sopc.cli.app import app

EXAMPLE = Path(__file__).parents[3] / "examples" / "client-onboarding-precise"
GRAPH = "client-onboarding-precise.sop.yaml"
SECONDS = 30
CLIENT, MANAGER = "ada.lind@brightwater.example", "ines.duarte@tidewater.example"

PEOPLE = {
    "sets-the-field-account-manager-in-hubspot": (
        *("done", "--by", "Priya Raman", "--set", "account_manager=Ines Duarte"),
        *("--set", f"account_manager_email={MANAGER}"),
    ),
    "creates-a-contact-and-a-repeating-invoice-in-xero": ("done", "--by", "Marta Kowalczyk"),
    "sends-template-intake-reminder-in-gmail": ("answer", "no", "--by", "Ines Duarte"),
    "reviews-the-responses-in-typeform": ("done", "--by", "Ines Duarte"),
    "creates-the-timeline-in-asana-from-template-standard": ("done", "--by", "Tom Becker"),
    "approves-the-timeline-in-asana": ("approve", "--yes", "--by", "Ines Duarte"),
    "clones-the-dashboard-client-overview-in-looker": ("done", "--by", "Wei Chen"),
    "saves-the-signed-pdf-from-docusign-to-the-clients-folder-in": (
        *("done", "--by", "Beth Sandoval"),
    ),
}
"""Whatever people are asked on the ordinary way, and how they decide it."""

pytestmark = pytest.mark.skipif(
    shutil.which("pocketbase") is None, reason="pocketbase is not installed"
)


class Tidewater:
    """The company: a folder with the example, its systems, and what is in them."""

    def __init__(self, folder: Path, ports: tuple[int, int, int], environ: dict[str, str]) -> None:
        self.folder = folder
        self.crm, self.mail, self.calendar = ports
        self.environ = environ

    def sopc(self, *words: str) -> Result:
        return CliRunner(env=self.environ).invoke(app, [*words], catch_exceptions=False)

    def mails(self) -> list[EmailMessage]:
        folder = self.folder / "office" / "mail" / "new"
        found = [
            message_from_bytes(path.read_bytes(), policy=default)
            for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        ]
        return [each for each in found if isinstance(each, EmailMessage)]

    def record(self, collection: str, record: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.crm}/api/collections/{collection}/records/{record}"
        answer = httpx2.get(url, headers={"Authorization": self.environ["CRM_TOKEN"]})
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def events(self) -> list[Any]:
        url = f"http://127.0.0.1:{self.calendar}/tidewater/kickoffs/"
        login = ("tidewater", self.environ["CALENDAR_PASSWORD"])
        text = httpx2.get(url, auth=login).raise_for_status().text
        return list(Calendar.from_ical(text).events)


def _begin(folder: Path, environ: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    own = {**os.environ, **environ}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env=own,
        stdout=pipe,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _end(process: "subprocess.Popen[str]") -> tuple[int, str]:
    process.send_signal(signal.SIGTERM)
    try:
        told, _ = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, told


def _told(process: "subprocess.Popen[str]", pattern: str) -> str:
    """Wait until a process has written something."""
    assert process.stdout is not None
    before = []
    for line in process.stdout:
        before.append(line)
        found = re.search(pattern, line)
        if found:
            return found[0]
    raise AssertionError("".join(before))


@pytest.fixture
def tidewater(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tidewater]:
    """The example in a folder of its own, with its systems running on free ports."""
    folder = tmp_path / "onboarding"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("office", "data"))
    ports = closed_port(), closed_port(), closed_port()
    organization = folder / "organization.yaml"
    text = organization.read_text(encoding="utf-8")
    for written, own in (("port: 2525", f"port: {ports[1]}"), (":5232/", f":{ports[2]}/")):
        assert written in text
        text = text.replace(written, own)
    organization.write_text(text, encoding="utf-8")
    names = ("--crm", "--mail", "--calendar")
    given = [word for name, port in zip(names, ports, strict=True) for word in (name, str(port))]
    office = _begin(folder, {}, "office.py", *given)
    try:
        _told(office, "^ready")
        lines = (folder / "office" / "environment").read_text(encoding="utf-8").splitlines()
        pairs = (line.removeprefix("export ").split("=", 1) for line in lines)
        environ = dict(pairs) | {"SOPC_DATA": str(folder / "data")}
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("SOPC_DATABASE_URL", raising=False)
        monkeypatch.chdir(folder)
        yield Tidewater(folder, ports, environ)
    finally:
        assert _end(office)[0] == 0


def _post(address: str, body: bytes, secret: str) -> "httpx2.Response":
    signed = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Signature": signed}
    return httpx2.post(f"{address}/hooks/hubspot", content=body, headers=headers)


class Served:
    """`sopc serve` as a process of its own, which may be killed and begun again."""

    def __init__(self, tidewater: Tidewater) -> None:
        self._tidewater = tidewater
        self.begin()

    def begin(self) -> None:
        words = ("-m", "sopc", "serve", "--port", "0")
        self._process = _begin(self._tidewater.folder, self._tidewater.environ, *words)
        self.address = _told(self._process, r"http://127\.0\.0\.1:\d+")

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def end(self) -> tuple[int, str]:
        return _end(self._process)


def _decide_all(tidewater: Tidewater, run: str, served: Served, *, killed_at: str) -> list[str]:
    """Let people decide what they are asked until the run has ended; give the steps in order.

    One decision finds nothing running, since everything was killed before it.
    """
    decided: list[str] = []
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for task in json.loads(tidewater.sopc("inbox", "--json").stdout):
            if task["step"] == killed_at:
                served.kill()
            command, *words = PEOPLE[task["step"]]
            told = tidewater.sopc(command, str(task["number"]), *words)
            assert told.exit_code == 0, told.output
            decided.append(task["step"])
            if task["step"] == killed_at:
                served.begin()
        if "done" in tidewater.sopc("runs", "--status", "done").stdout:
            return decided
        time.sleep(0.1)
    raise AssertionError(f"after {decided}:\n{tidewater.sopc('runs', 'show', run).stdout}")


def test_a_won_deal_is_onboarded_from_one_webhook(tidewater: Tidewater) -> None:
    """A folder, mails, a company, a deal and an invitation are there, and the journal proves it."""
    deal = (tidewater.folder / "deal.json").read_bytes()
    secret = tidewater.environ["HUBSPOT_SECRET"]
    signer = ("--by", "Dana Whitfield", "--role", "operations manager")
    assert tidewater.sopc("sign", GRAPH, *signer).exit_code == 0
    assert tidewater.sopc("deploy", GRAPH, "--mode", "autonomous").exit_code == 0
    connected = tidewater.sopc("org", "check", "--connect")
    assert (connected.exit_code, "failed" in connected.stdout) == (0, False)
    served = Served(tidewater)
    try:
        assert _post(served.address, deal, "not the secret").status_code == 401
        started = _post(served.address, deal, secret)
        assert (started.status_code, started.json()["status"]) == (202, "started")
        [run] = started.json()["runs"]
        again = _post(served.address, deal, secret)
        assert (again.status_code, again.json()["runs"]) == (200, [run])
        killed_at = "reviews-the-responses-in-typeform"
        assert _decide_all(tidewater, run, served, killed_at=killed_at) == list(PEOPLE)
    finally:
        code, told = served.end()
    assert (code, "Traceback" in told, "/api/" in told) == (0, False, False), told

    drive = tidewater.folder / "drive"
    template, made = drive / "_Client Template", drive / "Clients" / "Brightwater"
    assert {path.relative_to(made) for path in made.rglob("*")} == {
        path.relative_to(template) for path in template.rglob("*")
    }

    mails = tidewater.mails()
    assert [each["Subject"] for each in mails] == [
        "Welcome to Tidewater, Ada Lind",
        "A few questions before we start",
        "Who you will meet on Thursday",
    ]
    assert {(each["To"], each["Reply-To"]) for each in mails} == {(CLIENT, MANAGER)}
    assert "planned for Thursday, 14 January at 09:00 CST" in mails[0].get_content()

    company = tidewater.record("companies", "brightwater0001")
    assert (company["industry"], company["service_tier"]) == ("Shipping", "growth")
    assert company["billing_contact"] == "accounts@brightwater.example"
    assert tidewater.record("deals", "newbusiness0001")["onboarding_status"] == "Complete"

    [event] = tidewater.events()
    assert event["summary"] == "Kickoff call: Brightwater"
    assert event.start.isoformat() == "2027-01-14T15:00:00+00:00"
    assert event.duration.total_seconds() == 45 * 60
    assert {str(each) for each in event["attendee"]} == {f"mailto:{CLIENT}", f"mailto:{MANAGER}"}

    assert tidewater.sopc("journal", "verify").exit_code == 0
    assert tidewater.sopc("replay", run).exit_code == 0
    exported = tidewater.folder / "journal.jsonl"
    assert tidewater.sopc("journal", "export", "--out", str(exported)).exit_code == 0
    text = exported.read_text(encoding="utf-8")
    assert "Brightwater" in text
    for kept_out in (CLIENT, secret, tidewater.environ["CRM_TOKEN"]):
        assert kept_out not in text
