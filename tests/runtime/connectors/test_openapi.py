"""Operations that a system describes itself, in an OpenAPI document."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.connectors.http_server import Answer, Server, serving
from sopc.errors import UsageError
from sopc.graph import Failure
from sopc.organization import Operation, Organization, loads_organization
from sopc_runtime.connectors.connector import ConnectorError, Request
from sopc_runtime.connectors.http import HttpConnector
from sopc_runtime.connectors.http.openapi import endpoints

DOCUMENT = """
openapi: 3.1.0
info: {title: Shop, version: 1.0.0}
servers: [{url: "https://shop.example/v2"}]
paths:
  /orders/{orderId}:
    parameters:
      - {name: orderId, in: path, required: true, schema: {type: integer}}
    get:
      operationId: getOrder
      summary: Find an
        order
      parameters:
        - {$ref: "#/components/parameters/Expand"}
        - {name: Authorization, in: header, schema: {type: string}}
        - {name: X-Tenant, in: header, required: true, schema: {type: string}}
      responses:
        "200":
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Order"}
        default: {description: failed}
    delete:
      responses: {"204": {description: gone}}
  /orders:
    post:
      operationId: createOrder
      requestBody:
        required: true
        content:
          application/json:
            schema:
              allOf:
                - {$ref: "#/components/schemas/NewOrder"}
                - {required: [customerName]}
      responses:
        "201":
          content:
            application/json; charset=utf-8:
              schema: {$ref: "#/components/schemas/Order"}
    get:
      operationId: listOrders
      parameters:
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
      responses:
        "200":
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Order"}}
  /orders/{id}/lines:
    put:
      operationId: setLines
      requestBody:
        required: true
        content:
          application/json: {schema: {type: array, items: {type: object}}}
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses: {"204": {description: done}}
  /picture:
    post:
      operationId: upload
      requestBody: {required: true, content: {image/png: {}}}
      responses: {"204": {description: done}}
components:
  parameters:
    Expand: {name: expand, in: query, description: what else, schema: {type: boolean}}
  schemas:
    NewOrder:
      type: object
      required: [total]
      properties:
        id: {type: string, readOnly: true}
        customerName: {type: string}
        total: {type: number}
        dueOn: {type: [string, "null"], format: date}
        channel: {type: string, enum: [web, shop]}
        parent: {$ref: "#/components/schemas/NewOrder"}
    Order:
      allOf:
        - {$ref: "#/components/schemas/NewOrder"}
        - type: object
          required: [id, createdAt]
          properties:
            id: {type: integer}
            createdAt: {type: string, format: date-time}
            note:
              anyOf: [{type: string}, {type: "null"}]
"""


def bound(document: str, url: str, root: Path, operations: str = "[]") -> HttpConnector:
    """Make a connector by a document."""
    organization = loads_organization(
        f"name: A\nsystems:\n  - id: shop\n    name: Shop\n    binding:\n      connector: http\n"
        f'      settings: {{url: "{url}", openapi: "{document}"}}\n    operations: {operations}\n'
    )
    return HttpConnector(organization.systems[0], organization, root)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


@pytest.fixture
def shop(server: Server, document: Path) -> Iterator[HttpConnector]:
    connector = bound(document.name, f"{server.url}/v2", document.parent)
    yield connector
    connector.close()


@pytest.fixture
def operations() -> dict[str, Operation]:
    found = endpoints(DOCUMENT.encode(), "shop.yaml")
    return {name: endpoint.operation for name, endpoint in found.items()}


def types(fields: Any) -> dict[str, str]:
    """Give fields with their types, those that may be left out with a question mark."""
    return {each.name: each.type + ("" if each.required else "?") for each in fields}


def test_each_operation_has_its_id_or_its_method_and_path(
    operations: dict[str, Operation],
) -> None:
    """One that takes no JSON is left out."""
    assert list(operations) == [
        "getOrder",
        "delete_orders_order_id",
        "listOrders",
        "createOrder",
        "setLines",
    ]


def test_inputs_and_outputs_have_types_and_names_of_graphs(
    operations: dict[str, Operation],
) -> None:
    assert types(operations["getOrder"].inputs) == {
        "order_id": "integer",
        "expand": "boolean?",
        "x_tenant": "string",
    }
    assert types(operations["createOrder"].inputs) == {
        "customer_name": "string",
        "total": "number",
        "due_on": "date?",
        "channel": "enum?",
        "parent": "object?",
    }
    assert types(operations["createOrder"].outputs) == {
        "id": "integer",
        "customer_name": "string?",
        "total": "number",
        "due_on": "date?",
        "channel": "enum?",
        "parent": "object?",
        "created_at": "timestamp",
        "note": "string?",
    }
    assert types(operations["listOrders"].outputs) == {"items": "list"}
    assert types(operations["setLines"].inputs) == {"id": "string", "body": "list"}


def test_only_reading_is_said_of_effects(operations: dict[str, Operation]) -> None:
    """What else an operation does, its method does not tell."""
    assert {name: (each.effect, each.idempotent) for name, each in operations.items()} == {
        "getOrder": ("read", True),
        "delete_orders_order_id": (None, True),
        "listOrders": ("read", True),
        "createOrder": (None, False),
        "setLines": (None, True),
    }
    assert operations["getOrder"].description == "Find an order"


def test_requests_are_made_as_the_document_says(server: Server, shop: HttpConnector) -> None:
    """Path, query, header and body by the system's names; outputs by those of graphs."""
    order = {"id": 7, "total": 12.5, "createdAt": "2026-11-22T10:00:00Z", "customerName": "Ana"}
    server.answers["/v2/orders"] = Answer(201, order)
    server.answers["/v2/orders/7"] = Answer(200, order)
    made = shop.perform(
        Request(operation="createOrder", inputs={"customer_name": "Ana", "total": 12.5}, key="k1")
    )
    assert made.values == {
        "id": 7,
        "total": 12.5,
        "created_at": "2026-11-22T10:00:00+00:00",
        "customer_name": "Ana",
    }
    read = Request(
        operation="getOrder", inputs={"order_id": 7, "expand": True, "x_tenant": "t"}, effect="read"
    )
    assert shop.perform(read).values == made.values
    create, get = server.asked
    assert create.json == {"customerName": "Ana", "total": 12.5}
    assert create.headers["Idempotency-Key"] == "k1"
    assert (get.target, get.headers["X-Tenant"]) == ("/v2/orders/7?expand=true", "t")


def test_a_list_goes_into_the_query_and_the_body(server: Server, shop: HttpConnector) -> None:
    server.answers["/v2/orders"] = Answer(200, [])
    server.answers["/v2/orders/a/lines"] = Answer(204)
    listed = Request(operation="listOrders", inputs={"tags": ["a", "b c"]})
    assert shop.perform(listed).values == {"items": []}
    shop.perform(Request(operation="setLines", inputs={"id": "a", "body": [{"sku": 1}]}))
    assert server.asked[0].query == [("tags", "a"), ("tags", "b c")]
    assert server.asked[1].json == [{"sku": 1}]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"customer_name": "Ana"}, "`total` is missing"),
        ({"customer_name": "Ana", "total": "much"}, "`total` is no number: 'much'"),
        (
            {"customer_name": "Ana", "total": 1, "channel": "fax"},
            "`channel` is none of `web`, `shop`: 'fax'",
        ),
    ],
)
def test_inputs_are_held_to_the_document(
    server: Server, shop: HttpConnector, inputs: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConnectorError) as told:
        shop.perform(Request(operation="createOrder", inputs=inputs))
    assert told.value.failure is Failure.MISSING_DATA
    assert says in str(told.value)
    assert server.asked == []


def test_the_organization_file_has_the_last_word(server: Server, document: Path) -> None:
    """Its outputs and effect stand instead of the document's, which still says how to ask."""
    server.answers["/orders"] = Answer(201, {"id": 7})
    says = "[{name: createOrder, effect: read, outputs: [{name: id, type: string}]}]"
    shop = bound(document.name, server.url, document.parent, says)
    inputs = {"customer_name": "Ana", "total": 1}
    assert shop.perform(Request(operation="createOrder", inputs=inputs, key="k")).values == {
        "id": "7"
    }
    assert "Idempotency-Key" not in server.asked[0].headers
    shop.close()


def test_the_document_may_be_fetched_from_the_system(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, when it is first needed, with the token; from another host, without."""
    monkeypatch.setenv("TOKEN", "s3cret")
    with serving() as other:
        for keeper in (server, other):
            keeper.answers["/openapi.json"] = Answer(200, DOCUMENT.encode())
            organization = loads_organization(
                "name: A\nsystems:\n  - id: shop\n    name: Shop\n    binding:\n"
                f'      connector: http\n      settings: {{url: "{server.url}/v2", '
                f'token: env:TOKEN, openapi: "{keeper.url}/openapi.json"}}\n'
            )
            shop = HttpConnector(organization.systems[0], organization, Path())
            assert keeper.asked == []
            assert len(shop.operations()) == len(shop.operations()) == 5
            shop.close()
        assert [asked.headers.get("Authorization") for asked in server.asked] == ["Bearer s3cret"]
        assert [asked.headers.get("Authorization") for asked in other.asked] == [None]


def test_checking_counts_the_operations(server: Server, shop: HttpConnector) -> None:
    server.answers["/v2"] = Answer(404)
    assert shop.check() == "answers, 5 operations"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00", "neither JSON nor YAML"),
        (b"{a: [", "neither JSON nor YAML"),
        (b"[]", "no OpenAPI 3 document"),
        (b"swagger: '2.0'", "no OpenAPI 3 document"),
        (b"openapi: 4.0.0", "no OpenAPI 3 document"),
        (
            b"openapi: 3.0.0\npaths: {/a: {get: {parameters: [{$ref: '#/nothing'}]}}}",
            "has no `#/nothing`",
        ),
        (
            b"openapi: 3.0.0\npaths: {/a: {get: {parameters: [{$ref: 'other.yaml#/a'}]}}}",
            "has no `other.yaml#/a`",
        ),
        (
            b"openapi: 3.0.0\npaths: {/a: {$ref: '#/paths/~1b'}, /b: {$ref: '#/paths/~1a'}}",
            "lead round in a circle",
        ),
    ],
)
def test_a_document_that_cannot_be_used_is_told(content: bytes, says: str) -> None:
    with pytest.raises(UsageError) as told:
        endpoints(content, "doc")
    assert says in str(told.value)


@pytest.mark.parametrize(
    "content",
    [
        b"openapi: 3.0.0",
        b"openapi: 3.0.0\npaths: 5",
        b"openapi: 3.0.0\npaths: {/a: 5, /b: {get: 5}, /c: {get: {parameters: 5}}}",
        b"openapi: 3.0.0\npaths: {/a: {get: {parameters: [5], requestBody: 5, responses: [1]}}}",
        b"openapi: 3.0.0\npaths: {/a: {get: {parameters: [{name: a, in: {b: 1}}]}}}",
    ],
)
def test_a_document_of_wrong_shapes_does_no_harm(content: bytes) -> None:
    for endpoint in endpoints(content, "doc").values():
        assert endpoint.operation.inputs == ()


def test_schemas_that_name_one_another_are_read_quickly() -> None:
    """As those of large systems do: each of 40 has 15 of the others within it."""
    schemas = {
        f"T{number}": {
            "type": "object",
            "properties": {
                f"p{each}": {"$ref": f"#/components/schemas/T{(number * 7 + each) % 40}"}
                for each in range(15)
            },
        }
        for number in range(40)
    }
    answers = [{"$ref": f"#/components/schemas/T{number % 40}"} for number in range(200)]
    paths = {
        f"/r{number}": {
            "get": {"responses": {"200": {"content": {"application/json": {"schema": answer}}}}}
        }
        for number, answer in enumerate(answers)
    }
    document = {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}
    began = time.process_time()
    found = endpoints(json.dumps(document).encode(), "doc")
    assert time.process_time() - began < 5
    assert len(found) == 200


def test_a_file_that_is_not_there_is_told(server: Server, tmp_path: Path) -> None:
    shop = bound("none.yaml", server.url, tmp_path)
    with pytest.raises(ConnectorError) as told:
        shop.check()
    assert told.value.failure is Failure.UNAVAILABLE
    assert "no such file" in str(told.value)
    shop.close()


def test_operations_are_as_the_organization_file_has_them(
    operations: dict[str, Operation],
) -> None:
    """So that they can be pasted into it."""
    written = [
        each.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for each in operations.values()
    ]
    text = json.dumps({"name": "A", "systems": [{"id": "a", "name": "A", "operations": written}]})
    loaded: Organization = loads_organization(text)
    assert loaded.systems[0].operations == tuple(operations.values())
