"""A CRM that the tests of the connector `http` ask, and what they ask of it."""

from pathlib import Path
from typing import Any

import pytest

from runtime.connectors.conformance import VARIABLE
from sopc.organization import loads_organization
from sopc_runtime.connectors.connector import ConnectorError, Request
from sopc_runtime.connectors.http import HttpConnector

MADE: list[HttpConnector] = []
OPERATIONS = """
      - name: create_contact
        inputs:
          - {name: first_name, type: string}
          - {name: email, type: string}
          - {name: limit, type: money, currency: EUR, required: false}
          - {name: notify, type: boolean, required: false}
        outputs:
          - {name: contact, type: string}
          - {name: credit, type: money, currency: EUR, required: false}
          - {name: created, type: timestamp, required: false}
        effect: write
        request:
          path: /contacts
          query: [notify]
          names: {first_name: /properties/firstName, email: /properties/email}
          results: {contact: /data/id}
          decimal: [limit, credit]
          look_up: find_by_key
      - name: get_contact
        inputs: [contact, expand]
        outputs:
          - {name: email, type: string}
          - {name: age, type: integer, required: false}
          - {name: tags, type: list, items: string, required: false}
        effect: read
        request: {method: GET, path: "/contacts/{contact}"}
      - name: find_by_key
        inputs: [key]
        outputs: [{name: contact, type: string}]
        effect: read
        request: {method: GET, path: /found, query: [key], results: {contact: /items/0/id}}
      - name: put_note
        inputs: [contact, {name: note, type: object}]
        effect: write
        idempotent: true
        request: {method: PUT, path: "/contacts/{contact}/note", body: note}
      - name: search
        effect: read
        request: {path: /search}
"""


def connect(
    url: str, settings: str = f"token: env:{VARIABLE}", operations: str = OPERATIONS
) -> Any:
    """Make the connector of an organization file with one system."""
    organization = loads_organization(
        f"name: A\nsystems:\n  - id: crm\n    name: CRM\n    binding:\n      connector: http\n"
        f'      settings: {{url: "{url}", {settings}}}\n    operations:{operations or " []"}'
    )
    made = HttpConnector(organization.systems[0], organization, Path())
    MADE.append(made)
    return made


def creating(**more: Any) -> Request:
    """Give a request for a contact."""
    inputs = {"first_name": "Ana", "email": "ana@example.com"} | more.pop("inputs", {})
    more = {"effect": "write", "key": "run-1/create", "timeout": 2.0} | more
    return Request(operation="create_contact", inputs=inputs, **more)


def getting(contact: str = "7", **more: Any) -> Request:
    """Give a request that reads a contact."""
    more = {"effect": "read", "timeout": 2.0} | more
    return Request(operation="get_contact", inputs={"contact": contact}, **more)


def failing(connector: Any, request: Request) -> ConnectorError:
    """Perform what fails, and give how."""
    with pytest.raises(ConnectorError) as told:
        connector.perform(request)
    return told.value
