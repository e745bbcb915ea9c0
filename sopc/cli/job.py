"""What is compiled from where to where."""

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sopc.cli.documents import documents
from sopc.cli.naming import GRAPH, answers_beside, graph_beside, stem
from sopc.errors import UsageError


@dataclass(frozen=True)
class Job:
    """One document to compile.

    Attributes:
        prose: The file; None for stdin.
        name: What messages call it.
        graph: The file to write; None for stdout.
        answers: The file with people's answers; None if there is none.
    """

    prose: Path | None
    name: str
    graph: Path | None
    answers: Path | None

    @property
    def source(self) -> str:
        """The prose's path as the graph holds it: relative to the graph, with `/`."""
        if self.prose is None:
            return self.name
        start = self.graph.parent if self.graph else Path()
        return Path(os.path.relpath(self.prose, start)).as_posix()

    @property
    def stem(self) -> str:
        """The NAME of the document's files."""
        return stem(self.prose or Path(self.name))


def jobs(
    inputs: Sequence[str], *, to: Path | None, stdout: bool, name: str, answers: Path | None
) -> list[Job]:
    """Plan what goes where; `-` is stdin, called `name`.

    `to` is the graph file of a single document, or the folder of several.

    Raises:
        UsageError: the flags do not fit the documents, or two documents would be one graph file.
    """
    if "-" in inputs:
        if len(inputs) > 1:
            raise UsageError("stdin cannot be compiled together with files", hint="call it twice")
        target = to / (Path(name).stem + GRAPH) if to is not None and _is_folder(to) else to
        target = None if stdout else target
        return [Job(None, name, target, answers or (answers_beside(target) if target else None))]
    proses = documents([Path(one) for one in inputs])
    if len(proses) > 1 and (answers is not None or stdout):
        flag = "--answers" if answers is not None else "--stdout"
        raise UsageError(
            f"`{flag}` is for one document, and there are {len(proses)}",
            hint="call it once for each",
        )
    if len(proses) > 1 and to is not None and not _is_folder(to):
        raise UsageError(
            f"`{to}` is one file, and there are {len(proses)} documents",
            hint=f"`-o {to}/` writes them into a folder",
        )
    planned = [
        Job(
            prose,
            str(prose),
            None if stdout else _target(prose, to),
            answers or answers_beside(prose),
        )
        for prose in proses
    ]
    _refuse_twins(planned)
    return planned


def _target(prose: Path, to: Path | None) -> Path:
    if to is None:
        return graph_beside(prose)
    return to / graph_beside(prose).name if _is_folder(to) else to


def _is_folder(path: Path) -> bool:
    """Tell whether `-o` means a folder: one that is there, or a name that is no YAML file's."""
    return path.is_dir() or path.suffix not in {".yaml", ".yml"}


def _refuse_twins(planned: Sequence[Job]) -> None:
    by_graph: dict[Path, list[str]] = defaultdict(list)
    for job in planned:
        if job.graph is not None:
            by_graph[job.graph].append(job.name)
    for graph, names in by_graph.items():
        if len(names) > 1:
            listed = " and ".join(f"`{name}`" for name in names)
            raise UsageError(
                f"{listed} would both be written to `{graph}`", hint="rename one of them"
            )
