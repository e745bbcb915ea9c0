"""A graph's facts in the form in which readers label documents, for scoring.

A fact quotes one line of the document verbatim and gives its number, 1-based. Of a quote that
spans lines, the first line's part is given, of a time expression the longest.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from sopc.graph import (
    ActionStep,
    ApprovalStep,
    Cadence,
    Citation,
    Condition,
    Deadline,
    DecisionStep,
    Delay,
    HumanTaskStep,
    ProseCitation,
    Rung,
    Step,
    StepGraph,
    WaitStep,
)
from sopc_compiler.read.document import Document

Fact = dict[str, Any]
LINE_END = re.compile(r"\r\n|\r|\n")
"""What ends a line, as documents count lines."""
_LINK_END = re.compile(r"\]\([^)]*\)?$")
_NEAR = 24
"""Code points between somebody's name and their act for both to make one clause."""


def graph_facts(graph: StepGraph, document: Document) -> list[Fact]:
    """List the facts that a graph cites, each once, in the order of the document."""
    writer = _Writer(document)
    for role in graph.roles:
        writer.add("role", role.cite)
    for system in graph.systems:
        writer.add("system", system.cite)
    for procedure in graph.procedures:
        for trigger in procedure.triggers:
            writer.add("trigger", trigger.cite, kind=trigger.kind)
        writer.conditions(procedure.scope)
        writer.bounds((*procedure.deadlines, *procedure.cadences))
        for rung in procedure.escalation:
            writer.rung(rung)
        for step in procedure.steps:
            writer.step(step)
    return sorted(writer.facts, key=lambda fact: (fact["line"], fact["type"]))


class _Writer:
    """The facts of one document so far, each once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[tuple[str, int, int]] = set()
        self.facts: list[Fact] = []

    def add(self, label: str, cite: Citation | None, **more: object) -> None:
        """Add a fact that the prose states; what people answered is not in the prose."""
        if isinstance(cite, ProseCitation):
            start = self._document.offset(cite.line, cite.column)
            self._add_span(label, start, start + cite.length, more)

    def _add_span(self, kind: str, start: int, end: int, more: dict[str, object]) -> None:
        if (kind, start, end) in self._seen:
            return
        self._seen.add((kind, start, end))
        source = _LINK_END.sub("]", self._document.text[start:end])
        lines = LINE_END.split(source)
        chosen = 0
        if kind == "time":
            chosen = max(
                range(len(lines)), key=lambda number: (len(lines[number].strip()), -number)
            )
        line = self._document.position(start).line + chosen
        self.facts.append({"type": kind, "line": line, "quote": lines[chosen].strip(), **more})

    def step(self, step: Step) -> None:
        """Add a step's act and all that governs it."""
        if isinstance(step, DecisionStep):
            self.conditions(branch.when for branch in step.branches)
            self.add("condition", step.citations.get("otherwise"))
            return
        title, role = step.citations.get("title"), step.citations.get("role")
        system = step.citations.get("system")
        self.add("action", title, kind=_kind(step), actor=_quote(role), system=_quote(system))
        if step.handles is not None:
            self._clause(role, title, None)
        self.conditions(step.when)
        self.bounds((*step.deadlines, *step.delays, *step.cadences))
        for rung in step.escalation:
            self.rung(rung)
        if step.retry is not None:
            self.add("action", step.retry.cite, kind="act", actor=None, system=None)
            self.add("escalation", step.retry.cite, to=None)
            self.conditions(step.retry.when)
            self.bounds(step.retry.delays)

    def rung(self, rung: Rung) -> None:
        """Add a rung, which is an act and an escalation at once."""
        self.add("action", rung.cite, kind="notify", actor=_quote(rung.by_cite), system=None)
        self._clause(rung.by_cite, rung.cite, _quote(rung.to_cite))
        self.conditions(rung.when)
        self.bounds((*rung.deadlines, *rung.delays))

    def _clause(self, by: Citation | None, act: Citation | None, to: str | None) -> None:
        """Add an escalation, with the words that name who acts where they stand beside the act."""
        if not isinstance(act, ProseCitation):
            return
        start = self._document.offset(act.line, act.column)
        end = start + act.length
        if isinstance(by, ProseCitation):
            begin = self._document.offset(by.line, by.column)
            if 0 <= start - (begin + by.length) <= _NEAR:
                start = begin
        self._add_span("escalation", start, end, {"to": to})

    def conditions(self, conditions: Iterable[Condition]) -> None:
        """Add conditions."""
        for condition in conditions:
            self.add("condition", condition.cite)

    def bounds(self, bounds: Iterable[Deadline | Delay | Cadence]) -> None:
        """Add time bounds, and the conditions on them."""
        for bound in bounds:
            self.add("time", bound.cite, vague=bound.vague)
            self.conditions(bound.when)


def _kind(step: Step) -> str:
    match step:
        case ApprovalStep():
            return "approve"
        case WaitStep():
            return "wait"
        case HumanTaskStep(judgment=True):
            return "decide"
        case ActionStep(operation="notify"):
            return "notify"
    return "act"


def _quote(cite: Citation | None) -> str | None:
    return cite.quote if isinstance(cite, ProseCitation) else None


def all_citations(graph: StepGraph) -> Iterator[ProseCitation]:
    """Walk through every citation of a graph, to prove that each stands in the prose."""

    def walk(value: object) -> Iterator[ProseCitation]:
        if isinstance(value, ProseCitation):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, tuple):
            for inner in value:
                yield from walk(inner)
        elif isinstance(value, BaseModel):
            for name in type(value).model_fields:
                yield from walk(getattr(value, name))

    yield from walk(graph)
