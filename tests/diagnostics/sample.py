"""A report with one finding of each kind that formats have to show."""

from dataclasses import dataclass

from sopc.diagnostics import (
    Confidence,
    Coverage,
    Finding,
    Fix,
    GraphSpan,
    Place,
    ProseSpan,
    Report,
    Scope,
    Severity,
    TextEdit,
    fingerprint,
)

GRAPH = "\n" * 40 + "    when: amount > 500\n" + "\n" * 60 + "\ttitle: 返金 cafe\u0301 über 500\n"
PROSE = (
    "# Refunds\r\n\r\nRefunds over $500 need a manager; smaller\r\n  ones are automatic.\r\n\r\n"
    "Bitte 返金\u00a0sofort 👍 melden.\r\n"
)
LEAVE = """id: leave
steps:
  - id: file-request
    next: approve
  - id: approve
    next: file-request
  - id: pay
    when: totl > 5
    deadline: 2 days
"""


@dataclass(frozen=True)
class Text:
    """What a rule of the sample says about itself."""

    summary: str
    sections: tuple[tuple[str, str], ...] = ()

    def markdown(self) -> str:
        """Give it all."""
        parts = [self.summary, *(f"## {name}\n\n{text}" for name, text in self.sections)]
        return "\n\n".join(parts) + "\n"


@dataclass(frozen=True)
class Rule:
    """A rule as formats need to know it."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    explanation: Text


RULES = (
    Rule(
        "SOP003",
        "invalid-file",
        Severity.ERROR,
        Confidence.HIGH,
        Text("A file that cannot be read."),
    ),
    Rule(
        "SOP503",
        "incomplete-decision",
        Severity.ERROR,
        Confidence.HIGH,
        Text(
            "A decision that some value falls through.",
            (("What it does", "Looks at `when`."), ("Example", "```yaml\nwhen: a > 5\n```")),
        ),
    ),
    Rule(
        "SOP101",
        "missing-trigger",
        Severity.WARNING,
        Confidence.MEDIUM,
        Text("A procedure that nothing starts."),
    ),
    Rule(
        "SOP601",
        "judgment-words",
        Severity.NOTE,
        Confidence.LOW,
        Text("A step that runs alone and judges."),
    ),
)


def finding(
    code: str, rule: str, severity: Severity, message: str, primary: GraphSpan, **more: object
) -> Finding:
    """Make a finding; what is not given is empty."""
    parts = {
        "confidence": Confidence.HIGH,
        "prose": None,
        "related": (),
        "notes": (),
        "help": (),
        "step": None,
        "fingerprint": fingerprint(code, message),
    } | more
    return Finding(code, rule, severity, message=message, primary=primary, **parts)  # type: ignore[arg-type]


def _leave(at: tuple[str | int, ...], line: int, column: int, length: int, label: str) -> GraphSpan:
    return GraphSpan(at, Place("hr/leave.sop.yaml", line, column, length), label)


HOSTILE = finding(
    "SOP601",
    "judgment-words",
    Severity.NOTE,
    "`über` is \x1b[31mred\x1b[0m, or is it?\nno",
    GraphSpan(("title",), Place("refund.sop.yaml", 102, 9, 9)),
    prose=ProseSpan(Place("refund.md", 6, 7, 9)),
)
DECISION = finding(
    "SOP503",
    "incomplete-decision",
    Severity.ERROR,
    "decision `refund-limit` has no branch for an amount of exactly 500",
    GraphSpan(
        ("procedures", 0, "steps", 2, "branches", 0, "when"),
        Place("refund.sop.yaml", 41, 11, 12),
        "starts above 500",
    ),
    prose=ProseSpan(Place("refund.md", 3, 1, 64)),
    related=(GraphSpan((), Place("refund.sop.yaml", 41, 5, 5), "the branch"),),
    notes=("the other branch ends below 500",),
    help=("write `amount <= 500`, or add an `else` branch",),
    step="refund-limit",
    fix=Fix("starts the branch at 500", True, (TextEdit(57, 58, ">="),)),
)
NOWHERE = finding(
    "SOP101",
    "missing-trigger",
    Severity.WARNING,
    "it stands in a file that cannot be shown",
    GraphSpan(("id",), Place("elsewhere.sop.yaml", 7, 1, 3)),
    confidence=Confidence.LOW,
)
ROUND = finding(
    "SOP502",
    "endless-loop",
    Severity.ERROR,
    "no way leads out of `file-request` -> `approve` -> `file-request`",
    _leave(("steps", 0, "id"), 3, 9, 12, "leads back to itself"),
    step="file-request",
    chain=(
        _leave(("steps", 0, "next"), 4, 11, 7, "`file-request` leads on to `approve`"),
        _leave(("steps", 1, "next"), 6, 11, 12, "`approve` leads back to `file-request`"),
    ),
    help=("let one of these steps lead on to another step, or to `end`",),
)
NAME = finding(
    "SOP802",
    "unknown-name",
    Severity.ERROR,
    "nothing gives `totl`",
    _leave(("steps", 2, "when"), 8, 11, 4, ""),
    step="pay",
    fix=Fix("writes `total`, the nearest name", False, (TextEdit(117, 121, "total"),)),
)
UNREAD = finding(
    "SOP003",
    "invalid-file",
    Severity.ERROR,
    "key `id` stands twice",
    GraphSpan((), Place("broken.sop.yaml", 2, 1, 3)),
    help=("keep one of them",),
    unread=True,
)
ACCEPTED = finding(
    "SOP301",
    "missing-deadline",
    Severity.WARNING,
    "step `approve` has no deadline",
    _leave(("steps", 1, "id"), 5, 9, 7, ""),
    step="approve",
    accepted="the manager sits next door",
)
KNOWN = finding(
    "SOP302",
    "vague-time",
    Severity.NOTE,
    "`2 days` says not which days",
    _leave(("steps", 2, "deadline"), 9, 15, 6, ""),
    step="pay",
)
REPORT = Report(
    findings=(HOSTILE, DECISION, NOWHERE, NAME, ROUND, UNREAD),
    files=(
        "hr/leave.sop.yaml",
        "refund.sop.yaml",
        "elsewhere.sop.yaml",
        "broken.sop.yaml",
        "clean.sop.yaml",
    ),
    texts={
        "hr/leave.sop.yaml": LEAVE,
        "refund.sop.yaml": GRAPH,
        "refund.md": PROSE,
        "broken.sop.yaml": "id: a\nid: b\n",
    },
    coverage=Coverage(10, 11),
    suppressed=(ACCEPTED,),
    known=(KNOWN,),
    scopes={
        "clean.sop.yaml": Scope(frozenset({"SOP003", "SOP101"})),
        "elsewhere.sop.yaml": Scope(frozenset({"SOP003", "SOP101"}), Severity.WARNING),
    },
)
