"""The GitHub Actions format: workflow commands, which become annotations beside the diff."""

from collections.abc import Iterator

from sopc.diagnostics.finding import THEN, Finding
from sopc.diagnostics.printable import printable
from sopc.diagnostics.report import Report
from sopc.diagnostics.severity import Severity
from sopc.diagnostics.sources import Sources

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_LONGEST = 300

# https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
_DATA = {ord("%"): "%25", ord("\r"): "%0D", ord("\n"): "%0A"}
_PROPERTY = _DATA | {ord(":"): "%3A", ord(","): "%2C"}


def github(report: Report) -> str:
    """Write `::error file=...,line=...::message`, a line each."""
    sources = Sources(report.texts)
    return "".join(f"{_command(finding, sources)}\n" for finding in report.entries())


def _command(finding: Finding, sources: Sources) -> str:
    place = finding.primary.place
    line, column = sources.end(place)
    properties: dict[str, str | int] = {"file": place.path, "line": place.line, "endLine": line}
    if line == place.line:  # GitHub takes columns for stretches of one line only
        properties |= {"col": place.column, "endColumn": column}
    properties["title"] = f"{finding.code} {finding.rule}"
    shown = ",".join(
        f"{name}={printable(str(value)).translate(_PROPERTY)}" for name, value in properties.items()
    )
    said = "\n".join(printable(each) for each in _said(finding, sources))
    return f"::{_COMMANDS[finding.severity]} {shown}::{said.translate(_DATA)}"


def _said(finding: Finding, sources: Sources) -> Iterator[str]:
    yield finding.message
    chain = [(span.place, span.label or THEN) for span in finding.chain]
    for place, label in (*chain, *((span.place, span.label) for span in finding.related)):
        yield f"note: {label or 'here'} ({place.path}:{place.line}:{place.column})"
    prose = finding.prose
    if prose is not None:
        place = prose.place
        words = " ".join(sources.words(place).split())
        cut = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
        where = f"{place.path}:{place.line}:{place.column}"
        yield f"note: {prose.says} ({where})" + (f": {cut}" if cut else "")
    for note in finding.notes:
        yield f"note: {note}"
    for change in finding.help:
        yield f"help: {change}"
