"""Where the fields that answers speak of are in a graph."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """A step or trigger of a procedure by their ids; without `node`, the procedure itself."""

    procedure: str
    node: str | None = None


@dataclass(frozen=True)
class Anchors:
    """What the passages of a document became.

    Attributes:
        passages: The words of every passage by its hash.
        places: By passage hash and `step N`, `trigger N` or `procedure`, counted inside of the
            passage from 1: the places in the graph. The same words standing twice have two.
    """

    passages: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[tuple[str, str], tuple[Place, ...]] = field(default_factory=dict)

    def subjects(self) -> dict[Place, tuple[str, str]]:
        """Give the passage hash and the `step N`, `trigger N` or `procedure` of each place."""
        found: dict[Place, tuple[str, str]] = {}
        for key, places in self.places.items():
            for place in places:
                found.setdefault(place, key)
        return found
