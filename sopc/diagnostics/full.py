"""The full format: each finding with a window on the graph and one on the prose behind it."""

from collections.abc import Iterator, Mapping

from rich.color import ColorSystem
from rich.style import Style

from sopc.diagnostics.finding import Finding, Place
from sopc.diagnostics.printable import printable
from sopc.diagnostics.report import Broken, Report
from sopc.diagnostics.severity import Severity
from sopc.diagnostics.window import SourceLines, WindowLine

_STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.NOTE: "bold cyan",
}
_FRAME = "bold blue"


def full(report: Report, *, color: bool = False) -> str:
    """Write every finding with its windows, notes and help, an empty line between them."""
    page = _Page(report.texts, color=color)
    blocks = (
        page.finding(entry) if isinstance(entry, Finding) else page.broken(entry)
        for entry in report.entries()
    )
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


class _Page:
    def __init__(self, texts: Mapping[str, str], *, color: bool) -> None:
        self._texts = texts
        self._lines: dict[str, SourceLines] = {}
        self._color = color

    def finding(self, finding: Finding) -> Iterator[str]:
        style = _STYLES[finding.severity]
        spans = [(finding.primary.place, "", finding.primary.label)]
        spans += [(each.place, each.label, "") for each in finding.related]
        if finding.prose is not None:
            spans.append((finding.prose.place, finding.prose.says, finding.prose.label))
        kind = self._paint(f"{finding.severity}[{finding.code}]", style)
        yield f"{kind}{self._message(finding.message)}"
        advice = [*finding.help, f"`sopc explain {finding.code}` says more"]
        yield from self._windows(spans, style, finding.notes, advice)

    def broken(self, broken: Broken) -> Iterator[str]:
        style = _STYLES[Severity.ERROR]
        yield f"{self._paint('error', style)}{self._message(broken.message)}"
        yield from self._windows(
            [(broken.place, "", "")], style, (), [broken.help] if broken.help else []
        )

    def _windows(
        self,
        spans: list[tuple[Place, str, str]],
        style: str,
        notes: tuple[str, ...],
        advice: list[str],
    ) -> Iterator[str]:
        shown = [(*span, self._window(span[0])) for span in spans]
        numbers = [line.number for *_, lines in shown for line in lines]
        margin = " " * len(str(max(numbers, default=1)))
        bar = self._paint(f"{margin} |", _FRAME)
        for index, (place, says, label, lines) in enumerate(shown):
            if index:
                yield bar
            if says:
                yield f"{self._paint('note', _STYLES[Severity.NOTE])}{self._message(says)}"
            where = printable(f"{place.path}:{place.line}:{place.column}")
            yield f"{self._paint(f'{margin}-->', _FRAME)} {where}"
            if lines:
                yield bar
            for line in lines:
                yield from self._line(line, margin, style, label if line is lines[-1] else "")
        for kind, texts in (("note", notes), ("help", advice)):
            for text in texts:
                sign = self._paint(f"{margin} =", _FRAME)
                yield f"{sign} {self._paint(f'{kind}:', 'bold')} {printable(text)}"

    def _window(self, place: Place) -> list[WindowLine]:
        if place.path not in self._texts:
            return []
        if place.path not in self._lines:
            self._lines[place.path] = SourceLines(self._texts[place.path])
        return self._lines[place.path].window(place)

    def _line(self, line: WindowLine, margin: str, style: str, label: str) -> Iterator[str]:
        number = str(line.number).rjust(len(margin))
        yield f"{self._paint(f'{number} |', _FRAME)} {line.text}".rstrip()
        marks = f"{line.carets} {printable(label)}" if label else line.carets
        yield f"{self._paint(f'{margin} |', _FRAME)} {' ' * line.indent}{self._paint(marks, style)}"

    def _message(self, text: str) -> str:
        return self._paint(f": {printable(text)}", "bold")

    def _paint(self, text: str, style: str) -> str:
        if not self._color:
            return text
        return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)
