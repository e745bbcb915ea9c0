"""The JUnit format, for CI systems that show test results: each rule is a test of each file."""

import re
from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET  # XML is written here, never read

from sopc.diagnostics.concise import concise_line
from sopc.diagnostics.described_rule import DescribedRule
from sopc.diagnostics.finding import Finding
from sopc.diagnostics.full import FullPage
from sopc.diagnostics.printable import printable
from sopc.diagnostics.report import Report

# What XML 1.0 has no way to write, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report, rules: Iterable[DescribedRule]) -> str:
    """Write a test suite a file, and in it a test for each rule that looked at the file.

    A test fails if one of its findings fails the check; other findings are what the test put out.
    A file that could not be read is an error of the rule that says so.
    """
    writer = _Writer(report, rules)
    by_file = {
        path: list(found)
        for path, found in groupby(report.entries(), key=lambda each: each.primary.place.path)
    }
    root = ET.Element("testsuites", name="sopc check")
    for path in sorted({*report.files, *by_file}):
        root.append(writer.suite(path, by_file.get(path, [])))
    _count(root)
    ET.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{head}{ET.tostring(root, encoding='unicode')}\n"


class _Writer:
    def __init__(self, report: Report, rules: Iterable[DescribedRule]) -> None:
        self._report = report
        self._files = frozenset(report.files)
        self._names = {rule.code: rule.name for rule in rules}
        self._page = FullPage(report.texts)

    def suite(self, path: str, findings: list[Finding]) -> ET.Element:
        suite = ET.Element("testsuite", name=_shown(path))
        for code, name in sorted(self._tests(path, findings).items()):
            case = ET.SubElement(
                suite,
                "testcase",
                classname=_shown(path.removesuffix(".sop.yaml")),
                name=_shown(f"{code} {name}"),
                file=_shown(path),
            )
            self._outcome(case, [each for each in findings if each.code == code])
        _count(suite)
        return suite

    def _tests(self, path: str, findings: list[Finding]) -> dict[str, str]:
        """Give the rules that can be said to have passed or failed, by code."""
        tests = {finding.code: finding.rule for finding in findings}
        if path not in self._files or any(finding.unread for finding in findings):
            return tests
        scope = self._report.scopes.get(path)
        looked = scope.rules if scope else self._names.keys()
        return tests | {code: name for code, name in self._names.items() if code in looked}

    def _outcome(self, case: ET.Element, findings: list[Finding]) -> None:
        """Put all findings of a test into one element: readers take but one."""
        failing = [finding for finding in findings if self._report.fails(finding)]
        others = [finding for finding in findings if not self._report.fails(finding)]
        if failing:
            first, *more = failing
            kind = "error" if first.unread else "failure"
            said = concise_line(first) + (f" (and {len(more)} more)" if more else "")
            outcome = ET.SubElement(case, kind, message=_shown(said), type=first.severity.value)
            outcome.text = self._text(failing)
        if others:
            ET.SubElement(case, "system-out").text = self._text(others)

    def _text(self, findings: list[Finding]) -> str:
        return _NO_XML.sub("\ufffd", "\n".join(self._page.text(finding) for finding in findings))


def _count(element: ET.Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        element.set(name, str(sum(1 for _ in element.iter(tag))))


def _shown(text: str) -> str:
    return _NO_XML.sub("\ufffd", printable(text))
