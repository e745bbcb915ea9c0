"""Loading scenario files, with exact errors, and beside their graphs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from sopc.errors import UsageError
from sopc.graph.document import FileKind, compose, decoded, plain
from sopc.graph.mistake import problems_of
from sopc.graph.problem import GraphFileError, Problem
from sopc.graph.span import SpanIndex
from sopc_runtime.simulation.library import Library
from sopc_runtime.simulation.scenario import FORMAT, ScenarioFile
from sopc_runtime.simulation.scenario_mistake import mistakes_in
from sopc_runtime.simulation.scenario_values import with_shared

ENDING = ".scenario.yaml"
_LARGEST = 5_000_000
_KIND = FileKind("a scenario file", "a scenario file starts with `scenarios:`")


@dataclass(frozen=True)
class LoadedScenarios:
    """A scenario file, and the graph that it is about."""

    path: Path
    content: ScenarioFile
    library: Library


def load_scenarios(path: Path) -> LoadedScenarios:
    """Load a scenario file and its graph.

    Raises:
        GraphFileError: One of them is not valid; all its mistakes with their places.
        UsageError: One of them, or the organization file, cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read scenario file `{path}`: {reason}") from None
    if len(content) > _LARGEST:
        raise UsageError(f"scenario file `{path}` is larger than {_LARGEST:,} bytes")
    text, name = decoded(content, str(path)), str(path)
    if not text.strip():
        raise GraphFileError(name, [Problem(1, 1, "the file is empty", _KIND.start)])
    root = compose(text, name, _KIND)
    spans, data = SpanIndex(text, root), plain(root)
    if data.get("format", FORMAT) != FORMAT:
        place = spans.find(("format",))
        message = f"expected `format: {FORMAT}`, found `{data['format']}`"
        hint = "this release of sopc reads no other format of scenario files"
        problem = Problem(place.line, place.column, message, hint, place.length)
        raise GraphFileError(name, [problem])
    try:
        scenarios = ScenarioFile.model_validate(data)
    except ValidationError as error:
        raise GraphFileError(name, problems_of(error, data, spans, ScenarioFile)) from None
    graph = _graph(path, scenarios)
    if not graph.is_file():
        place = spans.find(("graph",))
        message = f"there is no graph file `{graph.as_posix()}`"
        hint = "name it by `graph: NAME.sop.yaml`, relative to this file"
        raise GraphFileError(name, [Problem(place.line, place.column, message, hint, place.length)])
    library = Library(graph)
    scenarios = with_shared(scenarios, library.graph)
    problems = []
    for each in mistakes_in(scenarios, library):
        place = spans.find(each.at)
        problems.append(Problem(place.line, place.column, each.message, each.hint, place.length))
    if problems:
        raise GraphFileError(name, problems)
    return LoadedScenarios(path, scenarios, library)


def _graph(path: Path, scenarios: ScenarioFile) -> Path:
    if scenarios.graph is not None:
        return path.parent / scenarios.graph
    return path.with_name(path.name.removesuffix(ENDING) + ".sop.yaml")


def scenario_files(paths: Sequence[Path]) -> list[Path]:
    """Give the scenario files that paths stand for, each once, sorted.

    A graph file, or prose, stands for the scenarios beside it.

    Raises:
        UsageError: A path does not exist, or there is no scenario file for it.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no file or folder `{path}`")
        files = sorted(_inside(path)) if path.is_dir() else [_beside(path)]
        if not files:
            raise UsageError(
                f"folder `{path}` holds no `*{ENDING}`",
                hint="docs/simulation.md says how scenarios are written",
            )
        found |= {file.as_posix(): file for file in files}
    return [found[shown] for shown in sorted(found)]


def _inside(folder: Path) -> Iterator[Path]:
    for path in folder.rglob(f"*{ENDING}"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def _beside(path: Path) -> Path:
    if path.name.endswith(ENDING):
        return path
    name = path.name.removesuffix(".sop.yaml")
    beside = path.with_name((name if name != path.name else path.stem) + ENDING)
    if not beside.is_file():
        raise UsageError(
            f"there are no scenarios for `{path}`", hint=f"write them as `{beside.as_posix()}`"
        )
    return beside
