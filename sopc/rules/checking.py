"""Checking a graph: every rule looks at it, and every flaw becomes a finding with its places."""

from collections.abc import Iterable, Mapping

from sopc.diagnostics import (
    Coverage,
    Finding,
    GraphSpan,
    Place,
    Prose,
    ProseSpan,
    fingerprint,
    told_apart,
)
from sopc.graph import AnswerCitation
from sopc.graph.file import LoadedGraph
from sopc.organization import Organization
from sopc.rules import coverage
from sopc.rules.context import CheckContext
from sopc.rules.part import procedure_of
from sopc.rules.rule import Flaw, GraphPath, Rule


def check_graph(
    loaded: LoadedGraph,
    path: str,
    rules: Iterable[Rule],
    *,
    organization: Organization | None = None,
    prose: Prose | None = None,
) -> tuple[list[Finding], Coverage]:
    """Let rules look at a graph.

    Args:
        loaded: The graph with the places of its file.
        path: The file, as it is shown to people.
        rules: Those that are to look, in any order.
        organization: The organization file that holds for it; None if there is none.
        prose: What is known of the prose behind it; None if it was not looked for.

    Returns:
        The findings by line, column and code, and how much of the prose is covered.
    """
    context = CheckContext(loaded.graph, organization, prose)
    writer = _Writer(loaded, path, prose)
    findings = (writer.finding(rule, flaw) for rule in rules for flaw in rule.check(context))
    return told_apart(findings), coverage.coverage(context)


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
            severity=rule.severity,
            confidence=flaw.confidence or rule.confidence,
            message=flaw.message,
            primary=self._span(flaw.at, flaw.label),
            prose=self._prose_span(flaw),
            related=tuple(self._span(at, label) for at, label in flaw.related),
            notes=flaw.notes,
            help=tuple(advice),
            step=flaw.step,
            fingerprint=self._fingerprint(rule, flaw),
        )

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
