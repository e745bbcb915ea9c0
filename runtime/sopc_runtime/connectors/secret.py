"""Secrets: named in settings as `env:NAME`, read where they are used, and shown nowhere."""

import base64
import json
import os
from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import quote, quote_plus

from pydantic import GetCoreSchemaHandler, PlainValidator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError

_PREFIX = "env:"
MASK = "***"
"""What stands in messages where a secret stood."""


class Secret:
    """A secret by reference: it knows the variable's name, never its value.

    In a settings model, a field of this type takes `env:NAME` and refuses anything else.

    Attributes:
        variable: The environment variable that holds it.
    """

    __slots__ = ("variable",)

    def __init__(self, variable: str) -> None:
        self.variable = variable

    def reveal(self) -> str:
        """Give the secret itself, as the environment has it at this moment.

        Raises:
            ConnectorError: The variable is not set, or empty.
        """
        value = os.environ.get(self.variable, "")
        if not value:
            raise ConnectorError(
                Failure.REFUSED,
                f"environment variable `{self.variable}` is not set",
                hint="set it where sopc runs; the organization file only names it",
            )
        return value

    def __repr__(self) -> str:
        return f"{_PREFIX}{self.variable}"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.variable == self.variable

    def __hash__(self) -> int:
        return hash((Secret, self.variable))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _by_reference, serialization=core_schema.to_string_ser_schema()
        )


def _by_reference(value: object) -> Secret:
    if isinstance(value, Secret):
        return value
    if isinstance(value, str) and value.startswith(_PREFIX) and value != _PREFIX:
        return Secret(value.removeprefix(_PREFIX))
    # The value itself may be the secret, so the message leaves it out.
    raise PydanticCustomError("secret", "holds a secret in clear; write it as `env:NAME`")


def _in_clear_or_not(value: object) -> "Secret | str":
    if isinstance(value, str) and not value.startswith(_PREFIX) and value.strip():
        return value.strip()
    if isinstance(value, str) and value.startswith(_PREFIX):
        return _by_reference(value)
    raise PydanticCustomError("text", "is no text")


SecretOrText = Annotated[Secret | str, PlainValidator(_in_clear_or_not)]
"""A setting that may stand in clear, or by reference as a secret does."""


def revealed(value: str | Secret) -> str:
    """Give a setting that may stand in clear or by reference, as `SecretOrText`.

    Raises:
        ConnectorError: It refers to a variable that is not set.
    """
    return value.reveal() if isinstance(value, Secret) else value


def masked(text: str, secrets: Iterable[Secret], *, also: Iterable[str] = ()) -> str:
    """Give a text without secrets, in whatever form of encoding they may stand in it.

    `also` holds what else must not be shown, as a token that a secret was traded for.
    """
    for form in _forms(secrets, also):
        text = text.replace(form, MASK)
    return text


def masked_values(value: Any, secrets: Iterable[Secret], *, also: Iterable[str] = ()) -> Any:
    """Give a value of JSON without secrets, in keys and values alike."""
    forms = _forms(secrets, also)
    return _without(value, forms) if forms else value


def _without(value: Any, forms: list[str]) -> Any:
    if isinstance(value, str):
        for form in forms:
            value = value.replace(form, MASK)
        return value
    if isinstance(value, dict):
        return {_without(key, forms): _without(each, forms) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without(each, forms) for each in value]
    return value


def _forms(secrets: Iterable[Secret], also: Iterable[str]) -> list[str]:
    """Give how secrets may be written, the longest first, as one may be a part of another."""
    forms: set[str] = set()
    values = {os.environ.get(secret.variable, "") for secret in secrets}
    # Line breaks around a secret are not sent.
    values |= set(also)
    for value in (values | {each.strip() for each in values}) - {""}:
        content = value.encode(errors="surrogateescape")
        forms |= {value, quote(content, safe=""), quote_plus(content), json.dumps(value)[1:-1]}
        forms.add(base64.b64encode(content).decode())
    return sorted(forms, key=lambda form: (-len(form), form))
