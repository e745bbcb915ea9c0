"""The JSON format, for programs; its `version` rises when a field changes its meaning."""

import json
from typing import Any

from sopc.diagnostics.finding import Finding, GraphSpan, Place
from sopc.diagnostics.report import Report
from sopc.diagnostics.severity import Severity

VERSION = 1


def json_report(report: Report) -> str:
    """Write one JSON object with all findings, broken files and the counts."""
    entries = report.entries()
    content = {
        "version": VERSION,
        "findings": [_finding(entry) for entry in entries if isinstance(entry, Finding)],
        "broken": [
            {**_place(entry.place), "message": entry.message, "help": entry.help or None}
            for entry in entries
            if not isinstance(entry, Finding)
        ],
        "summary": {
            "files": report.files,
            **{f"{severity.value}s": report.count(severity) for severity in Severity},
            "coverage": {
                "cited": report.coverage.cited,
                "instructing": report.coverage.instructing,
                "percent": report.coverage.percent,
            },
        },
    }
    return json.dumps(content, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    prose = finding.prose
    return {
        "code": finding.code,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "step": finding.step,
        "primary": _span(finding.primary),
        "prose": prose and {**_place(prose.place), "says": prose.says, "label": prose.label},
        "related": [_span(span) for span in finding.related],
        "notes": list(finding.notes),
        "help": list(finding.help),
        "fingerprint": finding.fingerprint,
    }


def _span(span: GraphSpan) -> dict[str, Any]:
    return {**_place(span.place), "at": list(span.at), "label": span.label}


def _place(place: Place) -> dict[str, Any]:
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "length": place.length,
    }
