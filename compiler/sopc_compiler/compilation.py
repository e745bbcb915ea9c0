"""The compiler: one document in, one graph out, by a tuple of passes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sopc import __version__
from sopc.graph import Made, StepGraph
from sopc.organization import Organization
from sopc_compiler.answers import Anchors, Answers, AnswersReport, apply_answers
from sopc_compiler.fact import Facts
from sopc_compiler.llm.gateway import Gateway
from sopc_compiler.passes.assemble import assemble
from sopc_compiler.passes.bind import bind
from sopc_compiler.passes.extract import extract, prompt_hashes
from sopc_compiler.passes.merge import merge
from sopc_compiler.passes.operation import name_operations
from sopc_compiler.passes.parse import ParsedPassage, parse
from sopc_compiler.passes.propose import propose
from sopc_compiler.passes.question import questions
from sopc_compiler.read.document import Document

OnPass = Callable[[str, int, int], None]
"""Told of each pass: its name, its number from 1, how many there are."""


@dataclass(frozen=True, slots=True)
class Compilation:
    """A compiled document: its graph, and what became of people's answers."""

    graph: StepGraph
    answers: AnswersReport


@dataclass(slots=True)
class Work:
    """What the passes hand on to each other."""

    document: Document
    gateway: Gateway
    organization: Organization | None
    people: Answers | None
    source_path: str
    graph_id: str
    parsed: Sequence[ParsedPassage] = ()
    facts: Facts = field(default_factory=Facts)
    graph: StepGraph | None = None
    anchors: Anchors = field(default_factory=Anchors)
    report: AnswersReport = field(default_factory=AnswersReport)

    @property
    def assembled(self) -> StepGraph:
        """The graph, once it is there."""
        if self.graph is None:
            raise AssertionError("the graph is asked for before it is assembled")
        return self.graph


def _parse(work: Work) -> None:
    work.parsed = parse(work.document)


def _extract(work: Work) -> None:
    work.parsed = merge(work.parsed, extract(work.document, work.parsed, work.gateway))


def _link(work: Work) -> None:
    work.facts = propose(work.parsed)


def _assemble(work: Work) -> None:
    made = Made(sopc=__version__, model=work.gateway.settings.model, prompts=prompt_hashes())
    assembly = assemble(
        work.document,
        work.parsed,
        work.facts,
        organization=work.organization,
        made=made,
        source_path=work.source_path,
        graph_id=work.graph_id,
    )
    work.graph, work.anchors = assembly.graph, assembly.anchors


def _name(work: Work) -> None:
    work.graph = name_operations(work.assembled, work.organization)


def _question(work: Work) -> None:
    asked = questions(work.assembled, work.anchors, work.organization)
    work.graph = work.assembled.model_copy(update={"questions": asked})


def _answer(work: Work) -> None:
    if work.people is not None:
        work.graph, work.report = apply_answers(
            work.assembled, work.anchors, work.people, organization=work.organization
        )


def _bind(work: Work) -> None:
    work.graph = bind(work.assembled, work.anchors, work.organization, work.gateway)


PASSES: tuple[tuple[str, Callable[[Work], None]], ...] = (
    ("parse", _parse),
    ("extract", _extract),
    ("link", _link),
    ("assemble", _assemble),
    ("name", _name),
    ("question", _question),
    ("answer", _answer),
    ("bind", _bind),
)
"""The compiler, at a glance. Reading and segmenting come before, checking after."""


def compile_document(
    document: Document,
    *,
    gateway: Gateway,
    organization: Organization | None,
    answers: Answers | None,
    source_path: str,
    graph_id: str,
    on_pass: OnPass | None = None,
) -> Compilation:
    """Compile a document into its step graph.

    Args:
        document: The prose, read and segmented.
        gateway: The way to the model; unchanged passages are answered from its cache.
        organization: What names are resolved against.
        answers: What people said about earlier compilations.
        source_path: The prose's path as the graph file is to say it.
        graph_id: The id of the graph.
        on_pass: Told of each pass as it begins.

    Raises:
        WorkError: The model could not be asked.
        UsageError: An answer's value is none that its field can hold.
    """
    work = Work(document, gateway, organization, answers, source_path, graph_id)
    for number, (name, step) in enumerate(PASSES, 1):
        if on_pass is not None:
            on_pass(name, number, len(PASSES))
        step(work)
    return Compilation(work.assembled, work.report)
