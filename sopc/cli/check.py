"""`sopc check`: what would go wrong when the procedure runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.cli.judgment import AsOf, FailOn
from sopc.cli.report_format import Format, Shown
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sopc.checking import CheckOptions


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Graph files, or folders to search for `*.sop.yaml`.", metavar="PATH"),
    ] = None,
    *,
    format_: Annotated[
        Format, typer.Option("--format", help="How findings are written.")
    ] = Format.FULL,
    select: Annotated[
        list[str] | None,
        typer.Option(help="Only these rules: codes, names, beginnings of codes.", metavar="RULE"),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Not these rules.", metavar="RULE")
    ] = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(help="The least severity that makes the exit code 1; `error` by default."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 on any finding, notes included.")
    ] = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 whatever is found.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend the files where that is safe.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With `--fix` or `--diff`: guesses as well.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what `--fix` would change, and change nothing.")
    ] = False,
    baseline: Annotated[
        Path | None,
        typer.Option(help="Findings that this file knows are not told.", metavar="FILE"),
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Take out of the baseline what is mended.")
    ] = False,
    grow_baseline: Annotated[
        bool, typer.Option("--grow-baseline", help="Add to the baseline whatever is found now.")
    ] = False,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count findings by rule instead of telling them.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file changes.")
    ] = False,
    organization: Annotated[
        Path | None,
        typer.Option(help="The organization file; otherwise the nearest `organization.yaml`."),
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Check step graphs, without a model.

    Looks for missing triggers, systems, deadlines and ways out, and for whatever the prose says and
    the graph does not. Settings stand in `sopc.toml`, in the table `[check]`; flags win over them.
    Exit codes: 0 nothing at or above `--fail-on`, 1 findings, 2 a file that cannot be read.
    """
    from sopc.checking import CheckOptions, check_files
    from sopc.cli.baselines import write_baselines
    from sopc.diagnostics import Severity

    writes = [
        flag
        for flag, given in (
            ("--fix", fix),
            ("--update-baseline", update_baseline),
            ("--grow-baseline", grow_baseline),
        )
        if given
    ]
    form = f"--format {format_.value}"
    _refuse(
        ("--strict", strict, "--fail-on", fail_on is not None),
        ("--statistics", statistics, form, format_ not in {Format.FULL, Format.JSON}),
        ("--statistics", statistics, "--diff", diff),
        *(("--watch", watch, flag, True) for flag in (*writes, *(["--diff"] if diff else []))),
        *(("--diff", diff, flag, True) for flag in writes if flag != "--fix"),
    )
    if unsafe_fixes and not (fix or diff):
        raise UsageError("`--unsafe-fixes` goes with `--fix` or `--diff`", hint="add one of them")
    least = FailOn.NOTE if strict else fail_on
    options = CheckOptions(
        select=tuple(_listed(select)),
        ignore=tuple(_listed(ignore)),
        fail_on=Severity(least.value) if least else None,
        organization=organization,
        baseline=baseline,
        baseline_may_be_missing=grow_baseline,
        today=as_of.date() if as_of else None,
    )
    if (diff or fix) and _mended(paths or [Path()], options, unsafe=unsafe_fixes, write=not diff):
        raise typer.Exit(0 if exit_zero else 1)
    if diff:
        return
    show = Shown(format_, statistics=statistics)
    if watch:
        from sopc.cli.watch import watched

        watched(paths or [Path()], options, show)
        return
    if update_baseline or grow_baseline:
        write_baselines(paths or [Path()], options, shrink=update_baseline, grow=grow_baseline)
    report = check_files(paths or [Path()], options)
    show(report)
    if report.unread:
        raise typer.Exit(2)
    if report.failing and not exit_zero:
        raise typer.Exit(1)


def _refuse(*pairs: tuple[str, bool, str, bool]) -> None:
    """Refuse flags that exclude each other, each given with whether it was set."""
    for one, is_one, other, is_other in pairs:
        if is_one and is_other:
            raise UsageError(
                f"`{one}` and `{other}` exclude each other", hint="leave one of them out"
            )


def _mended(paths: Sequence[Path], options: "CheckOptions", *, unsafe: bool, write: bool) -> bool:
    """Mend files, or show how; tell whether there is a difference that was not written."""
    from sopc.checking.fixing import mend_files
    from sopc.checking.graph_files import graph_files

    changed = False
    for mended in mend_files(graph_files(paths), options, unsafe=unsafe):
        count = len(mended.findings)
        told = f"{count} finding{'' if count == 1 else 's'}"
        if write:
            mended.write()
            output.note(f"`{mended.path}`: mended {told}")
        else:
            output.result(mended.diff())
            flags = "--fix --unsafe-fixes" if unsafe else "--fix"
            output.note(f"`{mended.path}`: `{flags}` would mend {told}")
            changed = True
    return changed


def _listed(selectors: Sequence[str] | None) -> list[str]:
    """Take selectors apart that were given with commas."""
    return [part for each in selectors or () for part in each.split(",") if part.strip()]
