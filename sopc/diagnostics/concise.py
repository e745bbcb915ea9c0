"""The concise format: one line a finding, as compilers write them and editors read them."""

from sopc.diagnostics.finding import Finding
from sopc.diagnostics.printable import printable
from sopc.diagnostics.report import Report


def concise(report: Report) -> str:
    """Write `path:line:column: severity[CODE] name: message`, a line each."""
    lines = []
    for entry in report.entries():
        place = entry.primary.place if isinstance(entry, Finding) else entry.place
        kind = (
            f"{entry.severity}[{entry.code}] {entry.rule}"
            if isinstance(entry, Finding)
            else "error"
        )
        lines.append(
            printable(f"{place.path}:{place.line}:{place.column}: {kind}: {entry.message}") + "\n"
        )
    return "".join(lines)
