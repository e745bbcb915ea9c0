"""`sopc test`: scenarios of procedures, run on a virtual clock and compared."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sopc.graph.problem import GraphFileError
    from sopc_runtime.simulation.coverage import Coverage
    from sopc_runtime.simulation.scenario_file import LoadedScenarios
    from sopc_runtime.simulation.scenario_run import Verdict

_MOST_MISSING = 10


def run_tests(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Scenario files, graphs that have some beside them, or folders; "
            "otherwise the folder here.",
            metavar="[PATH]...",
        ),
    ] = None,
    *,
    only: Annotated[
        str | None, typer.Option("--only", help="Only scenarios whose name contains these words.")
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(help="Write the results to this file, for CI systems.")
    ] = None,
    no_coverage: Annotated[
        bool, typer.Option("--no-coverage", help="Do not tell what no scenario shows.")
    ] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(help="Fail where less than so much percent is covered.", min=0, max=100),
    ] = None,
) -> None:
    """Run scenario files, `NAME.scenario.yaml`, and tell what is not as they say.

    Exit codes: 0 all passed, 1 some failed or too little is covered, 2 a file cannot be read
    or `--only` fits none.
    """
    from sopc.graph.problem import GraphFileError
    from sopc_runtime.simulation.coverage import Coverage
    from sopc_runtime.simulation.junit import junit as as_junit
    from sopc_runtime.simulation.scenario_file import load_scenarios, scenario_files

    seen = Coverage()
    results: list[tuple[str, list[Verdict]]] = []
    unread = False
    for path in scenario_files(paths or [Path()]):
        try:
            loaded = load_scenarios(path)
        except GraphFileError as error:
            _tell_mistakes(error)
            unread = True
        else:
            results.append((path.as_posix(), _run(loaded, seen, only)))
    verdicts = [each for _, found in results for each in found]
    if only is not None and not verdicts and not unread:
        # A misspelt name must not look like success.
        raise UsageError(f"no scenario's name contains `{only}`")
    if junit is not None:
        junit.write_text(as_junit(results), encoding="utf-8", newline="\n")
    if results and not no_coverage:
        output.result("\n".join(["", *_covered(seen)]))
    failed = sum(not each.passed for each in verdicts)
    if verdicts or not unread:
        output.result(_counted(len(verdicts), failed, None if no_coverage else seen.percent))
    too_little = fail_under is not None and seen.percent < fail_under
    if too_little:
        output.failure(f"{seen.percent:.0f}% are covered, less than {fail_under:g}%")
    if unread or failed or too_little:
        raise typer.Exit(2 if unread else 1)


def _run(loaded: "LoadedScenarios", seen: "Coverage", only: str | None) -> "list[Verdict]":
    from sopc_runtime.simulation.scenario_run import run_scenario

    for procedure in loaded.library.graph.procedures:
        seen.expect(loaded.library.program(procedure.id))
    verdicts = []
    for scenario in loaded.content.scenarios:
        if only is None or only.casefold() in scenario.name.casefold():
            verdict = run_scenario(scenario, loaded.library)
            seen.add(verdict.runs)
            _tell(loaded.path, verdict)
            verdicts.append(verdict)
    return verdicts


def _tell(path: Path, verdict: "Verdict") -> None:
    from sopc.diagnostics.printable import printable

    word, color = ("pass", "green") if verdict.passed else ("FAIL", "red")
    label = typer.style(word, fg=color, bold=True) if output.colored() else word
    lines = [f"{label}  {path.as_posix()}: {printable(verdict.scenario.name)}"]
    for miss in verdict.misses:
        lines.append(f"      {printable(miss.message)}")
        if miss.note is not None:
            lines.append(f"        {printable(miss.note)}")
    if not verdict.passed:
        lines += [f"      | {printable(line)}" for line in verdict.timeline()]
    output.result("\n".join(lines))
    for each in verdict.unused:
        output.note(f"note: `{verdict.scenario.name}`: `{each}` was not asked for")


def _tell_mistakes(error: "GraphFileError") -> None:
    for problem in error.problems:
        message = f"{error.file}:{problem.line}:{problem.column}: {problem.message}"
        output.failure(message, hint=problem.hint)


def _covered(coverage: "Coverage") -> list[str]:
    """Give a table: a line a procedure, then what is missing of each."""
    from sopc_runtime.simulation.coverage import Sort

    names = sorted(coverage.seen)
    width = max((len(each) for each in names), default=0)
    heads = [str(each) for each in Sort]
    lines = [" ".join(["coverage".ljust(width), *(f"{head:>10}" for head in heads)])]
    for name in names:
        cells = []
        for sort in Sort:
            seen, there = coverage.counts(name, sort)
            cells.append(f"{f'{seen}/{there}' if there else '-':>10}")
        lines.append(" ".join([name.ljust(width), *cells]))
    for name in names:
        missing = coverage.missing(name)
        shown = missing[:_MOST_MISSING]
        lines += [f"  not shown of {name}: {each.sort}: {each.words}" for each in shown]
        if len(missing) > _MOST_MISSING:
            lines.append(f"  not shown of {name}: {len(missing) - _MOST_MISSING} more")
    return lines


def _counted(number: int, failed: int, percent: float | None) -> str:
    noun = "scenario" if number == 1 else "scenarios"
    told = f"{number} {noun}, {failed} failed" if failed else f"{number} {noun} passed"
    return told if percent is None else f"{told}; {percent:.0f}% covered"
