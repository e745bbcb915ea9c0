"""Open questions: what the prose leaves unstated and a person should say."""

from sopc.graph.base import GraphRecord, Slug, Words
from sopc.graph.citation import Citation
from sopc.graph.provenance import ShortHash


class Question(GraphRecord):
    """A gap, asked about in words that an ops writer can answer.

    `about` is the graph's place in words of its ids, as `steps.send-welcome-email.system`.
    `passage` and `field` are the key under which the answers file holds the answer: the hash of
    the passage, and the field inside what that passage became, as `step 1 system`.
    `options` are the names to choose from, where they are known.
    """

    id: Slug
    about: Words
    asks: Words
    passage: ShortHash
    field: Words
    options: tuple[Words, ...] = ()
    cite: Citation | None = None
