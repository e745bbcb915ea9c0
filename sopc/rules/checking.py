"""Checking a graph: every rule looks at it, and every flaw becomes a finding with its places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sopc.diagnostics import (
    Coverage,
    Finding,
    Fix,
    GraphSpan,
    Place,
    Prose,
    ProseSpan,
    TextEdit,
    fingerprint,
    told_apart,
)
from sopc.graph import AnswerCitation
from sopc.graph.edit import edits
from sopc.graph.file import LoadedGraph
from sopc.organization import Organization
from sopc.rules.context import CheckContext
from sopc.rules.part import procedure_of
from sopc.rules.prose import coverage
from sopc.rules.registry import RULES
from sopc.rules.rule import FileRule, Flaw, GraphPath, GraphRule, Repair, Rule, SuppressionRule
from sopc.rules.suppressing import Suppressing, accepted
from sopc.rules.unread import UnreadFile


@dataclass(frozen=True, slots=True)
class Checked:
    """What rules say about one graph.

    Attributes:
        findings: By line, column and code.
        suppressed: Those that the graph accepts.
        coverage: How much of the prose is covered.
    """

    findings: list[Finding]
    suppressed: list[Finding]
    coverage: Coverage


def check_graph(
    loaded: LoadedGraph,
    path: str,
    rules: Iterable[Rule],
    *,
    organization: Organization | None = None,
    prose: Prose | None = None,
    today: date | None = None,
) -> Checked:
    """Let rules look at a graph.

    Args:
        loaded: The graph with the places of its file.
        path: The file, as it is shown to people.
        rules: Those that are to look, in any order.
        organization: The organization file that holds for it; None if there is none.
        prose: What is known of the prose behind it; None if it was not looked for.
        today: The day that people, systems and suppressions are judged on; today if left out.
    """
    day = today or date.today()  # noqa: DTZ011 # the day where the people are
    context = CheckContext(loaded.graph, organization, prose, day)
    writer = _Writer(loaded, path, prose)
    ran = tuple(rules)
    found = told_apart(
        writer.finding(rule, flaw)
        for rule in ran
        if isinstance(rule, GraphRule)
        for flaw in rule.check(context)
    )
    standing, suppressed, used = accepted(found, loaded.graph, day)
    suppressing = Suppressing(loaded.graph, ran, RULES, used, day)
    about = [
        writer.finding(rule, flaw)
        for rule in ran
        if isinstance(rule, SuppressionRule)
        for flaw in rule.check(suppressing)
    ]
    return Checked(told_apart([*standing, *about]), suppressed, coverage.coverage(context))


def unread_findings(file: UnreadFile) -> list[Finding]:
    """Say why a file could not be read; no rule about files can be left out."""
    found = []
    for rule in RULES:
        if not isinstance(rule, FileRule):
            continue
        for problem in rule.check(file):
            place = Place(file.path, problem.line, problem.column, problem.length)
            name = fingerprint(rule.code, file.path, problem.message)
            found.append(
                Finding(
                    code=rule.code,
                    rule=rule.name,
                    severity=rule.severity,
                    confidence=rule.confidence,
                    message=problem.message,
                    primary=GraphSpan((), place),
                    prose=None,
                    related=(),
                    notes=(),
                    help=(problem.hint,) if problem.hint else (),
                    step=None,
                    fingerprint=name,
                    unread=True,
                )
            )
    return told_apart(found)


class _Writer:
    def __init__(self, loaded: LoadedGraph, path: str, prose: Prose | None) -> None:
        self._loaded = loaded
        self._path = path
        self._prose = prose
        self._asked = _questions(loaded)

    def finding(self, rule: Rule, flaw: Flaw) -> Finding:
        asked = self._asked.get(_field(flaw.about))
        advice = [flaw.help] if flaw.help else []
        if asked:
            advice.append(f"`sopc ask {self._path}` takes the answer to: {asked}")
        return Finding(
            code=rule.code,
            rule=rule.name,
            severity=flaw.severity or rule.severity,
            confidence=flaw.confidence or rule.confidence,
            message=flaw.message,
            primary=self._span(flaw.at, flaw.label),
            prose=self._prose_span(flaw),
            related=tuple(self._span(at, label) for at, label in flaw.related),
            notes=flaw.notes,
            help=tuple(advice),
            step=flaw.step,
            fingerprint=self._fingerprint(rule, flaw),
            chain=tuple(self._span(at, label) for at, label in flaw.chain),
            fix=self._fix(flaw.repair) if flaw.repair else None,
        )

    def _fix(self, repair: Repair) -> Fix:
        text, spans = self._loaded.text, self._loaded.spans
        changed = tuple(TextEdit(*edit) for edit in edits(text, spans, repair.changes))
        return Fix(repair.title, repair.safe, changed)

    def _fingerprint(self, rule: Rule, flaw: Flaw) -> str:
        graph = self._loaded.graph
        procedure = procedure_of(graph, flaw.at)
        within = procedure.id if procedure else ""
        return fingerprint(rule.code, graph.id, within, flaw.about, flaw.key)

    def _span(self, at: GraphPath, label: str) -> GraphSpan:
        span = self._loaded.spans.find(at)
        return GraphSpan(at, Place(self._path, span.line, span.column, span.length), label)

    def _prose_span(self, flaw: Flaw) -> ProseSpan | None:
        cite, prose = flaw.cite, self._prose
        if cite is None or isinstance(cite, AnswerCitation) or prose is None or prose.text is None:
            return None
        return ProseSpan(Place(prose.path, cite.line, cite.column, cite.length), flaw.says)


def _questions(loaded: LoadedGraph) -> Mapping[str, str]:
    """Give what is asked about each field, the first question where there are several."""
    asked: dict[str, str] = {}
    for question in loaded.graph.questions:
        asked.setdefault(_field(question.about), question.asks)
    return asked


def _field(about: str) -> str:
    """Give a field's words so that `deadline` and `deadlines` are the same field."""
    return ".".join(word.removesuffix("s") for word in about.split("."))
