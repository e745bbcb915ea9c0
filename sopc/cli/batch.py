"""Compiling one document after the other; one that fails does not stop the rest."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sopc.cli import failure, output
from sopc.cli.job import Job
from sopc.cli.stale import tell_answers
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sopc.graph import StepGraph
    from sopc.organization import Organization
    from sopc_compiler.answers import Answers, AnswersReport
    from sopc_compiler.llm import GatewayStats
    from sopc_compiler.read.document import Document


class Compiled(Protocol):
    """What comes of compiling."""

    @property
    def graph(self) -> "StepGraph":
        """The graph, answers applied."""

    @property
    def answers(self) -> "AnswersReport":
        """What became of the answers."""


class Compiler(Protocol):
    """Compiles a document; `sopc_compiler.compilation.compile_document` with its gateway."""

    def __call__(
        self,
        document: "Document",
        *,
        organization: "Organization | None",
        answers: "Answers | None",
        source_path: str,
        graph_id: str,
    ) -> Compiled:
        """Compile a document."""


@dataclass
class Batch:
    """Compiles jobs with the same settings.

    Attributes:
        compiler: What compiles.
        stats: Gives what was asked of the model so far.
        organization: The organization file for all; None to look for it by each document.
        max_bytes: Larger documents are refused.
        made: The graph files that are up to date now.
        worst: The worst exit status so far.
    """

    compiler: Compiler
    stats: Callable[[], "GatewayStats"]
    organization: Path | None
    max_bytes: int
    made: list[Path] = field(default_factory=list)
    worst: int = 0
    _known: dict[Path, "Organization"] = field(default_factory=dict)

    def run(self, jobs: list[Job]) -> None:
        """Compile all; failures are told, and counted in `worst`."""
        for job in jobs:
            try:
                self._compile(job)
            except Exception as error:  # noqa: BLE001 # the next document is still compiled
                self.worst = max(self.worst, failure.report(error, about=job.name))

    def _compile(self, job: Job) -> None:
        from sopc.graph.slug import slug
        from sopc_compiler.answers import load_answers

        started, before = time.monotonic(), replace(self.stats())
        document = self._document(job)
        old = _signed(job.graph)
        compilation = self.compiler(
            document,
            organization=self._organization(job),
            answers=load_answers(job.answers) if job.answers else None,
            source_path=job.source,
            graph_id=slug(job.stem),
        )
        graph = compilation.graph
        if old is not None:
            kept = {"signoffs": old.signoffs, "suppressions": old.suppressions}
            graph = graph.model_copy(update=kept)
        written = _written(graph, job.graph)
        if job.graph is not None:
            self.made.append(job.graph)
        tell_answers(compilation.answers, job.answers)
        spent = time.monotonic() - started
        output.note(_summary(graph, job, before, self.stats(), spent, written=written))

    def _document(self, job: Job) -> "Document":
        from sopc_compiler.read.reader import read_bytes, read_document

        if job.prose is not None:
            return read_document(job.prose, limit_bytes=self.max_bytes)
        data = sys.stdin.buffer.read(self.max_bytes + 1)
        if len(data) > self.max_bytes:
            raise UsageError(
                f"stdin is larger than {self.max_bytes:,} bytes",
                hint="split it, or raise the limit with `--max-bytes`",
            )
        return read_bytes(data, name=job.name)

    def _organization(self, job: Job) -> "Organization | None":
        from sopc.organization import find_organization, load_organization

        folder = job.prose.parent if job.prose else Path()
        path = self.organization or find_organization(folder)
        if path is None:
            return None
        if path not in self._known:
            self._known[path] = load_organization(path)
        return self._known[path]


def _signed(path: Path | None) -> "StepGraph | None":
    """Load the graph that will be replaced, so that what people added to it is kept."""
    from sopc.graph.file import load_graph

    if path is None or not path.exists():
        return None
    try:
        return load_graph(path).graph
    except UsageError as error:
        raise UsageError(
            f"{error}; it is not replaced, because its sign-offs and suppressions would be lost",
            hint="correct it, or remove it",
        ) from None


def _written(graph: "StepGraph", path: Path | None) -> bool:
    """Write a graph; tell whether the file changed."""
    from sopc.graph.file import dump_graph, save_graph

    if path is None:
        output.result(dump_graph(graph))
        return True
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.exists() else None
    save_graph(graph, path)
    return path.read_bytes() != before


def _summary(
    graph: "StepGraph",
    job: Job,
    before: "GatewayStats",
    now: "GatewayStats",
    seconds: float,
    *,
    written: bool,
) -> str:
    from sopc.rules.context import CheckContext
    from sopc.rules.prose.coverage import coverage

    percent = coverage(CheckContext(graph, None, None, date.max)).percent
    steps = sum(len(procedure.steps) for procedure in graph.procedures)
    cached = now.cached - before.cached
    asked = now.requests - before.requests - cached
    tokens = sum((now.prompt_tokens, now.completion_tokens)) - sum(
        (before.prompt_tokens, before.completion_tokens)
    )
    parts = [
        _counted(steps, "step"),
        _counted(len(graph.questions), "open question"),
        f"{percent}% of the instructing prose covered" if percent is not None else None,
        f"{asked} asked, {cached} cached" if asked or cached else "nothing asked",
        f"{tokens:,} tokens" if tokens else None,
        f"{seconds:.1f} s",
        None if written else "unchanged",
    ]
    target = job.graph.as_posix() if job.graph else "stdout"
    return f"{job.name} -> {target}: " + ", ".join(part for part in parts if part)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
