"""A SARIF log: one run, its rules and its results."""

from collections.abc import Iterable, Mapping
from typing import Any

from sopc import __version__
from sopc.diagnostics.described_rule import DescribedRule
from sopc.diagnostics.finding import THEN, Finding, by_place
from sopc.diagnostics.json_text import json_text
from sopc.diagnostics.report import Report
from sopc.diagnostics.sarif.place import (
    ROOT,
    artifact,
    graph_location,
    labelled,
    message,
    prose_location,
    replacement,
)
from sopc.diagnostics.sarif.rule import descriptor
from sopc.diagnostics.sources import Sources

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_FINGERPRINT = "sopcFingerprint/v1"


def sarif(report: Report, rules: Iterable[DescribedRule], *, accepted: bool = False) -> str:
    """Write a SARIF 2.1.0 log.

    Args:
        report: What was found.
        rules: Those that looked, and any others that findings are of.
        accepted: Whether findings that the graph accepts and those of the baseline are results
            too, marked as such. GitHub shows such results as open alerts.
    """
    described = sorted(rules, key=lambda rule: rule.code)
    writer = _Writer(report, {rule.code: index for index, rule in enumerate(described)})
    driver = {
        "name": "sopc",
        "version": __version__,
        "rules": [descriptor(rule) for rule in described],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "where `sopc check` was started"}}},
        "invocations": [{"executionSuccessful": not report.unread}],
        "results": writer.results(accepted=accepted),
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


class _Writer:
    def __init__(self, report: Report, indexes: Mapping[str, int]) -> None:
        self._report = report
        self._indexes = indexes
        self._sources = Sources(report.texts)

    def results(self, *, accepted: bool) -> list[dict[str, Any]]:
        report = self._report
        if not accepted:
            return [self._result(finding) for finding in report.entries()]
        states: dict[int, dict[str, Any]] = {}
        new = {"baselineState": "new"} if report.known else {}
        for finding in (*report.findings, *report.suppressed):
            states[id(finding)] = dict(new)
        for finding in report.suppressed:
            reason = {"justification": finding.accepted} if finding.accepted else {}
            states[id(finding)]["suppressions"] = [{"kind": "inSource", **reason}]
        for finding in report.known:
            states[id(finding)] = {"baselineState": "unchanged"}
        every = by_place((*report.findings, *report.suppressed, *report.known))
        return [{**self._result(finding), **states[id(finding)]} for finding in every]

    def _result(self, finding: Finding) -> dict[str, Any]:
        primary = graph_location(finding.primary, self._sources, finding.step)
        related = self._related(finding)
        index = self._indexes.get(finding.code)
        return {
            "ruleId": finding.code,
            **({} if index is None else {"ruleIndex": index}),
            "level": finding.severity.value,
            "message": message(_said(finding)),
            "locations": [labelled(primary, finding.primary.label)],
            **({"relatedLocations": related} if related else {}),
            **({"codeFlows": [self._flow(finding)]} if finding.chain else {}),
            **self._fixes(finding),
            "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
            "properties": {"confidence": finding.confidence.value},
        }

    def _related(self, finding: Finding) -> list[dict[str, Any]]:
        found = [
            labelled(graph_location(span, self._sources), span.label) for span in finding.related
        ]
        if finding.prose is not None:
            found.append(prose_location(finding.prose, self._sources))
        return [{"id": number, **location} for number, location in enumerate(found, start=1)]

    def _flow(self, finding: Finding) -> dict[str, Any]:
        steps = [
            {"location": labelled(graph_location(span, self._sources), span.label or THEN)}
            for span in finding.chain
        ]
        return {"threadFlows": [{"locations": steps}]}

    def _fixes(self, finding: Finding) -> dict[str, Any]:
        path = finding.primary.place.path
        lines = self._sources.lines(path)
        if finding.fix is None or lines is None or not finding.fix.edits:
            return {}
        change = {
            "artifactLocation": artifact(path),
            "replacements": [replacement(edit, lines) for edit in finding.fix.edits],
        }
        return {
            "fixes": [
                {
                    "description": message(finding.fix.title),
                    "artifactChanges": [change],
                    "properties": {"safe": finding.fix.safe},
                }
            ]
        }


def _said(finding: Finding) -> str:
    """Give the message first, as viewers show the first line alone where there is little room."""
    notes = (f"note: {note}" for note in finding.notes)
    changes = (f"help: {change}" for change in finding.help)
    return "\n".join([finding.message, *notes, *changes])
