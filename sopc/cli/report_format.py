"""How `sopc check` writes a report."""

from enum import StrEnum
from typing import TYPE_CHECKING

from sopc.cli import output

if TYPE_CHECKING:
    from sopc.diagnostics import Report


class Format(StrEnum):
    """How findings are written."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"


class Shown:
    """Writes reports in one way, the findings to stdout and the summary to stderr."""

    def __init__(self, form: Format, *, statistics: bool) -> None:
        self._form = form
        self._statistics = statistics

    def __call__(self, report: "Report") -> None:
        """Write a report."""
        text = self._text(report)
        if text:
            output.result(text)
        output.note(report.summary())

    def _text(self, report: "Report") -> str:
        from sopc import diagnostics
        from sopc.rules import RULES

        if self._statistics:
            if self._form is Format.JSON:
                return diagnostics.statistics_json(report)
            return diagnostics.statistics(report)
        writers = {
            Format.FULL: lambda: diagnostics.full(report, color=output.colored()),
            Format.CONCISE: lambda: diagnostics.concise(report),
            Format.JSON: lambda: diagnostics.json_report(report),
            Format.SARIF: lambda: diagnostics.sarif(report, RULES),
            Format.GITHUB: lambda: diagnostics.github(report),
            Format.JUNIT: lambda: diagnostics.junit(report, RULES),
        }
        return writers[self._form]()
