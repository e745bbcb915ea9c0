"""Remarks about an organization file as people read them, each with a window on its place."""

from collections.abc import Iterator

import typer

from sopc.cli import output
from sopc.diagnostics import Place
from sopc.diagnostics.printable import printable
from sopc.diagnostics.window import SourceLines
from sopc.organization import LoadedOrganization
from sopc.organization.review import Remark

_COLORS = {
    "error": typer.colors.RED,
    "warning": typer.colors.YELLOW,
    "note": typer.colors.CYAN,
}


def shown(remark: Remark, loaded: LoadedOrganization, lines: SourceLines, path: str) -> str:
    """Give a remark in the manner of findings; without a window where a secret stands there."""
    return "".join(f"{line}\n" for line in _lines(remark, loaded, lines, path))


def _lines(
    remark: Remark, loaded: LoadedOrganization, lines: SourceLines, path: str
) -> Iterator[str]:
    span = loaded.spans.find(remark.at, key=remark.hidden)
    place = Place(path, span.line, span.column, span.length)
    label: str = remark.severity
    if output.colored():
        label = typer.style(label, fg=_COLORS[remark.severity], bold=True)
    yield f"{label}: {printable(remark.message)}"
    window = [] if remark.hidden else lines.window(place)
    margin = " " * len(str(window[-1].number if window else 1))
    yield printable(f"{margin}--> {path}:{place.line}:{place.column}")
    if window:
        yield f"{margin} |"
    for line in window:
        yield f"{line.number:>{len(margin)}} | {line.text}".rstrip()
        yield f"{margin} | {' ' * line.indent}{line.carets}"
    yield f"{margin} = help: {printable(remark.help)}"
