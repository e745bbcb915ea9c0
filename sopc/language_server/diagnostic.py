"""Findings as an editor takes them: in the graph, and in the prose behind it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lsprotocol.types import (
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
    Location,
    Position,
    PositionEncodingKind,
    Range,
)

from sopc.diagnostics import Finding, Place, Severity
from sopc.diagnostics.finding import THEN
from sopc.language_server.position import Positions
from sopc.language_server.view import View, absolute

SOURCE = "sopc"

_SEVERITIES = {
    Severity.ERROR: DiagnosticSeverity.Error,
    Severity.WARNING: DiagnosticSeverity.Warning,
    Severity.NOTE: DiagnosticSeverity.Information,
}
_UNNECESSARY = ("unreachable-", "unused-")
_NOWHERE = Range(Position(0, 0), Position(0, 0))


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding where an editor shows it.

    Attributes:
        path: The file: the graph, the prose, or another one that it is about.
        diagnostic: What the editor is told.
        finding: What it is told about.
    """

    path: Path
    diagnostic: Diagnostic
    finding: Finding


class Diagnostics:
    """Turns the findings of one view into diagnostics.

    Args:
        view: What was looked at.
        folder: What relative paths of findings are relative to.
        encoding: What the editor counts characters in.
        uri: Gives what the editor calls a file.

    Attributes:
        positions: Those of the view's texts, by their files.
    """

    def __init__(
        self,
        view: View,
        folder: Path,
        encoding: PositionEncodingKind | str,
        uri: Callable[[Path], str],
    ) -> None:
        self._view = view
        self._folder = folder
        self._uri = uri
        self._known: dict[str, tuple[Path, str]] = {}
        self.positions: Mapping[Path, Positions] = {
            path: Positions(text, encoding) for path, text in view.texts.items()
        }

    def shown(self) -> Iterator[Shown]:
        """Give every finding in its own file, and in the prose where that has words for it."""
        for finding in self._view.findings:
            own = finding.primary.place
            yield self._shown(finding, own, self._related(finding))
            place = self._in_prose(finding)
            if place is not None:
                beside = [(own, f"in the graph: {finding.primary.label}".removesuffix(": "))]
                yield self._shown(finding, place, [*self._also(beside)])

    def _in_prose(self, finding: Finding) -> Place | None:
        """Give the words behind a finding; the top where it is about the prose as a whole."""
        prose = self._view.prose
        if prose is None or not self._view.plain_prose:
            return None
        if finding.prose is not None:
            return finding.prose.place
        whole = finding.primary.at[:1] == ("source",)
        return Place(prose.as_posix(), 1, 1, 0) if whole else None

    def _shown(
        self, finding: Finding, place: Place, related: list[DiagnosticRelatedInformation]
    ) -> Shown:
        rule = finding.rule
        diagnostic = Diagnostic(
            range=self._range(place),
            message=_message(finding),
            severity=_SEVERITIES[finding.severity],
            code=finding.code,
            source=SOURCE,
            tags=[DiagnosticTag.Unnecessary] if rule.startswith(_UNNECESSARY) else None,
            related_information=related or None,
            data=finding.fingerprint,
        )
        return Shown(self._file(place)[0], diagnostic, finding)

    def _related(self, finding: Finding) -> list[DiagnosticRelatedInformation]:
        places = [(span.place, span.label or "belongs to it") for span in finding.related]
        places += [(span.place, span.label or THEN) for span in finding.chain]
        if finding.prose is not None and self._view.plain_prose:
            says = finding.prose.label or finding.prose.says
            places.append((finding.prose.place, says))
        return [*self._also(places)]

    def _also(self, places: list[tuple[Place, str]]) -> Iterator[DiagnosticRelatedInformation]:
        for place, says in places:
            location = Location(self._file(place)[1], self._range(place))
            yield DiagnosticRelatedInformation(location, says)

    def _range(self, place: Place) -> Range:
        positions = self.positions.get(self._file(place)[0])
        return positions.range(place) if positions else _NOWHERE

    def _file(self, place: Place) -> tuple[Path, str]:
        """Give the file of a place and its URI; there are few files and many places."""
        if place.path not in self._known:
            path = absolute(place.path, self._folder)
            self._known[place.path] = path, self._uri(path)
        return self._known[place.path]


def _message(finding: Finding) -> str:
    lines = [finding.message]
    lines += [f"note: {note}" for note in finding.notes]
    lines += [f"help: {each}" for each in finding.help]
    return "\n".join(lines)
