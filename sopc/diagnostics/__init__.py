"""Findings about procedures, and the formats that show them."""

from sopc.diagnostics.concise import concise
from sopc.diagnostics.described_rule import DescribedRule
from sopc.diagnostics.finding import (
    Finding,
    GraphSpan,
    Place,
    ProseSpan,
    by_place,
    fingerprint,
    told_apart,
)
from sopc.diagnostics.fix import Fix, TextEdit, applied
from sopc.diagnostics.full import full
from sopc.diagnostics.github import github
from sopc.diagnostics.json_report import json_report
from sopc.diagnostics.junit import junit
from sopc.diagnostics.prose import Prose, ProseText, read_prose, unsaved_prose
from sopc.diagnostics.report import Coverage, Report, Scope
from sopc.diagnostics.sarif import sarif
from sopc.diagnostics.severity import Confidence, Severity
from sopc.diagnostics.statistics import RuleCount, rule_counts, statistics, statistics_json

__all__ = [
    "Confidence",
    "Coverage",
    "DescribedRule",
    "Finding",
    "Fix",
    "GraphSpan",
    "Place",
    "Prose",
    "ProseSpan",
    "ProseText",
    "Report",
    "RuleCount",
    "Scope",
    "Severity",
    "TextEdit",
    "applied",
    "by_place",
    "concise",
    "fingerprint",
    "full",
    "github",
    "json_report",
    "junit",
    "read_prose",
    "rule_counts",
    "sarif",
    "statistics",
    "statistics_json",
    "told_apart",
    "unsaved_prose",
]
