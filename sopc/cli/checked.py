"""Graph files as `sopc check` finds and reads them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sopc.diagnostics import Broken, Coverage, Finding, Place, Report, read_prose
from sopc.errors import SopcError, UsageError
from sopc.graph import Source
from sopc.graph.document import with_plain_line_ends
from sopc.graph.file import load_graph
from sopc.graph.problem import GraphFileError
from sopc.organization import Organization, find_organization, load_organization
from sopc.rules import Rule, check_graph

_ENDING = ".sop.yaml"


def check_files(
    paths: Sequence[Path], rules: Sequence[Rule], organization: Path | None = None
) -> Report:
    """Check graph files, and those in folders; a file that cannot be read does not stop the rest.

    Raises:
        UsageError: A path does not exist, a folder holds no graph file, or the organization file
            that was asked for is not valid.
    """
    given = load_organization(organization) if organization is not None else None
    run = _Run(rules, given)
    files = graph_files(paths)
    for path in files:
        run.check(path)
    return Report(tuple(run.findings), tuple(run.broken), len(files), run.texts, run.coverage)


def graph_files(paths: Sequence[Path]) -> list[Path]:
    """Give the graph files that paths stand for, each once, sorted.

    Raises:
        UsageError: A path does not exist, or a folder holds no graph file.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(
                f"there is no file or folder `{path}`",
                hint=f"graph files are called `NAME{_ENDING}`; `sopc compile` writes them",
            )
        files = list(_inside(path)) if path.is_dir() else [path]
        if not files:
            raise UsageError(
                f"folder `{path}` holds no `*{_ENDING}`",
                hint="`sopc compile` writes them",
            )
        found |= {file.as_posix(): file for file in files}
    return [found[shown] for shown in sorted(found)]


def _inside(folder: Path) -> Iterator[Path]:
    for path in folder.rglob(f"*{_ENDING}"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


@dataclass
class _Run:
    """One check of many files; organization files are read once each."""

    rules: Sequence[Rule]
    given: Organization | None
    findings: list[Finding] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)
    known: dict[Path, Organization | None] = field(default_factory=dict)

    def check(self, path: Path) -> None:
        shown = path.as_posix()
        try:
            loaded = load_graph(path)
        except UsageError as error:
            self._break(path, error)
            return
        self.texts[shown] = loaded.text
        source = loaded.graph.source
        prose = None
        if source is not None:
            folder = path.parent
            prose = read_prose(source, folder, lambda each: prose_text(folder / each.path, each))
            if prose.text is not None:
                self.texts[prose.path] = prose.text
        findings, coverage = check_graph(
            loaded, shown, self.rules, organization=self._organization(path), prose=prose
        )
        self.findings += findings
        self.coverage += coverage

    def _organization(self, path: Path) -> Organization | None:
        if self.given is not None:
            return self.given
        place = find_organization(path.parent)
        if place is None:
            return None
        here = Path.cwd()
        place = place.relative_to(here) if place.is_relative_to(here) else place
        if place not in self.known:
            self.known[place] = None
            try:
                self.known[place] = load_organization(place)
            except UsageError as error:
                self._break(place, error)
        return self.known[place]

    def _break(self, path: Path, error: UsageError) -> None:
        shown = path.as_posix()
        if not isinstance(error, GraphFileError):
            self.broken.append(Broken(Place(shown, 1, 1, 0), str(error), error.hint or ""))
            return
        content = path.read_bytes().decode("utf-8-sig", errors="replace")
        self.texts[shown] = with_plain_line_ends(content)
        for problem in error.problems:
            place = Place(shown, problem.line, problem.column, problem.length)
            self.broken.append(Broken(place, problem.message, problem.hint or ""))


def prose_text(path: Path, source: Source) -> str | None:
    """Give the text that citations of a source count in; None where no reader for it is here."""
    if source.media_type.startswith("text/"):
        with suppress(UnicodeDecodeError):
            return path.read_bytes().decode("utf-8-sig")
    try:
        from sopc_compiler.read.reader import read_document

        return read_document(path).text
    except (ImportError, SopcError):
        return None
