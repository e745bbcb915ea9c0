"""The JSON format, for programs; its `version` rises when a field changes its meaning."""

from typing import Any

from sopc.diagnostics.finding import Finding, GraphSpan, Place, by_place
from sopc.diagnostics.fix import Fix
from sopc.diagnostics.json_text import json_text
from sopc.diagnostics.report import Report
from sopc.diagnostics.severity import Severity

VERSION = 2


def json_report(report: Report) -> str:
    """Write one JSON object with all findings and the counts."""
    content = {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.entries()],
        "suppressed": [_finding(finding) for finding in by_place(report.suppressed)],
        "baseline": [_finding(finding) for finding in by_place(report.known)],
        "summary": {
            "files": len(report.files),
            **{f"{severity.value}s": report.count(severity) for severity in Severity},
            "failing": report.failing,
            "suppressed": len(report.suppressed),
            "baseline": len(report.known),
            "coverage": {
                "cited": report.coverage.cited,
                "instructing": report.coverage.instructing,
                "percent": report.coverage.percent,
            },
        },
    }
    return json_text(content)


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
        "chain": [_span(span) for span in finding.chain],
        "notes": list(finding.notes),
        "help": list(finding.help),
        "fix": finding.fix and _fix(finding.fix),
        "fingerprint": finding.fingerprint,
        "unread": finding.unread,
        "accepted": finding.accepted,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"start": each.start, "end": each.end, "text": each.text} for each in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}


def _span(span: GraphSpan) -> dict[str, Any]:
    return {**_place(span.place), "at": list(span.at), "label": span.label}


def _place(place: Place) -> dict[str, Any]:
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "length": place.length,
    }
