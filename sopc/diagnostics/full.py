"""The full format: each finding with a window on the graph and one on the prose behind it."""

from collections.abc import Iterator, Mapping

from rich.color import ColorSystem
from rich.style import Style

from sopc.diagnostics.finding import THEN, Finding, Place
from sopc.diagnostics.printable import printable
from sopc.diagnostics.report import Report
from sopc.diagnostics.severity import Severity
from sopc.diagnostics.sources import Sources
from sopc.diagnostics.window import WindowLine

_STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.NOTE: "bold cyan",
}
_FRAME = "bold blue"


def full(report: Report, *, color: bool = False) -> str:
    """Write every finding with its windows, notes and help, an empty line between them."""
    page = FullPage(report.texts, color=color)
    return "\n".join(page.text(finding) for finding in report.entries())


class FullPage:
    """Writes findings out one by one, for all formats that show one in full."""

    def __init__(self, texts: Mapping[str, str], *, color: bool = False) -> None:
        self._sources = Sources(texts)
        self._color = color

    def text(self, finding: Finding) -> str:
        """Write one finding, a line end behind each of its lines."""
        return "".join(f"{line}\n" for line in self._lines(finding))

    def _lines(self, finding: Finding) -> Iterator[str]:
        style = _STYLES[finding.severity]
        shown = {place: self._sources.window(place) for place in _places(finding)}
        numbers = (line.number for lines in shown.values() for line in lines)
        frame = _Frame(" " * len(str(max(numbers, default=1))), style, color=self._color)

        def window(place: Place, label: str = "", *, compact: bool = False) -> Iterator[str]:
            return frame.window(place, shown[place], label, compact=compact)

        yield frame.heading(f"{finding.severity}[{finding.code}]", style, finding.message)
        yield from window(finding.primary.place, finding.primary.label)
        for number, span in enumerate(finding.chain, start=1):
            yield from [frame.bar] if number == 1 else []
            yield frame.note(f"{number} of {len(finding.chain)}: {span.label or THEN}")
            yield from window(span.place, compact=True)
        for span in finding.related:
            yield frame.bar
            if span.label:
                yield frame.note(span.label)
            yield from window(span.place)
        if finding.prose is not None:
            yield frame.bar
            yield frame.note(finding.prose.says)
            yield from window(finding.prose.place, finding.prose.label)
        for word, text in _advice(finding):
            yield frame.advice(word, text)


class _Frame:
    """Draws the lines of one finding, whose margin is as wide as its widest line number."""

    def __init__(self, margin: str, style: str, *, color: bool) -> None:
        self._margin = margin
        self._style = style
        self._color = color
        self.bar = self._paint(f"{margin} |", _FRAME)

    def heading(self, kind: str, style: str, text: str) -> str:
        return f"{self._paint(kind, style)}{self._paint(f': {printable(text)}', 'bold')}"

    def note(self, text: str) -> str:
        return self.heading("note", _STYLES[Severity.NOTE], text)

    def advice(self, word: str, text: str) -> str:
        sign = self._paint(f"{self._margin} =", _FRAME)
        return f"{sign} {self._paint(f'{word}:', 'bold')} {printable(text)}"

    def window(
        self, place: Place, lines: list[WindowLine], label: str, *, compact: bool
    ) -> Iterator[str]:
        where = printable(f"{place.path}:{place.line}:{place.column}")
        yield f"{self._paint(f'{self._margin}-->', _FRAME)} {where}"
        if lines and not compact:
            yield self.bar
        for line in lines:
            number = str(line.number).rjust(len(self._margin))
            yield f"{self._paint(f'{number} |', _FRAME)} {line.text}".rstrip()
            says = f" {printable(label)}" if label and line is lines[-1] else ""
            yield f"{self.bar} {' ' * line.indent}{self._paint(line.carets + says, self._style)}"

    def _paint(self, text: str, style: str) -> str:
        if not self._color:
            return text
        return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)


def _places(finding: Finding) -> Iterator[Place]:
    yield finding.primary.place
    for span in (*finding.chain, *finding.related):
        yield span.place
    if finding.prose is not None:
        yield finding.prose.place


def _advice(finding: Finding) -> Iterator[tuple[str, str]]:
    for note in finding.notes:
        yield "note", note
    for change in finding.help:
        yield "help", change
    if finding.fix is not None:
        flag = "--fix" if finding.fix.safe else "--fix --unsafe-fixes"
        yield "help", f"`sopc check {flag}` does this: {finding.fix.title}"
    yield "help", f"`sopc explain {finding.code}` says more"
