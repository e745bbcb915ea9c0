"""`sopc journal`: read, verify, export and erase what runs did."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer

from sopc.cli import output
from sopc.cli.database import Data, open_existing
from sopc.cli.user import PERSON_VARIABLE, named
from sopc.errors import UsageError, WorkError

if TYPE_CHECKING:
    from sopc_runtime.journal.verify import Verification

app = typer.Typer(
    help="Read, verify and erase what runs did.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)

Run = Annotated[
    str | None,
    typer.Option("--run", help="The only run; otherwise all.", metavar="ID"),
]
_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]


@app.command()
def show(
    run: Annotated[
        str, typer.Argument(help="The run's id; `*` for what concerns no run.", metavar="RUN")
    ],
    *,
    data: Data = None,
) -> None:
    """Show the journal of a run as a timeline, with instants in UTC."""
    from sopc.diagnostics.printable import printable
    from sopc_runtime.journal.timeline import timeline
    from sopc_runtime.journal.verify import consistent

    with consistent(open_existing(data)).connect() as connection:
        for line in timeline(connection, run):
            output.result(printable(line))


@app.command(epilog="Exit codes: 0 it is what was written, 1 it is not.")
def verify(
    *,
    run: Run = None,
    head: Annotated[
        str | None,
        typer.Option(
            help="A head noted at an earlier time, which has to be there.", metavar="HASH"
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Verify that no entry of the journal was altered, removed or added by hand."""
    from sopc_runtime.journal.verify import verify as verify_journal

    found = verify_journal(open_existing(data), run=run, head=head)
    output.result(_summary(found))
    if found.breaks:
        raise typer.Exit(1)


@app.command(epilog="Sensitive values stay sealed. Without `--out`, the lines go to stdout.")
def export(
    *,
    run: Run = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=_FORMATS, help="The first instant, in UTC.", metavar="TIME"),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=_FORMATS,
            help="The instant, in UTC, from which on none is given.",
            metavar="TIME",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write.", metavar="FILE", dir_okay=False)
    ] = None,
    data: Data = None,
) -> None:
    """Export entries of the journal as JSON lines."""
    from sopc_runtime.journal.export import exported
    from sopc_runtime.journal.verify import consistent

    with consistent(open_existing(data)).connect() as connection:
        lines = exported(connection, run=run, since=_utc(since), until=_utc(until))
        if out is None:
            for line in lines:
                output.result(line)
            return
        with _written(out, "w") as file:
            file.writelines(lines)
    output.note(f"wrote `{out.as_posix()}`")


@app.command(epilog="Only runs that have ended; what is erased cannot be brought back.")
def erase(
    *,
    by: Annotated[
        str,
        typer.Option(
            help="Who erases, for the journal.",
            metavar="NAME",
            envvar=PERSON_VARIABLE,
            callback=named,
        ),
    ],
    run: Annotated[str | None, typer.Option(help="The run to erase.", metavar="ID")] = None,
    before: Annotated[
        datetime | None,
        typer.Option(
            formats=_FORMATS,
            help="Erase runs that ended before, in UTC, and what came in until then for no run.",
        ),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(help="A new file that the entries are written to before.", metavar="FILE"),
    ] = None,
    data: Data = None,
) -> None:
    """Erase the content of runs, so that their journals can still be verified."""
    from contextlib import nullcontext

    from sopc_runtime.journal.retention import erase as erase_runs

    if (run is None) == (before is None):
        raise UsageError("give either `--run` or `--before`", hint="they say what to erase")
    engine = open_existing(data)
    with nullcontext() if export is None else _written(export, "x") as file:
        done = erase_runs(
            engine,
            by=by,
            now=lambda: datetime.now(UTC),
            run=run,
            before=_utc(before),
            export=file,
        )
    told = f"erased {_count(done.entries, 'entry')} of {_count(done.runs, 'run')}"
    if done.deliveries:
        told += f", and {_count(done.deliveries, 'delivery')} that no run came of"
    output.result(told)


def _summary(found: "Verification") -> str:
    from sopc.diagnostics.printable import printable

    lines = [printable(f"{each.run}: {each.says}") for each in found.breaks]
    read = f"{_count(found.entries, 'entry')} of {_count(found.runs, 'run')}"
    if found.erased:
        read += f", the content of {found.erased} erased"
    if found.breaks:
        lines.append(f"{read}; {_count(len(found.breaks), 'chain')} broken")
    else:
        lines.append(f"{read}, all as written")
    if found.head:
        lines.append(f"head: {found.head}")
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun.removesuffix('y')}{'ies' if noun.endswith('y') else 's'}"


def _utc(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


@contextmanager
def _written(path: Path, mode: Literal["w", "x"]) -> Iterator[TextIO]:
    try:
        file = path.open(mode, encoding="utf-8", newline="\n")
    except FileExistsError:
        raise UsageError(
            f"`{path}` is there already", hint="name a new file, so that no export is lost"
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write `{path}`: {reason}") from None
    try:
        with file:
            yield file
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WorkError(f"cannot write `{path}`: {reason}") from None
