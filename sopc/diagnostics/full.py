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
        kind = self._paint(f"{finding.severity}[{finding.code}]", style)
        yield f"{kind}{self._message(finding.message)}"
        margin = self._margin(finding)
        bar = self._paint(f"{margin} |", _FRAME)
        yield from self._window(finding.primary.place, finding.primary.label, margin, style)
        steps = len(finding.chain)
        for number, span in enumerate(finding.chain, start=1):
            says = span.label or THEN
            yield from [bar] if number == 1 else []
            yield f"{self._note()}{self._message(f'{number} of {steps}: {says}')}"
            yield from self._window(span.place, "", margin, style, compact=True)
        for span in finding.related:
            yield bar
            if span.label:
                yield f"{self._note()}{self._message(span.label)}"
            yield from self._window(span.place, "", margin, style)
        if finding.prose is not None:
            yield bar
            yield f"{self._note()}{self._message(finding.prose.says)}"
            yield from self._window(finding.prose.place, finding.prose.label, margin, style)
        for word, text in _advice(finding):
            sign = self._paint(f"{margin} =", _FRAME)
            yield f"{sign} {self._paint(f'{word}:', 'bold')} {printable(text)}"

    def _margin(self, finding: Finding) -> str:
        """Give spaces for the widest line number that is shown."""
        windows = (self._sources.window(place) for place in _places(finding))
        numbers = (line.number for lines in windows for line in lines)
        return " " * len(str(max(numbers, default=1)))

    def _window(
        self, place: Place, label: str, margin: str, style: str, *, compact: bool = False
    ) -> Iterator[str]:
        where = printable(f"{place.path}:{place.line}:{place.column}")
        yield f"{self._paint(f'{margin}-->', _FRAME)} {where}"
        lines = self._sources.window(place)
        if lines and not compact:
            yield self._paint(f"{margin} |", _FRAME)
        for line in lines:
            yield from self._line(line, margin, style, label if line is lines[-1] else "")

    def _line(self, line: WindowLine, margin: str, style: str, label: str) -> Iterator[str]:
        number = str(line.number).rjust(len(margin))
        yield f"{self._paint(f'{number} |', _FRAME)} {line.text}".rstrip()
        marks = f"{line.carets} {printable(label)}" if label else line.carets
        yield f"{self._paint(f'{margin} |', _FRAME)} {' ' * line.indent}{self._paint(marks, style)}"

    def _note(self) -> str:
        return self._paint("note", _STYLES[Severity.NOTE])

    def _message(self, text: str) -> str:
        return self._paint(f": {printable(text)}", "bold")

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
