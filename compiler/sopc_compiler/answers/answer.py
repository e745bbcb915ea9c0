"""People's answers and corrections, as the answers file holds them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, field_validator, model_validator

from sopc.graph.base import GraphRecord, Slug, Words
from sopc.graph.provenance import ShortHash
from sopc_compiler.answers.field import FIELD_PATTERN, answer_field

ANSWERS_FORMAT: Literal[1] = 1
"""The version of the answers file that this release writes."""


class Answer(GraphRecord):
    """What a person says about one field of what a passage became.

    `passage` is the hash of the passage, which stays when it moves; `words` are its words then,
    for people. `unstated: true` instead of a `value` accepts that nobody states it.
    """

    id: Slug
    passage: ShortHash
    words: Words | None = None
    field: Annotated[str, Field(json_schema_extra={"pattern": FIELD_PATTERN})]
    value: Any = None
    unstated: bool = False
    by: Words | None = None
    at: AwareDatetime | None = None
    note: Words | None = None

    @field_validator("field")
    @classmethod
    def _known_field(cls, words: str) -> str:
        answer_field(words)
        return " ".join(words.split())

    @model_validator(mode="after")
    def _value_or_unstated(self) -> "Answer":
        if (self.value is None) != self.unstated:
            raise ValueError("an answer needs either a `value` or `unstated: true`")
        return self


class AnswersFile(GraphRecord):
    """The content of `NAME.answers.yaml`."""

    format: Literal[1] = ANSWERS_FORMAT
    answers: tuple[Answer, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> "AnswersFile":
        ids: set[str] = set()
        keys: dict[tuple[str, str], str] = {}
        for answer in self.answers:
            if answer.id in ids:
                raise ValueError(f"two answers have the id `{answer.id}`; rename one")
            ids.add(answer.id)
            other = keys.setdefault((answer.passage, answer.field), answer.id)
            if other != answer.id:
                raise ValueError(
                    f"answers `{other}` and `{answer.id}` are both about `{answer.field}` of one "
                    "passage; remove one"
                )
        return self


@dataclass(frozen=True)
class Answers:
    """All answers for one document, and the file they are from, for messages."""

    entries: tuple[Answer, ...] = ()
    path: Path | None = None
