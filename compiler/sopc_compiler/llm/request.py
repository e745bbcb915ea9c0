"""What is asked of a model and what it answers."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Finish = Literal["stop", "length", "invalid"]


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Request:
    """One narrow question whose answer must fit a JSON Schema.

    Put what many requests share into the first message, and the passage last: the server keeps the
    common prefix, so that only the rest costs time.

    Attributes:
        purpose: The pass that asks; progress is shown by purpose.
        messages: The conversation, the shared instructions first.
        schema: JSON Schema (an object at the root) of the answer; the order of its properties is
            the order in which the model writes them.
        schema_name: Letters, digits, `_` and `-` only.
        max_tokens: Most tokens the answer may have; a longer one has `Reply.finish == "length"`.
    """

    purpose: str
    messages: tuple[Message, ...]
    schema: Mapping[str, Any]
    schema_name: str
    max_tokens: int

    def key(self, *, model: str, temperature: float, seed: int) -> str:
        """Content address of the answer: hexadecimal SHA-256 of all that can change it."""
        material = [
            "sopc-reply-1",
            model,
            [[message.role, message.content] for message in self.messages],
            self.schema,  # unsorted: the order of properties changes what a model writes
            self.max_tokens,
            {"temperature": temperature, "seed": seed},
        ]
        text = json.dumps(material, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer.

    Attributes:
        data: The parsed JSON, which fits the request's schema; None unless `finish` is `stop`.
        raw: The text as the model wrote it.
        prompt_tokens: Tokens read, a repair included.
        completion_tokens: Tokens written, a repair included.
        cached: Whether it came from the cache, without a call.
        finish: `stop`; `length` if it was cut off at `max_tokens`; `invalid` if it did not fit the
            schema even after one repair.
    """

    data: Any
    raw: str
    prompt_tokens: int
    completion_tokens: int
    cached: bool
    finish: Finish
