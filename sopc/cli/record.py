"""Finished compilations, found again by everything that went into them.

Unchanged prose then costs neither language rules nor a model. Whatever is not exactly as it was is
compiled; the model's cached replies make that quick as well.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sopc.errors import SopcError
from sopc.graph import StepGraph
from sopc_compiler.answers import Answers, AnswersReport

if TYPE_CHECKING:
    from sopc.cli.batch import Compiled, Compiler
    from sopc.organization import Organization
    from sopc_compiler.read.document import Document


@dataclass(frozen=True)
class Recorded:
    """A compilation as it came out before."""

    graph: StepGraph
    answers: AnswersReport


class RecordingCompiler:
    """Compiles what it has not compiled before.

    Compilations whose answers do not all apply are not kept, so that they are told again.

    Args:
        compiler: What compiles.
        folder: Where graphs are kept, one file each.
        model: What decides the model's replies: its name, endpoint, parameters.
    """

    def __init__(self, compiler: "Compiler", folder: Path, model: Mapping[str, str]) -> None:
        self._compiler = compiler
        self._folder = folder
        self._model = dict(model)

    def __call__(
        self,
        document: "Document",
        *,
        organization: "Organization | None",
        answers: Answers | None,
        source_path: str,
        graph_id: str,
    ) -> "Compiled":
        """Compile a document, or give what came of it before."""
        entries = answers.entries if answers else ()
        parts = {
            "document": [document.name, document.media_type, document.sha256],
            "organization": organization.model_dump_json() if organization else None,
            "answers": [entry.model_dump_json() for entry in entries],
            "graph": [source_path, graph_id],
            "model": self._model,
            "program": _program(),
        }
        key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
        graph = self._get(key)
        if graph is not None:
            return Recorded(graph, AnswersReport(applied=tuple(entry.id for entry in entries)))
        made = self._compiler(
            document,
            organization=organization,
            answers=answers,
            source_path=source_path,
            graph_id=graph_id,
        )
        if not made.answers.stale and not made.answers.unused:
            self._put(key, made.graph)
        return made

    def _get(self, key: str) -> StepGraph | None:
        from sopc.graph.file import loads_graph

        try:
            return loads_graph((self._folder / key).read_text(encoding="utf-8")).graph
        except (OSError, ValueError, SopcError):
            return None

    def _put(self, key: str, graph: StepGraph) -> None:
        """Keep a graph; where that cannot be done, nothing is lost but time."""
        from sopc.graph.file import dump_graph

        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(dump_graph(graph))
            Path(name).replace(self._folder / key)


@cache
def _program() -> str:
    """Name this very program: its files' sizes and times, so that an edit or an upgrade counts."""
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        status = path.stat()
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    import sopc
    import sopc_compiler

    packages = [Path(sopc.__path__[0]), Path(sopc_compiler.__path__[0])]
    prompts = packages[1].parents[1] / "prompts"  # a checkout's; an install has them in the package
    for folder in (*packages, prompts):
        yield from (path for path in folder.rglob("*") if path.suffix in {".py", ".j2", ".json"})
