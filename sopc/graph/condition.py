"""Conditions: what decides whether something is done."""

from sopc.graph.base import Cel, GraphRecord, Words
from sopc.graph.citation import Citation


class Condition(GraphRecord):
    """A condition in the prose's words and, where it could be made exact, as CEL.

    Without `cel` a person decides whether it holds. `says` keeps "unless" and its like;
    `cel` is already negated accordingly, so that it is true when the thing is to be done.
    """

    says: Words
    cel: Cel | None = None
    cite: Citation | None = None
