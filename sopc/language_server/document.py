"""The files that an editor has open, and the paths behind its URIs."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sopc.checking.graph_files import ENDING
from sopc.graph.document import with_plain_line_ends
from sopc.organization.file import FILE_NAME as ORGANIZATION
from sopc.settings import FILE_NAME as SETTINGS


class Kind(Enum):
    """What a file is to sopc, told by its name."""

    GRAPH = auto()
    ORGANIZATION = auto()
    SETTINGS = auto()
    PROSE = auto()


@dataclass(frozen=True, slots=True)
class Document:
    """A file as the editor shows it.

    Attributes:
        uri: What the editor calls it.
        path: Where it is, absolute.
        text: What stands in it, saved or not.
        version: Grows with each change.
    """

    uri: str
    path: Path
    text: str
    version: int | None = None

    @property
    def kind(self) -> Kind:
        """Tell what it is by its name; whatever is nothing else may be prose."""
        return kind_of(self.path)


class Documents:
    """All open files."""

    def __init__(self) -> None:
        self._open: dict[Path, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(self._open.values())

    def put(self, document: Document) -> None:
        """Open a file, or change its text."""
        self._open[identity(document.path)] = document

    def drop(self, path: Path) -> None:
        """Close a file."""
        self._open.pop(identity(path), None)

    def at(self, path: Path) -> Document | None:
        """Give the open file at a path; None if it is not open."""
        return self._open.get(identity(path))

    def texts(self) -> Mapping[Path, str]:
        """Give all texts as they are now, by the identity of their file."""
        return {path: document.text for path, document in self._open.items()}

    def uri(self, path: Path) -> str:
        """Give what the editor calls a file."""
        document = self.at(path)
        return document.uri if document else path.as_uri()


def kind_of(path: Path) -> Kind:
    """Tell what a file is by its name."""
    if path.name.endswith(ENDING):
        return Kind.GRAPH
    return {ORGANIZATION: Kind.ORGANIZATION, SETTINGS: Kind.SETTINGS}.get(path.name, Kind.PROSE)


def graph_beside(prose: Path) -> Path:
    """Give the graph file that `sopc compile` makes of prose."""
    return prose.with_name(prose.stem + ENDING)


def identity(path: Path) -> Path:
    """Give what is the same for all paths to one file."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # no path at all, or links in a circle
        return path


def path_of(uri: str) -> Path | None:
    """Give the path behind a URI; None if it is no file's."""
    try:
        parts = urlsplit(uri)
        where = url2pathname(parts.path)
    except (OSError, ValueError):
        return None
    if parts.scheme != "file" or "\0" in where or not os.path.isabs(where):  # noqa: PTH117 # no Path yet
        return None
    path = Path(os.path.normpath(where))
    return path if path.name else None


def unsaved(texts: Mapping[Path, str]) -> Mapping[Path, str]:
    """Leave out the texts that stand so on the disk, but for line ends and byte order marks."""
    return {path: text for path, text in texts.items() if not _stands(path, text)}


def _stands(path: Path, text: str) -> bool:
    try:
        saved = path.read_bytes().decode()
    except (OSError, ValueError):
        return False
    return with_plain_line_ends(saved) == with_plain_line_ends(text)
