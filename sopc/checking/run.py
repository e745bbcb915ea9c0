"""One check of many files: rules, settings, suppressions and the baseline together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sopc.checking.baseline import Baseline, load_baseline
from sopc.checking.graph_files import graph_files
from sopc.checking.options import CheckOptions
from sopc.checking.prose_text import prose_text
from sopc.checking.settings import (
    CheckSettings,
    EffectiveSettings,
    load_settings,
    loads_settings,
)
from sopc.diagnostics import Coverage, Finding, Prose, Report, read_prose, unsaved_prose
from sopc.diagnostics.report import Scope
from sopc.errors import UsageError
from sopc.graph.document import with_plain_line_ends
from sopc.graph.file import LoadedGraph, load_graph
from sopc.graph.problem import GraphFileError, Problem, UnknownFormatError
from sopc.organization import (
    Organization,
    find_organization,
    load_organization,
    loads_organization,
)
from sopc.rules import GraphRule, Rule, check_graph, chosen, unread_findings
from sopc.rules.rule import SuppressionRule
from sopc.rules.unread import FileKind, UnreadFile
from sopc.settings import find_settings


def check_files(paths: Sequence[Path], options: CheckOptions = CheckOptions()) -> Report:  # noqa: B008 # immutable
    """Check graph files, and those in folders; a file that cannot be read does not stop the rest.

    Raises:
        UsageError: A path does not exist, a folder holds no graph file, a selector fits no rule,
            or a file that a flag names (organization, baseline) is not valid.
    """
    return check_run(paths, options).report()


def check_run(paths: Sequence[Path], options: CheckOptions) -> "CheckRun":
    """Check as `check_files` does, and give what held for the files besides."""
    chosen(options.select, options.ignore)
    run = CheckRun(options)
    for path in graph_files(paths):
        run.check(path)
    return run


@dataclass
class CheckRun:
    """Checks graph files one by one; what is around them is read once.

    Attributes:
        options: What flags say.
        unsaved: Texts that an editor holds of prose, settings and organization files, by resolved
            path: they stand for what is on the disk.
    """

    options: CheckOptions
    unsaved: Mapping[Path, str] = field(default_factory=dict)
    _findings: list[Finding] = field(default_factory=list)
    _suppressed: list[Finding] = field(default_factory=list)
    _known: list[Finding] = field(default_factory=list)
    _files: list[str] = field(default_factory=list)
    _texts: dict[str, str] = field(default_factory=dict)
    _coverage: Coverage = field(default_factory=Coverage)
    _organizations: dict[Path, Organization | None] = field(default_factory=dict)
    _settings: dict[Path, CheckSettings] = field(default_factory=dict)
    _baselines: dict[Path, Baseline] = field(default_factory=dict)
    _scopes: dict[str, Scope] = field(default_factory=dict)
    _under: dict[Path, list[Finding]] = field(default_factory=dict)
    _places: dict[tuple[str, Path], Path | None] = field(default_factory=dict)

    def report(self) -> Report:
        """Give everything that was found so far."""
        return Report(
            findings=tuple(self._findings),
            files=tuple(self._files),
            texts=self._texts,
            coverage=self._coverage,
            suppressed=tuple(self._suppressed),
            known=tuple(self._known),
            scopes=self._scopes,
        )

    def check(self, path: Path) -> None:
        """Check one graph file."""
        shown = path.as_posix()
        self._files.append(shown)
        try:
            loaded = load_graph(path)
        except UsageError as error:
            self._unread(path, FileKind.GRAPH, error)
            return
        self.check_loaded(loaded, path)

    def check_loaded(self, loaded: LoadedGraph, path: Path) -> None:
        """Check a graph that was read, from the file at `path` or from an editor."""
        shown = path.as_posix()
        settings = self._settings_of(path)
        self._texts[shown] = loaded.text
        own = settings.of(path)
        rules = self._rules(own)
        codes = frozenset(rule.code for rule in rules)
        self._scopes[shown] = Scope(codes, self.options.fail_on or own.fail_on)
        organization = self._organization(path)
        if organization is None and self._nearest("organization", path) is not None:
            # What the file might say cannot be known, nor which suppressions it would need.
            rules = tuple(rule for rule in rules if not _leans_on_organization(rule))
        checked = check_graph(
            loaded,
            shown,
            rules,
            organization=organization,
            prose=self._prose(loaded, path),
            today=self.options.today,
        )
        baseline = self._baseline(settings)
        if baseline is not None:
            self._under.setdefault(baseline.path, []).extend(checked.findings)
        for finding in checked.findings:
            if baseline is not None and baseline.holds(finding):
                self._known.append(finding)
            else:
                self._findings.append(finding)
        self._suppressed += checked.suppressed
        self._coverage += checked.coverage

    def _rules(self, settings: EffectiveSettings) -> tuple[Rule, ...]:
        select = self.options.select or settings.select
        return chosen(select, (*self.options.ignore, *settings.ignore))

    def _prose(self, loaded: LoadedGraph, path: Path) -> Prose | None:
        source = loaded.graph.source
        if source is None:
            return None
        folder = path.parent
        unsaved = self._unsaved(folder / source.path)
        if unsaved is not None:
            prose = unsaved_prose(source, folder, unsaved)
        else:
            prose = read_prose(source, folder, lambda each: prose_text(folder / each.path, each))
        if prose.text is not None:
            self._texts[prose.path] = prose.text
        return prose

    def _settings_of(self, path: Path) -> CheckSettings:
        place = self._nearest("settings", path) if self.options.settings else None
        if place is None:
            return CheckSettings()
        if place not in self._settings:
            self._settings[place] = CheckSettings()
            try:
                text = self._unsaved(place)
                self._settings[place] = (
                    load_settings(place) if text is None else loads_settings(text, place)
                )
            except UsageError as error:
                self._unread(place, FileKind.SETTINGS, error)
        return self._settings[place]

    def _baseline(self, settings: CheckSettings) -> Baseline | None:
        place = self.options.baseline or settings.baseline
        if place is None:
            return None
        if place not in self._baselines:
            self._baselines[place] = load_baseline(
                place, missing_is_empty=self.options.baseline_may_be_missing
            )
        return self._baselines[place]

    def judged(self) -> Mapping[str, Scope]:
        """Give how each file was checked, by shown path, where that says what it still has.

        That is nowhere if the settings or the organization file could not be read.
        """
        broken = any(
            each.unread and each.primary.place.path not in self._files for each in self._findings
        )
        return {} if broken else self._scopes

    def baselines(self) -> tuple[Baseline, ...]:
        """Give the baselines that held for the files that were checked."""
        return tuple(self._baselines.values())

    def under(self, baseline: Baseline) -> tuple[Finding, ...]:
        """Give the findings in files that a baseline held for, known ones included."""
        return tuple(self._under.get(baseline.path, ()))

    def _organization(self, path: Path) -> Organization | None:
        place = self.options.organization
        if place is not None:
            if place not in self._organizations:
                self._organizations[place] = load_organization(place)
            return self._organizations[place]
        place = self._nearest("organization", path)
        if place is None:
            return None
        if place not in self._organizations:
            self._organizations[place] = None
            try:
                text = self._unsaved(place)
                self._organizations[place] = (
                    load_organization(place)
                    if text is None
                    else loads_organization(text, str(place))
                )
            except UsageError as error:
                self._unread(place, FileKind.ORGANIZATION, error)
        return self._organizations[place]

    def _nearest(self, what: str, path: Path) -> Path | None:
        """Give the nearest file of a kind, shown relative to the working folder where it can be."""
        key = (what, path.parent)
        if key not in self._places:
            find = find_settings if what == "settings" else find_organization
            place, here = find(path.parent), Path.cwd()
            if place is not None and place.is_relative_to(here):
                place = place.relative_to(here)
            self._places[key] = place
        return self._places[key]

    def _unsaved(self, path: Path) -> str | None:
        try:
            return self.unsaved.get(path.resolve()) if self.unsaved else None
        except (OSError, RuntimeError, ValueError):  # no path at all, or links in a circle
            return None

    def _unread(self, path: Path, kind: FileKind, error: UsageError) -> None:
        shown = path.as_posix()
        problems = [Problem(1, 1, str(error), error.hint, 0)]
        if isinstance(error, GraphFileError):
            content = self._unsaved(path)
            if content is None:
                content = path.read_bytes().decode("utf-8-sig", errors="replace")
            self._texts[shown] = with_plain_line_ends(content)
            problems = list(error.problems)
        unknown = isinstance(error, UnknownFormatError)
        self._findings += unread_findings(UnreadFile(shown, kind, tuple(problems), unknown))


def _leans_on_organization(rule: Rule) -> bool:
    return isinstance(rule, SuppressionRule) or (
        isinstance(rule, GraphRule) and rule.leans_on_organization
    )
