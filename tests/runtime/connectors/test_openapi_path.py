"""Paths of OpenAPI documents, in which parameters stand that are described in many ways."""

import pytest

from sopc_runtime.connectors.connector import Request
from sopc_runtime.connectors.http.openapi import endpoints
from sopc_runtime.connectors.http.outgoing import outgoing


@pytest.mark.parametrize(
    "item",
    [
        "{get: {operationId: look}}",
        "{$ref: '#/components/pathItems/one'}",
        (
            "{get: {operationId: look, parameters: [{name: id, in: path, schema: {type: string}},"
            " {name: id, in: query, schema: {type: string}}]}}"
        ),
    ],
)
def test_a_path_is_filled_in_however_its_parameter_is_described(item: str) -> None:
    """Not at all, elsewhere in the document, or beside one of the same name in the query."""
    document = f"""
openapi: 3.1.0
paths:
  /things/{{id}}: {item}
components:
  pathItems:
    one:
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      get: {{operationId: look}}
"""
    look = endpoints(document.encode(), "document")["look"]
    inputs = {"id": "a"} | ({"query_id": "b"} if len(look.parts) > 1 else {})
    asked = Request(operation="look", inputs=inputs)
    assert outgoing(look, asked, "Idempotency-Key").target == "/things/a"
