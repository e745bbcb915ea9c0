"""The prose behind a graph, as far as it can be read."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sopc.graph import Source

ProseText = Callable[[Source], str | None]
"""Gives the text that citations count in; None where it cannot be had."""

_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Prose:
    """What is known of a graph's source file.

    Attributes:
        path: The file, as it is shown to people.
        sha256: Of its bytes; None where it could not be read.
        text: What citations count in; None where it cannot be had, or has changed since.
        problem: Why it could not be read, "" if it could.
    """

    path: str
    sha256: str | None
    text: str | None
    problem: str = ""


def read_prose(source: Source, folder: Path, text_of: ProseText) -> Prose:
    """Read the prose of a graph that stands in `folder`; `text_of` is asked if it is unchanged."""
    path = folder / source.path
    shown = path.as_posix()
    try:
        if not path.is_file():
            return Prose(shown, None, None, "there is no such file")
        if path.stat().st_size > _LARGEST:
            return Prose(shown, None, None, f"it is larger than {_LARGEST // 2**20} MB")
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Prose(shown, None, None, reason.lower())
    if sha256 != source.sha256:
        return Prose(shown, sha256, None)
    text = text_of(source)
    problem = "" if text is not None else f"no reader for `{source.media_type}` is installed"
    return Prose(shown, sha256, text, problem)


def unsaved_prose(source: Source, folder: Path, text: str) -> Prose:
    """Take the prose of a graph from an editor, whatever is on the disk."""
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    shown = (folder / source.path).as_posix()
    return Prose(shown, sha256, text if sha256 == source.sha256 else None)
