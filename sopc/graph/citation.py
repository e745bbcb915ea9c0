"""Where a fact stands: in the prose, or in somebody's answer."""

from enum import StrEnum
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from sopc.graph.base import GraphRecord, Slug, Words


class Match(StrEnum):
    """How a quote was found in the prose.

    `exact`: the very characters. `partial`: all its words in order, with marks, case or line
    breaks between them. `fuzzy`: nearly its words. `none`: not found; the compiler never
    writes it, and a file that holds it is a finding.
    """

    EXACT = "exact"
    PARTIAL = "partial"
    FUZZY = "fuzzy"
    NONE = "none"


class ProseCitation(GraphRecord):
    """A stretch of the source document, 1-based, counted in code points.

    `quote` is the source at that place, verbatim but for line breaks, which read as one space.
    """

    line: Annotated[int, Field(ge=1)]
    column: Annotated[int, Field(ge=1)]
    length: Annotated[int, Field(ge=1)]
    match: Match = Match.EXACT
    quote: Words


class AnswerCitation(GraphRecord):
    """An entry of the answers file, for what a person stated instead of the prose."""

    answer: Slug
    by: Words | None = None


# The tags are in words that are no field's name, so that an error's place can be told apart.
_PROSE, _ANSWER = "citation of prose", "citation of an answer"


def _kind(value: object) -> str:
    answer = "answer" in value if isinstance(value, dict) else isinstance(value, AnswerCitation)
    return _ANSWER if answer else _PROSE


Citation = Annotated[
    Annotated[ProseCitation, Tag(_PROSE)] | Annotated[AnswerCitation, Tag(_ANSWER)],
    Discriminator(_kind),
]
"""Where a fact stands, told apart by whether it holds `answer` or a place in the prose."""
