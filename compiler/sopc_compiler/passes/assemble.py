"""Assemble: the step graph of a document, from its facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sopc.graph import (
    Cadence,
    Condition,
    Deadline,
    Made,
    Procedure,
    Rung,
    Source,
    SourcePassage,
    Step,
    StepGraph,
    Trigger,
)
from sopc.graph.slug import slug
from sopc.organization import Organization
from sopc_compiler.answers.anchors import Anchors, Place
from sopc_compiler.fact import Facts, Span
from sopc_compiler.passes.cast import Cast
from sopc_compiler.passes.cite import Citer
from sopc_compiler.passes.decision import with_decisions
from sopc_compiler.passes.parse import ParsedPassage
from sopc_compiler.passes.section import Section, sections
from sopc_compiler.passes.steps import StepBuilder
from sopc_compiler.passes.timing import time_bound
from sopc_compiler.passes.triggers import trigger_model
from sopc_compiler.read.document import Document, passage_hash


@dataclass(frozen=True, slots=True)
class Assembly:
    """A graph without its questions, and where each passage went in it."""

    graph: StepGraph
    anchors: Anchors


def assemble(
    document: Document,
    parsed: Sequence[ParsedPassage],
    facts: Facts,
    *,
    organization: Organization | None,
    made: Made,
    source_path: str,
    graph_id: str,
) -> Assembly:
    """Build the graph of a document: its procedures, its cast, its passages."""
    assembler = _Assembler(document, parsed, facts, organization)
    procedures = assembler.procedures(graph_id)
    graph = StepGraph(
        id=graph_id,
        title=_title(document, graph_id),
        owner=document.metadata.get("owner"),
        source=Source(path=source_path, sha256=document.sha256, media_type=document.media_type),
        made=made,
        inputs=tuple(assembler.builder.inputs.values()),
        roles=assembler.cast.roles,
        systems=assembler.cast.systems,
        procedures=procedures,
        passages=tuple(_record(document, item) for item in parsed),
    )
    words = {passage_hash(item.passage): item.text for item in parsed}
    places = {key: tuple(found) for key, found in assembler.places.items()}
    return Assembly(graph, Anchors(passages=words, places=places))


class _Assembler:
    def __init__(
        self,
        document: Document,
        parsed: Sequence[ParsedPassage],
        facts: Facts,
        organization: Organization | None,
    ) -> None:
        self.parsed = parsed
        self.facts = facts
        self.citer = Citer(document)
        self.cast = Cast(facts, self.citer, organization)
        self.builder = StepBuilder(parsed, facts, self.cast, self.citer)
        self.places: dict[tuple[str, str], list[Place]] = {}
        self._document = document
        self._counted: dict[tuple[int, str], int] = {}

    def procedures(self, graph_id: str) -> tuple[Procedure, ...]:
        """Build one procedure a section."""
        taken: set[str] = set()
        built = []
        for section in sections(self.parsed, self.facts):
            heading = None if section.heading is None else self.parsed[section.heading]
            title = _title(self._document, graph_id) if heading is None else heading.text
            chosen = slug(graph_id if heading is None else title, taken)
            taken.add(chosen)
            built.append(self._procedure(section, chosen, title))
        return tuple(built)

    def _procedure(self, section: Section, chosen: str, title: str) -> Procedure:
        triggers: list[Trigger] = []
        for fact in section.triggers:
            item = self.parsed[fact.span.passage]
            trigger = trigger_model(fact, item, self.cast, self.citer, {t.id for t in triggers})
            triggers.append(trigger)
            self._anchor(fact.span, "trigger", Place(chosen, trigger.id))
        steps: list[Step] = []
        built, loose = self.builder.steps(section.passages)
        for step, span in built:
            steps.append(step)
            self._anchor(span, "step", Place(chosen, step.id))
        bounds = self._loose_bounds(section)
        for index in sorted(section.passages):
            key = (passage_hash(self.parsed[index].passage), "procedure")
            self.places.setdefault(key, []).append(Place(chosen))
        heading = section.heading if section.heading is not None else _first_heading(self.parsed)
        return Procedure(
            id=chosen,
            title=title,
            cite=None if heading is None else self.citer.cite(_whole(self.parsed[heading])),
            triggers=tuple(triggers),
            scope=self._scope(section),
            deadlines=tuple(b for b in bounds if isinstance(b, Deadline)),
            cadences=tuple(b for b in bounds if isinstance(b, Cadence)),
            escalation=(*self._loose_rungs(section), *loose),
            steps=with_decisions(steps),
        )

    def _anchor(self, span: Span, subject: str, place: Place) -> None:
        """Count the steps and triggers of a passage, so that answers can name them."""
        number = self._counted.get((span.passage, subject), 0) + 1
        self._counted[span.passage, subject] = number
        key = (passage_hash(self.parsed[span.passage].passage), f"{subject} {number}")
        self.places.setdefault(key, []).append(place)

    def _scope(self, section: Section) -> tuple[Condition, ...]:
        return tuple(
            self.builder.condition(fact)
            for fact in self.facts.conditions
            if fact.act is None and fact.span.passage in section.passages
        )

    def _loose_bounds(self, section: Section) -> list[Deadline | Cadence]:
        loose = [
            t for t in self.facts.times if t.act is None and t.span.passage in section.passages
        ]
        bounds = [time_bound(time, self.citer) for time in loose]
        return [bound for bound in bounds if isinstance(bound, Deadline | Cadence)]

    def _loose_rungs(self, section: Section) -> tuple[Rung, ...]:
        return tuple(
            self.builder.rung(fact)
            for fact in self.facts.escalations
            if fact.act is None and fact.span.passage in section.passages
        )


def _record(document: Document, item: ParsedPassage) -> SourcePassage:
    passage = item.passage
    start, end = passage.starts[0], passage.ends[-1]
    position = document.position(start)
    return SourcePassage(
        line=position.line,
        column=position.column,
        length=end - start,
        kind=passage.kind,
        hash=passage_hash(passage),
        instructs=item.instructs,
    )


def _whole(item: ParsedPassage) -> Span:
    return Span(item.passage.index, 0, len(item.text))


def _first_heading(parsed: Sequence[ParsedPassage]) -> int | None:
    return next((item.passage.index for item in parsed if item.passage.kind == "heading"), None)


def _title(document: Document, graph_id: str) -> str:
    """Give the document's title: front matter, else its first heading, else its file's name."""
    heading = next((p.text for p in document.passages if p.kind == "heading"), None)
    return document.metadata.get("title") or heading or graph_id.replace("-", " ").capitalize()
