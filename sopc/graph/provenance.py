"""Where a graph comes from, and who vouches for it."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from sopc.graph.base import GraphRecord, Key, Slug, Words

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ShortHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class Source(GraphRecord):
    """The prose: its path, relative to the graph file, and the SHA-256 of its bytes."""

    path: Words
    sha256: Sha256
    media_type: Words = "text/markdown"


class Made(GraphRecord):
    """How the graph was made: the program, the model, and the prompts by name and hash."""

    sopc: Words
    model: Words | None = None
    prompts: dict[Key, ShortHash] = Field(default_factory=dict)


class SignOff(GraphRecord):
    """A person's signature under the graph as it was: `graph` is the hash of what was signed."""

    by: Words
    role: Words | None = None
    at: AwareDatetime
    graph: Sha256
    note: Words | None = None


class SourcePassage(GraphRecord):
    """A passage of the prose, so that coverage can be told without reading the prose again.

    `instructs` marks one that tells somebody to do something; `hash` is of its kind and words,
    and stays the same when the passage moves. `left_out` is the answer by which a person took out
    of the graph all that the passage became.
    """

    line: Annotated[int, Field(ge=1)]
    column: Annotated[int, Field(ge=1)]
    length: Annotated[int, Field(ge=1)]
    kind: Literal["heading", "paragraph", "item", "row", "code"]
    hash: ShortHash
    instructs: bool = False
    left_out: Slug | None = None
