"""Prompts: Jinja templates that hold one chat message a part.

A template opens with a comment (purpose, inputs, output, version). Lines `--- system`, `--- user`
and `--- assistant` begin its messages. Messages are told apart before anything is filled in, so
that no text of a document can pass for one.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from jinja2 import Environment, StrictUndefined, Template

from sopc_compiler.llm.request import Message

_PART = re.compile(r"^--- (system|user|assistant)\n", re.MULTILINE)
_Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: its messages as templates, and the hash of its source (12 hex digits)."""

    name: str
    parts: tuple[tuple[_Role, Template], ...]
    hash: str

    def messages(self, inputs: Mapping[str, str]) -> tuple[Message, ...]:
        """Fill in the inputs; one that is missing is an error of the program."""
        return tuple(Message(role, part.render(inputs)) for role, part in self.parts)


@cache
def load_prompt(name: str) -> Prompt:
    """Load `prompts/NAME.j2`: the packaged copy if there is one, else the checkout's."""
    source = (_folder() / f"{name}.j2").read_text(encoding="utf-8")
    # the output is JSON and plain text for a model, never a page
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701
    pieces = _PART.split(source)[1:]
    parts = tuple(
        (cast("_Role", role), environment.from_string(text.strip("\n")))
        for role, text in zip(pieces[::2], pieces[1::2], strict=True)
    )
    return Prompt(name, parts, hashlib.sha256(source.encode()).hexdigest()[:12])


def _folder() -> Path:
    packaged = Path(__file__).with_name("prompts")
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "prompts"
