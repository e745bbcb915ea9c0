"""The concise format: one line a finding, as compilers write them and editors read them."""

from sopc.diagnostics.finding import Finding
from sopc.diagnostics.printable import printable
from sopc.diagnostics.report import Report


def concise(report: Report) -> str:
    """Write `path:line:column: severity[CODE] name: message`, a line each."""
    return "".join(f"{concise_line(finding)}\n" for finding in report.entries())


def concise_line(finding: Finding) -> str:
    """Write one finding, without a line end."""
    place = finding.primary.place
    kind = f"{finding.severity}[{finding.code}] {finding.rule}"
    return printable(f"{place.path}:{place.line}:{place.column}: {kind}: {finding.message}")
