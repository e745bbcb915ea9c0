"""Extract: what a model quotes from each passage, every quote found in it by the program.

One narrow request a passage. A quote that does not stand in its passage is refused and asked for
again once, with the refused words named; what is still not there is left unstated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sopc.graph import Match
from sopc_compiler.fact import Span
from sopc_compiler.llm.gateway import Gateway
from sopc_compiler.llm.request import Message, Reply, Request
from sopc_compiler.passes.locate import locate
from sopc_compiler.passes.parse import ParsedPassage
from sopc_compiler.prompt import load_prompt
from sopc_compiler.read.document import Document

_QUOTES = {"type": "array", "maxItems": 8, "items": {"type": "string", "maxLength": 160}}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"do": _QUOTES, "people": _QUOTES, "tools": _QUOTES},
    "required": ["do", "people", "tools"],
    "additionalProperties": False,
}
"""What a model answers about a passage: quotes, and nothing but quotes."""
_MAX_TOKENS = 400
_LONGEST = 2000
"""Characters of a passage that are shown; a longer one is cut, for a small model's sake."""
_LONGEST_LEAD = 200
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote that stands in its passage."""

    span: Span
    match: Match


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a model quoted from one passage."""

    acts: tuple[Quote, ...] = ()
    people: tuple[Quote, ...] = ()
    tools: tuple[Quote, ...] = ()


def extract(
    document: Document, parsed: Sequence[ParsedPassage], gateway: Gateway
) -> dict[int, Extracted]:
    """Ask about every passage that may instruct; give what was quoted, by the passage's index.

    A passage whose answer was cut off or no JSON is left out, as if it had not been asked about.
    """
    asked = [item for item in parsed if _is_asked(item)]
    requests = [_request(document, item) for item in asked]
    replies = gateway.ask(requests)
    found = {
        item.passage.index: _located(item, reply)
        for item, reply in zip(asked, replies, strict=True)
        if reply.finish == "stop"
    }
    refused = [
        (item, request, reply, missing)
        for item, request, reply in zip(asked, requests, replies, strict=True)
        if (missing := _missing(item, reply, _shown(document, item)))
    ]
    again = gateway.ask(
        [_repeated(request, reply, missing) for _, request, reply, missing in refused]
    )
    for (item, _, _, _), reply in zip(refused, again, strict=True):
        found[item.passage.index] = _joined(found[item.passage.index], _located(item, reply))
    return found


def prompt_hashes() -> dict[str, str]:
    """Give the hashes of the prompts in use, for the graph's provenance."""
    return {"extract": load_prompt("extract").hash}


def _is_asked(item: ParsedPassage) -> bool:
    if item.passage.kind in {"heading", "code"} or item.informs:
        return False
    return len(item.text.split()) >= _FEWEST_WORDS


def _request(document: Document, item: ParsedPassage) -> Request:
    section, lead = _around(document, item)
    inputs = {"section": section or "(none)", "lead": lead, "passage": item.text[:_LONGEST]}
    messages = load_prompt("extract").messages(inputs)
    return Request("extract", messages, SCHEMA, "facts", _MAX_TOKENS)


def _around(document: Document, item: ParsedPassage) -> tuple[str, str]:
    """Give the headings above a passage and what leads in to it."""
    headings = [document.passages[index].text for index in item.passage.headings]
    parent = item.passage.parent
    lead = "" if parent is None else document.passages[parent].text
    return " > ".join(headings[-2:]), lead[:_LONGEST_LEAD]


def _shown(document: Document, item: ParsedPassage) -> str:
    return " | ".join(_around(document, item))


def _quotes(reply: Reply, name: str) -> list[str]:
    if reply.finish != "stop" or not isinstance(reply.data, dict):
        return []
    return list(dict.fromkeys(reply.data.get(name, [])))


def _missing(item: ParsedPassage, reply: Reply, around: str) -> list[str]:
    """List the quotes that stand nowhere in what was shown.

    Those that stand in the headings or the lead are no inventions; they are just not the passage's.
    """
    quotes = [quote for name in ("do", "people", "tools") for quote in _quotes(reply, name)]
    texts = (item.text, around)
    return [quote for quote in quotes if all(locate(quote, text) is None for text in texts)]


def _repeated(request: Request, reply: Reply, missing: Sequence[str]) -> Request:
    """Ask again, naming the words that do not stand in the passage."""
    listed = ", ".join(f'"{quote}"' for quote in missing)
    complaint = (
        f"These words are not in the passage: {listed}. Answer again with words copied from it."
    )
    messages = (*request.messages, Message("assistant", reply.raw), Message("user", complaint))
    return Request(
        "extract again", messages, request.schema, request.schema_name, request.max_tokens
    )


def _located(item: ParsedPassage, reply: Reply) -> Extracted:
    def places(name: str) -> tuple[Quote, ...]:
        taken: tuple[tuple[int, int], ...] = ()
        found = []
        for quote in _quotes(reply, name):
            place = locate(quote, item.text, taken)
            if place is not None:
                taken = (*taken, place[:2])
                found.append(Quote(Span(item.passage.index, *place[:2]), place[2]))
        return tuple(found)

    return Extracted(places("do"), places("people"), places("tools"))


def _joined(first: Extracted, second: Extracted) -> Extracted:
    def both(one: tuple[Quote, ...], other: tuple[Quote, ...]) -> tuple[Quote, ...]:
        new = [quote for quote in other if not any(_overlap(quote.span, old.span) for old in one)]
        return (*one, *new)

    return Extracted(
        both(first.acts, second.acts),
        both(first.people, second.people),
        both(first.tools, second.tools),
    )


def _overlap(one: Span, other: Span) -> bool:
    return one.passage == other.passage and one.start < other.end and other.start < one.end
