"""Tools of MCP servers as operations, and their results as values."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mcp_types import CallToolResult, TextContent, Tool
from pydantic import ValidationError

from sopc.graph import DataField
from sopc.organization import Operation
from sopc_runtime.connectors.http.schema import Schemas, name_of, words

WHOLE = "result"
"""What a result is called that is no object."""


@dataclass(frozen=True)
class KnownTool:
    """A tool, with the names that graphs have for what it takes."""

    tool: Tool

    @cached_property
    def operation(self) -> Operation:
        """The tool as an operation; what it does to the world, as far as its hints say."""
        hints = self.tool.annotations
        return Operation(
            name=self.tool.name,
            description=words(self.tool.description),
            inputs=_fields(self.tool.input_schema),
            outputs=tuple(
                each
                for each in _fields(self.tool.output_schema or {})
                if isinstance(each, DataField)
            ),
            effect=self._effect(),
            idempotent=self.reads or (hints is not None and hints.idempotent_hint is True),
        )

    @property
    def reads(self) -> bool:
        """Whether it says that it changes nothing."""
        hints = self.tool.annotations
        return hints is not None and hints.read_only_hint is True

    def _effect(self) -> Any:
        if self.reads:
            return "read"
        hints = self.tool.annotations
        if hints is None or hints.destructive_hint is None:
            return None
        return "delete" if hints.destructive_hint else "write"

    @cached_property
    def names(self) -> dict[str, str]:
        """What the tool calls each input, by the name in graphs."""
        found = _schemas(self.tool.input_schema).properties(self.tool.input_schema)
        return {name_of(name): name for name in found}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The inputs, by their names in graphs, without which it cannot be called."""
        found = _schemas(self.tool.input_schema).properties(self.tool.input_schema)
        return tuple(
            name_of(name)
            for name, (schema, required) in found.items()
            if required and not (isinstance(schema, dict) and "default" in schema)
        )

    def arguments(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Give inputs under the tool's own names; nulls are left out where it can do without."""
        return {
            self.names.get(name, name): value for name, value in inputs.items() if value is not None
        }


def values_of(result: CallToolResult, outputs: tuple[DataField, ...]) -> dict[str, Any]:
    """Give what a tool gave back, by the names of outputs where they are stated.

    An object's keys are values; anything else is `result`, or the only output that is stated.
    """
    content = result.structured_content
    if content is None:
        content = _read(texts_of(result))
    if content is None:
        return {}
    if not isinstance(content, dict):
        content = {WHOLE: content}
    if list(content) == [WHOLE] and len(outputs) == 1 and outputs[0].name != WHOLE:
        inside = content[WHOLE]
        named = isinstance(inside, dict) and outputs[0].name in inside
        content = inside if named else {outputs[0].name: inside}
    return {name_of(name): value for name, value in content.items()}


def texts_of(result: CallToolResult) -> str:
    """Give the texts of a result."""
    texts = (part.text for part in result.content if isinstance(part, TextContent))
    return "\n".join(texts).strip()


def _read(text: str) -> Any:
    if not text:
        return None
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return text


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _schemas(schema: dict[str, Any]) -> Schemas:
    return Schemas(schema, "tool")


def _fields(schema: dict[str, Any]) -> tuple[DataField | str, ...]:
    """Give the typed values of an object's schema; of those that no type fits, the names."""
    schemas = _schemas(schema)
    found: list[DataField | str] = []
    for name, (each, required) in schemas.properties(schema).items():
        try:
            typed = schemas.field(name_of(name), each, required=required)
        except ValidationError:
            typed = None
        found.append(typed or name_of(name))
    return tuple(found)
