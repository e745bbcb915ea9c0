"""How an endpoint wants to be asked, learned from what it refuses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sopc_compiler.llm.request import Request

Level = Literal["grammar", "schema", "json", "prompt"]
# As `json.dumps` writes it. A small model answers as well as with its own indentation, for three
# quarters of the tokens; without any space, it takes other words.
_SPACING = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
_LEVELS: tuple[Level, ...] = ("grammar", "schema", "json", "prompt")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The parameters of a chat completion that differ between endpoints.

    Attributes:
        level: How the answer's form is asked for. `grammar` is llama.cpp's: the schema on one
            line, which the other levels cannot ask for; `schema` is a structured output; `json`
            any JSON object, with the schema in the prompt; `prompt` leaves all to the prompt.
        tokens_field: The name of the limit on the answer's length.
        sampling: Whether temperature and seed may be set.
    """

    level: Level
    tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    sampling: bool = True

    def parameters(self, request: Request, *, temperature: float, seed: int) -> dict[str, Any]:
        """The body of the request but for the model's name."""
        messages = [{"role": m.role, "content": m.content} for m in request.messages]
        body: dict[str, Any] = {self.tokens_field: request.max_tokens}
        if self.sampling:
            body |= {"temperature": temperature, "seed": seed}
        if self.level == "grammar":
            schema = {**request.schema, "x-guidance": _SPACING}
            grammar = f"%llguidance {{}}\nstart: %json {_compact(schema)}"
            body["extra_body"] = {"grammar": grammar}
        elif self.level == "schema":
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {
                    "name": request.schema_name,
                    "strict": _is_strict(request.schema),
                    "schema": request.schema,
                },
            }
        else:
            order = (
                "\n\nAnswer with one JSON object that fits this JSON Schema, and nothing else:\n"
                + _compact(request.schema)
            )
            messages[0] = {**messages[0], "content": messages[0]["content"] + order}
            if self.level == "json":
                body["response_format"] = {"type": "json_object"}
        return body | {"messages": messages}

    def after_refusal(self, text: str, *, fixed_level: bool) -> "Dialect | None":
        """What to try after a refusal (HTTP 400 or 422) that says `text`; None: it is final."""
        text = text.lower()
        if self.tokens_field in text and "max_completion_tokens" in text:
            other: Literal["max_tokens", "max_completion_tokens"] = "max_completion_tokens"
            return None if self.tokens_field == other else replace(self, tokens_field=other)
        if self.sampling and ("temperature" in text or "'seed'" in text):
            return replace(self, sampling=False)
        form = ("response_format", "json_schema", "json_object", "grammar", "structured", "schema")
        next_levels = _LEVELS[_LEVELS.index(self.level) + 1 :]
        if not fixed_level and next_levels and any(word in text for word in form):
            return replace(self, level=next_levels[0])
        return None


def _compact(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))


def _is_strict(node: Any) -> bool:
    """Whether every object names all its properties as required, as strict outputs demand."""
    if isinstance(node, list):
        return all(_is_strict(item) for item in node)
    if not isinstance(node, dict):
        return True
    if "properties" in node and set(node["properties"]) - set(node.get("required", ())):
        return False
    return all(_is_strict(item) for item in node.values())
