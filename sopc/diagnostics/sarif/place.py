"""Places in SARIF: files as URIs, stretches as regions, and where in the graph that is."""

import os
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from sopc.diagnostics.finding import GraphSpan, Place, ProseSpan
from sopc.diagnostics.fix import TextEdit
from sopc.diagnostics.sources import Sources
from sopc.diagnostics.window import SourceLines

ROOT = "%SRCROOT%"
"""Stands for the working folder, which only the reader of the log knows."""

_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")


def message(text: str) -> dict[str, Any]:
    """Give a message; nothing in it becomes a link."""
    return {"text": _LINK.sub(r"\\[", text)}


def artifact(path: str) -> dict[str, Any]:
    """Name a file: relative to the working folder if it stands there, otherwise as a file URI."""
    if Path(path).is_absolute() or ".." in PurePosixPath(path).parts:
        absolute = os.path.abspath(path)  # noqa: PTH100 # a link's own place, not its target
        drive = "" if absolute.startswith("/") else "/"
        return {"uri": f"file://{drive}{_quoted(Path(absolute).as_posix())}"}
    return {"uri": _quoted(path), "uriBaseId": ROOT}


def _quoted(path: str) -> str:
    """Quote a path as the bytes that the file system knows it by."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:  # half a surrogate pair that stands for no byte
        return quote(path.encode("utf-8", "replace"))


def physical(place: Place, sources: Sources, *, snippet: bool = False) -> dict[str, Any]:
    """Give a stretch of a file, with its words where they cannot be looked up easily."""
    line, column = sources.end(place)
    region = _region(place.line, place.column, line, column)
    words = sources.words(place)
    if line == place.line:
        region["charLength"] = column - place.column
    if snippet and words:
        region["snippet"] = {"text": words}
    return {"artifactLocation": artifact(place.path), "region": region}


def graph_location(span: GraphSpan, sources: Sources, step: str | None = None) -> dict[str, Any]:
    """Give a place in the graph file, and what it is in the graph."""
    location: dict[str, Any] = {"physicalLocation": physical(span.place, sources)}
    logical = [*_step(span.at, step), *_value(span.at)]
    if logical:
        location["logicalLocations"] = logical
    return location


def labelled(location: dict[str, Any], label: str) -> dict[str, Any]:
    """Add what is said at a location, if anything is."""
    return {**location, "message": message(label)} if label else location


def prose_location(span: ProseSpan, sources: Sources) -> dict[str, Any]:
    """Give the sentence behind a finding, with its words: not every reader can open its file."""
    says = f"{span.says}: {span.label}" if span.label else span.says
    return {
        "physicalLocation": physical(span.place, sources, snippet=True),
        "message": message(says),
    }


def replacement(edit: TextEdit, lines: SourceLines) -> dict[str, Any]:
    """Give a text edit; lines and columns hold whatever line ends the file has."""
    (line, column), (end_line, end_column) = lines.position(edit.start), lines.position(edit.end)
    region = {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def _region(line: int, column: int, end_line: int, end_column: int) -> dict[str, Any]:
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _step(at: tuple[str | int, ...], step: str | None) -> list[dict[str, Any]]:
    if step is None:
        return []
    found: dict[str, Any] = {"name": step, "kind": "object"}
    if "steps" in at[:-1]:
        found["fullyQualifiedName"] = _pointer(at[: at.index("steps") + 2])
    return [found]


def _value(at: tuple[str | int, ...]) -> list[dict[str, Any]]:
    if not at:
        return []
    key = at[-1]
    kind = "property" if isinstance(key, str) else "object"
    return [{"name": str(key), "fullyQualifiedName": _pointer(at), "kind": kind}]


def _pointer(at: Iterable[str | int]) -> str:
    """Write a path as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in at)
