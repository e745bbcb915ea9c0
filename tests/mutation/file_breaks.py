"""Breaks of the file itself and its source: family 0."""

from collections.abc import Iterator

from mutation.breaks import Break, breaks, having
from mutation.precise import Data
from sopc.diagnostics import Prose
from sopc.organization import Organization


@breaks("stale-graph")
def change_the_prose(data: Data, organization: Organization) -> Iterator[Break]:
    if "source" in data:
        yield Break("source", having(data, ("source",), sha256="0" * 64))


@breaks("unreadable-source")
def lose_the_prose(data: Data, organization: Organization) -> Iterator[Break]:
    if "source" in data:
        lost = Prose("lost.md", None, None, "there is no such file")
        yield Break("source", having(data, ("source",), path="lost.md"), prose=lost)
