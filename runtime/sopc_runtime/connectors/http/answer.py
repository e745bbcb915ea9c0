"""Answers: the JSON that a system gave back, as the outputs of an operation."""

import json
from datetime import datetime
from typing import Any, NoReturn

from jsonpointer import JsonPointer, JsonPointerException

from sopc.graph import DataField, DataType, Failure
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.connectors.http.endpoint import Endpoint
from sopc_runtime.connectors.http.outgoing import minor_units
from sopc_runtime.core.value import problems_with


class AbsentOutputError(ConnectorError):
    """An answer in JSON lacks an output that the operation always gives."""


def outputs(endpoint: Endpoint, content: bytes, *, what: str) -> dict[str, Any]:
    """Give the outputs that an answer holds.

    Without outputs in the organization file, these are the keys of the answer; an answer that is
    a list is `items`, and a plain value is `value`.

    Raises:
        AbsentOutputError: A required output is not in it.
        ConnectorError: It is no JSON, or an output is of another type.
    """
    fields = endpoint.operation.outputs
    # The request was carried out, so only one that reads certainly did nothing.
    certain = endpoint.reads
    if not content.strip() or endpoint.method == "HEAD":
        if any(field.required for field in fields):
            names = ", ".join(f"`{field.name}`" for field in fields if field.required)
            raise AbsentOutputError(
                Failure.MISSING_DATA,
                f"{what}: the answer is empty, without {names}",
                certain=certain,
            )
        return {}
    try:
        body = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        if not fields:
            return {}
        raise ConnectorError(
            Failure.MISSING_DATA, f"{what}: the answer is no JSON", certain=certain
        ) from None
    if not fields:
        return _plain(body)
    values = {}
    for field in fields:
        value = _at(body, endpoint.results.get(field.name, field.name))
        if value is not None:
            values[field.name] = _read(field, value, decimal=field.name in endpoint.decimal)
    absent = [field.name for field in fields if field.required and field.name not in values]
    if absent:
        names = ", ".join(f"`{name}`" for name in absent)
        raise AbsentOutputError(
            Failure.MISSING_DATA, f"{what}: the answer lacks {names}", certain=certain
        )
    problems = problems_with(values, fields)
    if problems:
        raise ConnectorError(
            Failure.MISSING_DATA, f"{what}: in the answer, {', '.join(problems)}", certain=certain
        )
    return values


def _plain(body: Any) -> dict[str, Any]:
    if isinstance(body, dict):
        return body
    return {"items": body} if isinstance(body, list) else {"value": body}


def _at(body: Any, place: str) -> Any:
    if place and not place.startswith("/"):
        return body.get(place) if isinstance(body, dict) else None
    try:
        return JsonPointer(place).resolve(body)
    except JsonPointerException:
        return None


def _read(field: DataField, value: Any, *, decimal: bool) -> Any:
    """Give a value as graphs write its type, where a system writes it in another way.

    Nothing is guessed: what does not fit is left for the check of types.
    """
    if decimal:
        amount = minor_units(value, field.currency)
        return value if amount is None else amount
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match field.type:
        case DataType.STRING if number:
            return json.dumps(value)
        case DataType.INTEGER | DataType.MONEY if isinstance(value, float) and value.is_integer():
            return int(value)
        case DataType.TIMESTAMP if isinstance(value, str):
            try:
                return datetime.fromisoformat(value).isoformat()
            except ValueError:
                return value
        case _:
            return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
