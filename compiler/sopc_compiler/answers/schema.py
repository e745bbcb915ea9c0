"""The JSON Schema of the answers file: what each field's value may be."""

from typing import Any

from sopc_compiler.answers.answer import AnswersFile
from sopc_compiler.answers.field import NAMES, Subject, grammar
from sopc_compiler.answers.value import value_schema


def answers_schema() -> dict[str, Any]:
    """Return the schema: the records, and for each field a case with its values."""
    made = AnswersFile.model_json_schema()
    definitions: dict[str, Any] = made["$defs"]
    answer = definitions["Answer"]
    answer["anyOf"] = [
        {"required": ["value"]},
        {"required": ["unstated"], "properties": {"unstated": {"const": True}}},
    ]
    answer["allOf"] = [
        _case(pattern, name, definitions)
        for subject, names in NAMES.items()
        for pattern, name in _fields(subject, names)
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "sopc answers file",
    }


def _fields(subject: Subject, names: tuple[str, ...]) -> list[tuple[str, str]]:
    number = "" if subject == "procedure" else " [1-9][0-9]*"
    found = [(f"^{subject}{number} {name}$", grammar(subject, name)) for name in names]
    return (
        [*found, ("^step [1-9][0-9]* when [1-9][0-9]* cel$", "when")]
        if subject == "step"
        else found
    )


def _case(pattern: str, name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    value = value_schema(name)
    definitions.update(value.pop("$defs", {}))
    return {
        "if": {"required": ["field", "value"], "properties": {"field": {"pattern": pattern}}},
        "then": {"properties": {"value": value}},
    }
