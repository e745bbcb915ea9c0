"""Why a run cannot be moved, and when two parts of graphs say the same."""

from dataclasses import dataclass

from sopc.graph.base import GraphRecord

_CITES = frozenset({"cite", "citations", "by_cite", "to_cite"})


@dataclass(frozen=True, slots=True, order=True)
class Obstacle:
    """One reason why a run cannot be moved.

    Attributes:
        step: The step's id; empty for the procedure as a whole.
        field: The field of the graph.
        says: Why, as a sentence.
    """

    step: str
    field: str
    says: str

    def __str__(self) -> str:
        place = f"step `{self.step}`, `{self.field}`" if self.step else f"`{self.field}`"
        return f"{place}: {self.says}"


def bare(value: object) -> object:
    """Give a part of a graph without the places that it was read from."""
    if isinstance(value, GraphRecord):
        names = type(value).model_fields.keys() - _CITES
        return {name: bare(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return tuple(bare(each) for each in value)
    return value
