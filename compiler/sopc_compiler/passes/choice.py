"""Choice: a model's pick from a closed list, and the words of the passage that it may point at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sopc.graph import DataField, DataType
from sopc_compiler.llm.request import Reply, Request
from sopc_compiler.passes.locate import locate
from sopc_compiler.passes.scope import Value
from sopc_compiler.prompt import load_prompt

NONE, QUOTED, UNSTATED = "none", "quoted", "unstated"
_LONGEST = 2000
_MOST = 60
"""Values that are shown; what comes later is left out, for a small model's sake."""
_MAX_TOKENS = 120
_QUOTE = {"type": "string", "maxLength": 160}
_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen of the list, and with `quoted` the words that were copied."""

    name: str
    quote: str = ""


def choice_schema(names: Sequence[str], *, quotes: bool) -> Mapping[str, Any]:
    """Give the form of an answer: one of the names, and a quote where one is asked for."""
    properties: dict[str, Any] = {"choice": {"enum": list(names)}}
    if quotes:
        properties["quote"] = _QUOTE
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def ask_operation(step: str, passage: str, operations: Mapping[str, str | None]) -> Request:
    """Ask which operation does a step; `operations` are their descriptions by name."""
    kept = {name: says for name, says in operations.items() if name != NONE}
    shown = [f"{name}: {says}" if says else name for name, says in kept.items()]
    schema = choice_schema([*kept, NONE], quotes=False)
    return _request(step, "Which operation does this step?", [*shown, NONE], passage, schema)


def ask_input(
    step: str,
    passage: str,
    *,
    operation: str,
    name: str,
    wanted: DataField | None,
    values: Mapping[str, Value],
) -> Request:
    """Ask which of the values that fit an input of an operation is given, or quoted."""
    kept = {each: value for each, value in values.items() if each not in {QUOTED, UNSTATED}}
    kept = dict(list(kept.items())[:_MOST])
    shown = [f"{each} ({value.type})" for each, value in kept.items()]
    told = [wanted.type.value] if wanted else []
    told += [wanted.description] if wanted and wanted.description else []
    typed = f" ({', '.join(told)})" if told else ""
    asks = f"Which value is the input {name}{typed} of {operation}?"
    names = [*kept, QUOTED, UNSTATED] if literal_kind(wanted) else [*kept, UNSTATED]
    schema = choice_schema(names, quotes=True)
    return _request(step, asks, [*shown, *names[len(kept) :]], passage, schema)


def chosen(reply: Reply) -> Choice:
    """Give what a reply chose; an answer that was cut off or no JSON chose nothing."""
    if reply.finish != "stop" or not isinstance(reply.data, dict):
        return Choice(NONE)
    return Choice(str(reply.data.get("choice", NONE)), str(reply.data.get("quote", "")))


def literal_kind(wanted: DataField | None) -> bool:
    """Tell whether words of the prose can be the value of an input."""
    kinds = {DataType.STRING, DataType.INTEGER, DataType.NUMBER, DataType.ENUM, DataType.DATE}
    return wanted is None or wanted.type in kinds


def literal(quote: str, passage: str, wanted: DataField | None) -> str | int | float | None:
    """Find a quote in the passage, and give it as an input's type; None where it is no such value.

    What is given are the passage's own characters, never the model's.
    """
    place = locate(quote, passage)
    if place is None or not literal_kind(wanted):
        return None
    words = passage[place[0] : place[1]]
    kind = DataType.STRING if wanted is None else wanted.type
    found: str | int | float | None = words if kind is DataType.STRING else None
    if wanted is not None and kind is DataType.ENUM:
        same = (each for each in wanted.values if each.casefold() == words.casefold())
        found = next(same, None)
    elif kind is DataType.DATE and _DAY.fullmatch(words):
        found = words
    elif kind in {DataType.INTEGER, DataType.NUMBER} and _NUMBER.fullmatch(words):
        number = float(words.replace(",", ""))
        found = number if kind is DataType.NUMBER else None
        if kind is DataType.INTEGER and number.is_integer():
            found = int(number)
    return found


def _request(
    step: str, asks: str, choices: Sequence[str], passage: str, schema: Mapping[str, Any]
) -> Request:
    inputs = {
        "step": step,
        "asks": asks,
        "choices": "\n".join(choices),
        "passage": passage[:_LONGEST],
    }
    messages = load_prompt("bind").messages(inputs)
    return Request("bind", messages, schema, "choice", _MAX_TOKENS)
