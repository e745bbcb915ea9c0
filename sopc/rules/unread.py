"""Files that could not be read as what they should be."""

from dataclasses import dataclass
from enum import StrEnum

from sopc.graph.problem import Problem


class FileKind(StrEnum):
    """What a file should be."""

    GRAPH = "graph"
    ORGANIZATION = "organization"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that could not be read, and why.

    Attributes:
        path: The file, as it is shown to people.
        kind: What it should be.
        problems: What is wrong, with its places.
        unknown_format: Whether it is of a format that this release does not know.
    """

    path: str
    kind: FileKind
    problems: tuple[Problem, ...]
    unknown_format: bool = False
