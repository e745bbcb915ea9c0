"""`sopc org`: check the organization file, try its bindings, and propose one from graphs."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.cli.judgment import AsOf, FailOn
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sopc.graph.problem import GraphFileError
    from sopc.organization import LoadedOrganization, Organization
    from sopc.organization.review import Remark

app = typer.Typer(
    help="Look after the organization file.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)


@app.command(
    epilog="Exit codes: 0 nothing at or above `--fail-on`, 1 something or a binding that fails, "
    "2 the file cannot be read."
)
def check(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="The organization file; otherwise the nearest `organization.yaml`.",
            metavar="FILE",
        ),
    ] = None,
    *,
    as_of: AsOf = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="The least severity that makes the exit code 1.")
    ] = FailOn.ERROR,
    connect: Annotated[
        bool,
        typer.Option("--connect", help="Also try every binding, and compare the operations."),
    ] = False,
) -> None:
    """Check the organization file, and sum up what it says."""
    from sopc.diagnostics.printable import printable
    from sopc.graph.problem import GraphFileError
    from sopc.organization import read_organization
    from sopc.organization.review import review
    from sopc.organization.summary import summary

    path = _found(file)
    try:
        loaded = read_organization(path)
    except GraphFileError as error:
        output.result(_mistakes(path, error))
        raise typer.Exit(2) from None
    day = as_of.date() if as_of else _today(loaded.organization)
    remarks = review(loaded.organization, day)
    if remarks:
        output.result(_told(path, loaded, remarks) + "\n")
    output.result("\n".join(printable(line) for line in summary(loaded.organization, day)))
    failed = connect and _connected(loaded.organization, path, day)
    output.note(_counted(remarks))
    ranks = [each.value for each in FailOn]
    if failed or any(ranks.index(remark.severity) <= ranks.index(fail_on) for remark in remarks):
        raise typer.Exit(1)


@app.command(epilog="Exit codes: 0 printed, 1 a binding fails, 2 the file cannot be read.")
def operations(
    system: Annotated[
        str | None,
        typer.Argument(help="The system, by id or name; otherwise all that are bound."),
    ] = None,
    *,
    organization: Annotated[
        Path | None,
        typer.Option(
            help="The organization file; otherwise the nearest `organization.yaml`.",
            metavar="FILE",
        ),
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Ask bound systems what they can do, and print it as the organization file has it."""
    from sopc.cli import connections
    from sopc.organization import load_organization

    path = _found(organization)
    loaded = load_organization(path)
    only = connections.chosen(loaded, system) if system is not None else None
    day = as_of.date() if as_of else _today(loaded)
    tried = connections.tried(loaded, path, day, only=only)
    if any(each.operations for each in tried):
        output.result(connections.as_yaml(loaded, tried))
    for each in tried:
        if each.failure is not None:
            output.failure(f"{each.system.name}: {each.failure}", hint=each.hint)
        elif not each.operations:
            output.note(f"{each.system.name}: does not tell what it can do")
    if not tried:
        output.note("no system that is in use has a binding")
    if any(each.failure is not None for each in tried):
        raise typer.Exit(1)


@app.command(epilog="What graphs do not say stands as a comment, to be filled in.")
def init(
    folder: Annotated[
        Path, typer.Argument(help="A folder with compiled graphs, `*.sop.yaml`.")
    ] = Path(),
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Write FOLDER/organization.yaml instead of stdout.")
    ] = False,
) -> None:
    """Propose an organization file from what compiled graphs name."""
    from sopc.checking.graph_files import graph_files
    from sopc.graph.file import load_graph
    from sopc.organization.file import FILE_NAME
    from sopc.organization.proposal import proposal

    target = folder / FILE_NAME
    if not folder.is_dir():
        hint = "name the folder that holds the graphs"
        raise UsageError(f"there is no folder `{folder}`", hint=hint)
    if write and target.exists():
        raise UsageError(
            f"`{target}` is there already", hint="without `--write`, the proposal goes to stdout"
        )
    text = proposal([load_graph(path).graph for path in graph_files([folder])], _named(folder))
    if not write:
        output.result(text)
        return
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write `{target}`: {reason}") from None
    output.note(f"wrote `{target.as_posix()}`; `sopc org check` looks at it")


def _connected(organization: "Organization", path: Path, day: date) -> bool:
    """Try every binding and tell what came of it; give whether one failed."""
    from sopc.cli import connections
    from sopc.diagnostics.printable import printable

    tried = connections.tried(organization, path, day)
    output.result("\n".join(printable(line) for line in connections.told(tried)))
    return any(each.failure is not None for each in tried)


def _found(file: Path | None) -> Path:
    from sopc.organization import find_organization

    if file is not None:
        return file / "organization.yaml" if file.is_dir() else file
    found = find_organization(Path())
    if found is None:
        raise UsageError(
            "there is no `organization.yaml` here or above",
            hint="`sopc org init` proposes one from compiled graphs",
        )
    here = Path.cwd()
    return found.relative_to(here) if found.is_relative_to(here) else found


def _named(folder: Path) -> str:
    """Give a name for the organization until a person writes it."""
    name = folder.resolve().name.encode("utf-8", "replace").decode().strip()
    return name or "organization"


def _today(organization: "Organization") -> date:
    """Give today's date where the organization is, or where sopc runs."""
    from zoneinfo import ZoneInfo

    zone = organization.time_zone
    return datetime.now(UTC).astimezone(ZoneInfo(zone) if zone else None).date()


def _mistakes(path: Path, error: "GraphFileError") -> str:
    """Show what is wrong with a file that cannot be read as an organization file."""
    from sopc.diagnostics import Report, full
    from sopc.graph.document import with_plain_line_ends
    from sopc.graph.problem import UnknownFormatError
    from sopc.rules import unread_findings
    from sopc.rules.unread import FileKind, UnreadFile

    shown = path.as_posix()
    unknown = isinstance(error, UnknownFormatError)
    unread = UnreadFile(shown, FileKind.ORGANIZATION, error.problems, unknown)
    text = with_plain_line_ends(path.read_bytes().decode("utf-8-sig", errors="replace"))
    report = Report(tuple(unread_findings(unread)), (shown,), {shown: text})
    return full(report, color=output.colored())


def _told(path: Path, loaded: "LoadedOrganization", remarks: "list[Remark]") -> str:
    from sopc.cli.remark import shown
    from sopc.diagnostics.window import SourceLines

    def place(remark: "Remark") -> tuple[int, int, str]:
        span = loaded.spans.find(remark.at, key=remark.hidden)
        return span.line, span.column, remark.message

    lines = SourceLines(loaded.text)
    ordered = sorted(remarks, key=place)
    return "\n".join(shown(remark, loaded, lines, path.as_posix()) for remark in ordered)


def _counted(remarks: "list[Remark]") -> str:
    counts = [(sum(one.severity == each.value for one in remarks), each.value) for each in FailOn]
    said = [f"{number} {noun}" + "s" * (number > 1) for number, noun in counts if number]
    return ", ".join(said) or "nothing to remark"
