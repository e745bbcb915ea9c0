"""The connector `http` with a real system: records of a PocketBase on loopback."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from runtime.connectors.http_server import closed_port
from sopc.graph import Failure
from sopc.organization import loads_organization
from sopc_runtime.connectors.connector import ConnectorError, Request
from sopc_runtime.connectors.http import HttpConnector

_USER, _PASSWORD = "admin@example.com", "a-long-password"
_PROGRAM = shutil.which("pocketbase")
_RECORDS = "/api/collections/contacts/records"

pytestmark = pytest.mark.skipif(_PROGRAM is None, reason="pocketbase is not installed")

ORGANIZATION = """
name: Tidewater
systems:
  - id: crm
    name: CRM
    binding:
      connector: http
      settings: {{url: "{url}", header: Authorization, key: env:CRM_TOKEN, check: {records}}}
    operations:
      - name: create_contact
        inputs:
          - {{name: company, type: string}}
          - {{name: mail, type: string}}
          - {{name: credit_limit, type: money, currency: EUR, required: false}}
        outputs:
          - {{name: contact, type: string}}
          - {{name: created, type: timestamp}}
        effect: write
        request:
          path: {records}
          names: {{mail: email, credit_limit: creditLimit}}
          results: {{contact: id}}
      - name: get_contact
        inputs: [{{name: contact, type: string}}]
        outputs:
          - {{name: company, type: string}}
          - {{name: mail, type: string}}
          - {{name: credit_limit, type: money, currency: EUR}}
        effect: read
        request:
          method: GET
          path: "{records}/{{contact}}"
          results: {{mail: email, credit_limit: creditLimit}}
      - name: update_contact
        inputs: [contact, company]
        effect: write
        idempotent: true
        request: {{method: PATCH, path: "{records}/{{contact}}"}}
      - name: find_contacts
        inputs: [filter]
        outputs:
          - {{name: found, type: integer}}
          - {{name: contacts, type: list, items: object}}
        effect: read
        request:
          method: GET
          path: {records}
          results: {{found: /totalItems, contacts: /items}}
      - name: delete_contact
        inputs: [contact]
        effect: delete
        request: {{method: DELETE, path: "{records}/{{contact}}"}}
"""


def _run(program: str, folder: Path, *words: str) -> None:
    subprocess.run([program, *words, "--dir", str(folder)], check=True, capture_output=True)


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            if httpx2.get(f"{url}/api/health").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError("pocketbase did not start")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Give the URL of a running PocketBase with contacts, and a superuser's token."""
    assert _PROGRAM is not None
    folder = tmp_path_factory.mktemp("pocketbase")
    url = f"http://127.0.0.1:{closed_port()}"
    _run(_PROGRAM, folder, "superuser", "upsert", _USER, _PASSWORD)
    serve = [_PROGRAM, "serve", "--http", url.removeprefix("http://"), "--dir", str(folder)]
    with subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            _wait_for(url)
            login = {"identity": _USER, "password": _PASSWORD}
            path = f"{url}/api/collections/_superusers/auth-with-password"
            token = httpx2.post(path, json=login).raise_for_status().json()["token"]
            fields: list[dict[str, Any]] = [
                {"name": "company", "type": "text", "required": True},
                {"name": "email", "type": "email"},
                {"name": "creditLimit", "type": "number"},
                {"name": "created", "type": "autodate", "onCreate": True},
            ]
            contacts = {"name": "contacts", "type": "base", "fields": fields}
            headers = {"Authorization": token}
            made = httpx2.post(f"{url}/api/collections", json=contacts, headers=headers)
            made.raise_for_status()
            yield url, token
        finally:
            running.terminate()


@pytest.fixture
def crm(database: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpConnector]:
    url, token = database
    monkeypatch.setenv("CRM_TOKEN", token)
    organization = loads_organization(ORGANIZATION.format(url=url, records=_RECORDS))
    connector = HttpConnector(organization.systems[0], organization, Path())
    yield connector
    connector.close()


def ask(crm: HttpConnector, operation: str, effect: str, **inputs: Any) -> dict[str, Any]:
    """Perform an operation."""
    return crm.perform(Request(operation=operation, inputs=inputs, effect=effect, key="k")).values


def test_a_record_is_written_read_changed_found_and_deleted(crm: HttpConnector) -> None:
    assert crm.check() == "answers"
    company = 'Smith & Sons "Ltd"'
    made = ask(
        crm, "create_contact", "write", company=company, mail="a@example.com", credit_limit=125_000
    )
    contact = made["contact"]
    assert made["created"].startswith("20")
    assert ask(crm, "get_contact", "read", contact=contact) == {
        "company": company,
        "mail": "a@example.com",
        "credit_limit": 125_000,
    }
    ask(crm, "update_contact", "write", contact=contact, company="Smith")
    found = ask(crm, "find_contacts", "read", filter="company = 'Smith'")
    assert (found["found"], found["contacts"][0]["id"]) == (1, contact)
    assert ask(crm, "delete_contact", "delete", contact=contact) == {}
    assert ask(crm, "find_contacts", "read", filter="company = 'Smith'")["found"] == 0


def test_what_is_not_there_is_not_found(crm: HttpConnector) -> None:
    with pytest.raises(ConnectorError) as told:
        ask(crm, "get_contact", "read", contact="nothing/here")
    assert told.value.failure is Failure.NOT_FOUND


def test_what_the_system_does_not_accept_is_refused_in_its_words(crm: HttpConnector) -> None:
    with pytest.raises(ConnectorError) as told:
        ask(crm, "create_contact", "write", company="A", mail="no address")
    assert (told.value.failure, told.value.certain) == (Failure.REFUSED, True)
    assert str(told.value) == "`create_contact` of `CRM`: 400 Failed to create record."


def test_a_wrong_token_is_refused(crm: HttpConnector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TOKEN", "wrong-token")
    for attempt in (crm.check, lambda: ask(crm, "find_contacts", "read", filter="")):
        with pytest.raises(ConnectorError) as told:
            attempt()
        assert told.value.failure is Failure.REFUSED
        assert "wrong-token" not in str(told.value)
