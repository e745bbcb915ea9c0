"""What is known of one file after a look at it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sopc.checking import CheckOptions, CheckRun
from sopc.checking.fixing import mended_text
from sopc.checking.settings import loads_settings
from sopc.diagnostics import Finding
from sopc.errors import UsageError
from sopc.graph.document import with_plain_line_ends
from sopc.graph.file import LIMIT_BYTES, LoadedGraph, load_graph, loads_graph
from sopc.graph.problem import GraphFileError, Problem, UnknownFormatError
from sopc.language_server.document import Kind, identity, kind_of, unsaved
from sopc.organization import loads_organization
from sopc.rules import unread_findings
from sopc.rules.unread import FileKind, UnreadFile


@dataclass(frozen=True)
class View:
    """One file as it was when it was looked at.

    Attributes:
        path: The file: a graph, an organization file, settings.
        loaded: The graph; None if the file is none, or cannot be read as one.
        findings: What there is to say, with paths as they were given.
        texts: The texts that findings and citations point into, by absolute path.
        prose: The prose that the graph was compiled from, wherever there is a file.
        shown: The file as people are told of it.
        unsaved: What the editor held of all files that was not on the disk.
    """

    path: Path
    loaded: LoadedGraph | None = None
    findings: tuple[Finding, ...] = ()
    texts: Mapping[Path, str] = field(default_factory=dict)
    prose: Path | None = None
    shown: Path = Path()
    unsaved: Mapping[Path, str] = field(default_factory=dict)

    @property
    def prose_text(self) -> str | None:
        """The words that citations count in; None where they changed, or are no plain text."""
        return self.texts.get(self.prose) if self.prose and self.plain_prose else None

    @property
    def plain_prose(self) -> bool:
        """Whether lines of the prose are those that an editor shows."""
        source = self.loaded.graph.source if self.loaded else None
        return source is not None and source.media_type.startswith("text/")

    def shows(self, path: Path, text: str) -> bool:
        """Tell whether a file's text is the one that was looked at."""
        known = self.texts.get(path)
        return known is not None and with_plain_line_ends(known) == with_plain_line_ends(text)

    def mended(self) -> str | None:
        """Give the graph's text with all safe fixes; None where nothing can be mended."""
        if self.loaded is None:
            return None
        before = self.loaded.text
        after, _ = mended_text(self.shown, before, CheckOptions(), unsaved=self.unsaved)
        return after if after != before else None


def look(path: Path, texts: Mapping[Path, str], folder: Path) -> View:
    """Look at a file as it stands in the editor or on the disk.

    Args:
        path: The file, absolute.
        texts: What the editor holds, by the identity of the file.
        folder: What paths are shown relative to, as in messages of `sopc check`.
    """
    text = texts.get(identity(path))
    if kind_of(path) is not Kind.GRAPH:
        return _settings(path, text)
    shown = path.relative_to(folder) if path.is_relative_to(folder) else path
    if text is None and not path.is_file():
        return View(path)
    try:
        loaded = load_graph(path) if text is None else _loads(text, shown)
    except UsageError as error:
        content = path.read_text("utf-8", errors="replace") if text is None else text
        return View(path, None, _unread(shown, FileKind.GRAPH, error), {path: content})
    held = unsaved(texts)
    run = CheckRun(CheckOptions(), held)
    run.check_loaded(loaded, shown)
    report = run.report()
    places = {absolute(each, folder): known for each, known in report.texts.items()}
    return View(path, loaded, report.findings, places, _prose(loaded, path, texts), shown, held)


def absolute(path: str, folder: Path) -> Path:
    """Give the file that a finding names."""
    return Path(os.path.normpath(folder / path))


def _loads(text: str, shown: Path) -> LoadedGraph:
    if len(text) > LIMIT_BYTES:
        raise UsageError(f"graph file `{shown}` is larger than {LIMIT_BYTES:,} bytes")
    return loads_graph(text, str(shown))


def _prose(loaded: LoadedGraph, path: Path, texts: Mapping[Path, str]) -> Path | None:
    source = loaded.graph.source
    if source is None or "\0" in source.path:
        return None
    place = absolute(source.path, path.parent)
    try:
        return place if identity(place) in texts or place.is_file() else None
    except OSError:  # a name that no file can have
        return None


def _settings(path: Path, text: str | None) -> View:
    if text is None:
        return View(path)
    kind = FileKind.ORGANIZATION if kind_of(path) is Kind.ORGANIZATION else FileKind.SETTINGS
    try:
        if kind is FileKind.ORGANIZATION:
            loads_organization(text, str(path))
        else:
            loads_settings(text, path)
    except UsageError as error:
        return View(path, None, _unread(path, kind, error), {path: text})
    return View(path, texts={path: text})


def _unread(path: Path, kind: FileKind, error: UsageError) -> tuple[Finding, ...]:
    problems = [Problem(1, 1, str(error), error.hint, 0)]
    if isinstance(error, GraphFileError):
        problems = list(error.problems)
    unknown = isinstance(error, UnknownFormatError)
    return tuple(unread_findings(UnreadFile(path.as_posix(), kind, tuple(problems), unknown)))
