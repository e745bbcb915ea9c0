"""The graph file, `NAME.sop.yaml`: loading with exact errors, and saving in canonical form."""

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from sopc.errors import UsageError
from sopc.graph.canonical import as_yaml, canonical
from sopc.graph.comment import keep_comments
from sopc.graph.document import compose, decoded, plain, with_plain_line_ends
from sopc.graph.migration import FormatError, migrate
from sopc.graph.mistake import problems_of
from sopc.graph.problem import GraphFileError, Problem, UnknownFormatError
from sopc.graph.procedure import StepGraph
from sopc.graph.span import SpanIndex

LIMIT_BYTES = 20_000_000
"""Larger files are refused unless the caller says otherwise."""


@dataclass(frozen=True)
class LoadedGraph:
    """A graph with the text it was read from (LF line ends, no BOM) and the places in it."""

    graph: StepGraph
    text: str
    spans: SpanIndex


def load_graph(path: Path, *, limit_bytes: int = LIMIT_BYTES) -> LoadedGraph:
    """Load a graph file.

    Raises:
        GraphFileError: The file is no valid graph file; all its mistakes with their places.
        UsageError: The file cannot be read or is larger than `limit_bytes`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(limit_bytes + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read graph file `{path}`: {reason}") from None
    if len(content) > limit_bytes:
        raise UsageError(
            f"graph file `{path}` is larger than {limit_bytes:,} bytes",
            hint="split the document, or raise the limit",
        )
    return loads_graph(decoded(content, str(path)), str(path))


def loads_graph(text: str, name: str = "<text>") -> LoadedGraph:
    """Load a graph from the text of a file; `name` is what errors call it.

    Raises:
        GraphFileError: The text is no valid graph file; all its mistakes with their places.
    """
    text = with_plain_line_ends(text)
    root = compose(text, name)
    spans = SpanIndex(text, root)
    try:
        data = migrate(plain(root))
    except FormatError as error:
        place = spans.find(("format",))
        problem = Problem(place.line, place.column, str(error), error.hint, place.length)
        raise UnknownFormatError(name, [problem]) from None
    try:
        graph = StepGraph.model_validate(data)
    except ValidationError as error:
        raise GraphFileError(name, problems_of(error, data, spans)) from None
    return LoadedGraph(graph, text, spans)


def dump_graph(graph: StepGraph) -> str:
    """Give a graph's canonical YAML: the same graph always gives the same text."""
    return as_yaml(canonical(graph))


def graph_hash(graph: StepGraph) -> str:
    """Give what a sign-off signs: SHA-256 (hex) of the canonical YAML without the sign-offs."""
    unsigned = dump_graph(graph.model_copy(update={"signoffs": ()}))
    return hashlib.sha256(unsigned.encode()).hexdigest()


def save_graph(graph: StepGraph, path: Path) -> None:
    """Write a graph in canonical form, keeping the comments of the file that it replaces.

    The file is replaced at once or not at all, and is not touched if nothing changes.

    Raises:
        GraphFileError: The file in place is no YAML, so that its comments cannot be kept.
        UsageError: The file cannot be written.
    """
    target = path.resolve()
    text = dump_graph(graph)
    try:
        old = target.read_bytes() if target.exists() else None
        if old is not None:
            text = keep_comments(decoded(old, str(path)), text, str(path))
        if old != text.encode():
            replace_file(target, text.encode())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write graph file `{path}`: {reason}") from None


def replace_file(target: Path, content: bytes) -> None:
    """Write a file at once or not at all, with the rights of the one that it replaces."""
    with contextlib.ExitStack() as cleanup:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        temporary = Path(name)
        cleanup.callback(temporary.unlink, missing_ok=True)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(target.stat().st_mode & 0o7777 if target.exists() else _new_file_mode())
        temporary.replace(target)


def _new_file_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
