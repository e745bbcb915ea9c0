"""The baseline: one request for all facts of a whole document, with the same model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from facts import LINE_END, Fact
from jinja2 import Environment, StrictUndefined
from pydantic_core import from_json
from score import TYPES

from sopc_compiler.llm import Gateway, Message, Request
from sopc_compiler.passes.locate import locate
from sopc_compiler.read.document import Document

_MAX_TOKENS = 1200
"""About a minute and a half of the embedded model on two cores; a small model loops beyond."""


def one_request(document: Document, gateway: Gateway) -> list[Fact]:
    """Ask for everything at once; each quote is looked up in the document, as sopc does."""
    quotes = {"type": "array", "items": {"type": "string"}}
    schema = {
        "type": "object",
        "properties": dict.fromkeys(TYPES, quotes),
        "required": list(TYPES),
        "additionalProperties": False,
    }
    request = Request("baseline", _messages(document), schema, "all_facts", _MAX_TOKENS)
    (reply,) = gateway.ask([request])
    return _located(document, _parsed(reply.raw))


def _messages(document: Document) -> tuple[Message, ...]:
    source = Path(__file__).with_name("one-request.j2").read_text(encoding="utf-8")
    _, system, user = source.replace("--- system\n", "\0").replace("--- user\n", "\0").split("\0")
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - no page
    shown = environment.from_string(user).render(document=document.text)
    return Message("system", system.strip()), Message("user", shown.strip())


def _parsed(raw: str) -> dict[str, Sequence[Any]]:
    """Take what an answer holds, even one that was cut off."""
    try:
        data = from_json(raw, allow_partial=True)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _located(document: Document, data: dict[str, Sequence[Any]]) -> list[Fact]:
    found: list[Fact] = []
    for kind in TYPES:
        taken: tuple[tuple[int, int], ...] = ()
        for quote in data.get(kind) or ():
            place = locate(quote, document.text, taken) if isinstance(quote, str) else None
            if place is not None:
                taken = (*taken, place[:2])
                line = document.position(place[0]).line
                words = LINE_END.split(document.text[place[0] : place[1]])[0].strip()
                found.append({"type": kind, "line": line, "quote": words})
    return found
