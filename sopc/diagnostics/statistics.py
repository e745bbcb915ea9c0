"""Statistics: how often each rule was broken, and in how many files."""

from collections import defaultdict
from dataclasses import dataclass

from sopc.diagnostics.finding import Finding
from sopc.diagnostics.json_text import json_text
from sopc.diagnostics.printable import printable
from sopc.diagnostics.report import Report

VERSION = 1


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What was found of one rule.

    Attributes:
        code: The rule's code.
        rule: The rule's name.
        count: How many findings there are.
        files: In how many files.
        fixable: How many of them `--fix` mends: those with a safe fix.
    """

    code: str
    rule: str
    count: int
    files: int
    fixable: int


def rule_counts(report: Report) -> list[RuleCount]:
    """Count findings by rule: the most frequent first, then by code."""
    found = defaultdict[tuple[str, str], list[Finding]](list)
    for finding in report.findings:
        found[finding.code, finding.rule].append(finding)
    counts = [
        RuleCount(
            code,
            rule,
            len(each),
            len({finding.primary.place.path for finding in each}),
            sum(finding.fix is not None and finding.fix.safe for finding in each),
        )
        for (code, rule), each in found.items()
    ]
    return sorted(counts, key=lambda each: (-each.count, each.code, each.rule))


def statistics(report: Report) -> str:
    """Write a line a rule, in columns; `[*]` marks rules whose findings can all be fixed safely."""
    counts = rule_counts(report)
    cells = [
        (str(each.count), each.code, printable(each.rule), _files(each.files), _fixable(each))
        for each in counts
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join([row[0].rjust(widths[0]), *map(str.ljust, row[1:], widths[1:])]).rstrip()
        for row in cells
    ]
    return "".join(f"{line}\n" for line in lines)


def statistics_json(report: Report) -> str:
    """Write the same as one JSON object."""
    rules = [
        {
            "code": each.code,
            "rule": each.rule,
            "count": each.count,
            "files": each.files,
            "fixable": each.fixable,
        }
        for each in rule_counts(report)
    ]
    return json_text({"version": VERSION, "files": len(report.files), "rules": rules})


def _files(number: int) -> str:
    return f"in {number} file" if number == 1 else f"in {number} files"


def _fixable(each: RuleCount) -> str:
    if not each.fixable:
        return ""
    return "[*] fixable" if each.fixable == each.count else f"[-] {each.fixable} fixable"
