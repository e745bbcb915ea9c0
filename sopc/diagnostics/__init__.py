"""Findings about procedures, and the formats that show them."""

from sopc.diagnostics.concise import concise
from sopc.diagnostics.finding import Finding, GraphSpan, Place, ProseSpan, fingerprint, told_apart
from sopc.diagnostics.full import full
from sopc.diagnostics.json_report import json_report
from sopc.diagnostics.prose import Prose, ProseText, read_prose
from sopc.diagnostics.report import Broken, Coverage, Report
from sopc.diagnostics.severity import Confidence, Severity

__all__ = [
    "Broken",
    "Confidence",
    "Coverage",
    "Finding",
    "GraphSpan",
    "Place",
    "Prose",
    "ProseSpan",
    "ProseText",
    "Report",
    "Severity",
    "concise",
    "fingerprint",
    "full",
    "json_report",
    "read_prose",
    "told_apart",
]
