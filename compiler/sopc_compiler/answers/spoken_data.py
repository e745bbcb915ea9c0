"""Short texts that people write into answers about data: inputs, fields, calls, limits.

Each function turns a text into the fields that the mapping form has, or raises a `ValueError` that
says what can be written.
"""

import json
import re
from collections.abc import Iterable

from sopc.graph.data import Argument, DataType
from sopc.graph.expression import check_expression
from sopc.graph.expression_syntax import parsed_expression

_CALL = re.compile(r"^(?P<operation>[^()]+?)\s*(?:\((?P<inputs>.*)\))?$", re.DOTALL)
_GIVEN = re.compile(r"^(?P<name>[a-z_][a-z0-9_]*)\s*=(?!=)\s*(?P<value>.+)$", re.DOTALL)
_FIELD = re.compile(
    r"^(?P<name>[a-z_][a-z0-9_]*) (?:(?P<list>list of) )?(?P<type>[a-z]+)(?:\((?P<values>[^)]*)\))?"
    r"(?: (?P<currency>[A-Z]{3}))?(?P<marks>(?: (?:optional|sensitive))*)$"
)
_EACH = re.compile(r"^(?P<name>[a-z_][a-z0-9_]*) in (?P<items>.+)$")
_LIMIT = re.compile(r"^(?P<limit>.+?)(?:,? else (?:ask )?(?P<ask>.+))?$", re.DOTALL)
_TYPES = ", ".join(f"`{each}`" for each in DataType if each not in {"list", "object", "enum"})
_OPENS, _CLOSES, _QUOTES = "([{", ")]}", "\"'"


def binding(text: str) -> dict[str, object]:
    """Read `create_record(name = client_name)`, an operation's name alone, or `none`."""
    words = text.strip()
    if words.casefold() == "none":
        return {"operation": None}
    call = _CALL.match(words)
    if call is None:
        raise ValueError(
            f"`{text}` is no call; write `create_record(name = client_name)` or `none`"
        )
    found: dict[str, object] = {"operation": call["operation"]}
    return found if call["inputs"] is None else found | {"inputs": arguments(call["inputs"])}


def arguments(text: str) -> dict[str, object]:
    """Read `name = client_name, stage = "won"`: literals, and expressions for the rest."""
    found: dict[str, object] = {}
    for part in fields(text):
        given = _GIVEN.match(part)
        if given is None:
            raise ValueError(f"`{part}` gives no input; write `name = client_name`")
        if given["name"] in found:
            raise ValueError(f"`{given['name']}` is given twice")
        found[given["name"]] = _value(given["value"])
    return found


def call(operation: str, given: Iterable[Argument]) -> str:
    """Write a call as `binding` reads it."""
    return f"{operation}({assigned(given)})"


def assigned(given: Iterable[Argument]) -> str:
    """Write inputs as `arguments` reads them."""
    shown = ((each.name, each.cel or json.dumps(each.value, ensure_ascii=False)) for each in given)
    return ", ".join(f"{name} = {value}" for name, value in shown)


def expression(text: str) -> str:
    """Read a CEL expression, whose syntax has to be right."""
    if parsed_expression(text) is None:
        found = check_expression(text, {})
        says = found[0].message if found else "it is none"
        raise ValueError(f"`{text}` is no CEL expression: {says}")
    return text


def field(text: str) -> dict[str, object]:
    """Read `fee money USD`, `note string optional`, `tier enum(a, b)`, `ids list of string`."""
    words = " ".join(text.split())
    said = _FIELD.match(words)
    if said is None or said["type"] not in set(DataType):
        raise ValueError(
            f"`{text}` is no field; write a name and a type, as `client_name string`: {_TYPES}, "
            "`enum(basic, plus)` or `list of string`"
        )
    found: dict[str, object] = {"name": said["name"], "type": said["type"]}
    if said["list"]:
        found |= {"type": "list", "items": said["type"]}
    if said["currency"]:
        found["currency"] = said["currency"]
    if said["values"]:
        found["values"] = [each.strip() for each in said["values"].split(",")]
    marks = said["marks"].split()
    if "optional" in marks:
        found["required"] = False
    if "sensitive" in marks:
        found["sensitive"] = True
    return found


def fields(text: str) -> list[str]:
    """Part a text at its commas, but for those in quotes and brackets."""
    parts, depth, quote, start = [], 0, "", 0
    for place, sign in enumerate(text):
        if quote:
            escaped = text[place - 1] == "\\" and text[place - 2] != "\\"
            quote = "" if sign == quote and not escaped else quote
        elif sign in _QUOTES:
            quote = sign
        elif sign in _OPENS + _CLOSES:
            depth += 1 if sign in _OPENS else -1
        elif sign == "," and not depth:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]


def for_each(text: str) -> dict[str, object]:
    """Read `client in clients`."""
    said = _EACH.match(" ".join(text.split()))
    if said is None:
        raise ValueError(f"`{text}` names no element of a list; write `client in clients`")
    return {"name": said["name"], "items": expression(said["items"])}


def guardrail(text: str) -> dict[str, object]:
    """Read `amount <= 50000, else finance manager`."""
    words = text.strip()
    said = _LIMIT.match(words)
    if said is None:
        raise ValueError("a guardrail is a CEL expression, as `amount <= 50000`")
    found: dict[str, object] = {"says": words, "limit": expression(said["limit"])}
    return found | ({"ask": said["ask"]} if said["ask"] else {})


def _value(text: str) -> object:
    """Read a literal as such, and anything else as an expression."""
    try:
        literal = json.loads(text, parse_constant=_no_literal)
    except ValueError:
        return {"cel": expression(text)}
    return literal if isinstance(literal, str | int | float | bool) else {"cel": expression(text)}


def _no_literal(text: str) -> object:
    raise ValueError(f"`{text}` is no literal")
