"""Verdicts in the JUnit format, for CI systems that show test results."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET  # XML is written here, never read

from sopc_runtime.simulation.scenario_run import Verdict

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(files: Sequence[tuple[str, Sequence[Verdict]]]) -> str:
    """Write a test suite a scenario file, and in it a test a scenario."""
    root = ET.Element("testsuites", name="sopc test")
    for path, verdicts in files:
        suite = ET.SubElement(root, "testsuite", name=_shown(path))
        for verdict in verdicts:
            name = _shown(verdict.scenario.name)
            case = ET.SubElement(suite, "testcase", classname=_shown(path), name=name, file=path)
            if verdict.passed:
                continue
            said = verdict.misses[0].message
            failure = ET.SubElement(case, "failure", message=_shown(said), type="scenario")
            told = [
                each.message + (f" ({each.note})" if each.note else "") for each in verdict.misses
            ]
            failure.text = _shown("\n".join([*told, "", *verdict.timeline()]))
        _count(suite)
    _count(root)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _count(element: ET.Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure")):
        element.set(name, str(sum(1 for _ in element.iter(tag))))


def _shown(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
