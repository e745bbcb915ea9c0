"""`sopc check`: what would go wrong when the procedure runs."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sopc.cli import output


class Format(StrEnum):
    """How findings are written."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"


class FailOn(StrEnum):
    """The least severity that makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


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
        FailOn | None, typer.Option(help="The least severity that makes the exit code 1.")
    ] = None,
    organization: Annotated[
        Path | None,
        typer.Option(help="The organization file; otherwise the nearest `organization.yaml`."),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The day that people and systems are judged on; otherwise today.",
            metavar="DATE",
        ),
    ] = None,
) -> None:
    """Check step graphs, without a model.

    Looks for missing triggers, systems, deadlines and ways out, and for whatever the prose says and
    the graph does not. Exit codes: 0 nothing at or above `--fail-on`, 1 findings, 2 a file that
    cannot be read.
    """
    from sopc.checking import CheckOptions, check_files
    from sopc.diagnostics import Severity, concise, full, json_report

    options = CheckOptions(
        select=tuple(_listed(select)),
        ignore=tuple(_listed(ignore)),
        fail_on=Severity(fail_on.value) if fail_on else None,
        organization=organization,
        today=as_of.date() if as_of else None,
    )
    report = check_files(paths or [Path()], options)
    if format_ is Format.FULL:
        text = full(report, color=output.colored())
    else:
        text = (concise if format_ is Format.CONCISE else json_report)(report)
    if text:
        output.result(text)
    output.note(report.summary())
    if report.unread:
        raise typer.Exit(2)
    if report.failing:
        raise typer.Exit(1)


def _listed(selectors: Sequence[str] | None) -> list[str]:
    """Take selectors apart that were given with commas."""
    return [part for each in selectors or () for part in each.split(",") if part.strip()]
