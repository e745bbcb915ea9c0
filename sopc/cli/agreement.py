"""`sopc agreement`: how far what the program would do is what people do."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.cli.database import Data, open_existing
from sopc.cli.user import PERSON_VARIABLE, named
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sopc_runtime.modes.agreement import Count
    from sopc_runtime.modes.promotion import Assessment

app = typer.Typer(
    help="Compare what procedures would do with what people do.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)

_LARGEST = 100_000_000

Name = Annotated[str, typer.Argument(help="The deployed procedure.", metavar="NAME")]


@app.command()
def show(
    name: Annotated[
        str | None, typer.Argument(help="The deployed procedure; otherwise all.", metavar="NAME")
    ] = None,
    *,
    json_: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    data: Data = None,
) -> None:
    """Show the agreement of each step, and what a promotion still takes."""
    from sopc_runtime.modes.promotion import assess
    from sopc_runtime.modes.settings import load_mode_settings
    from sopc_runtime.store.database import reading
    from sopc_runtime.store.run_start import versions

    settings = load_mode_settings(Path())
    with reading(open_existing(data)).begin() as connection:
        names = [name] if name is not None else [each.name for each in versions(connection)]
        found = [assess(connection, each, settings) for each in names]
    if json_:
        told = [_as_json(each) for each in found]
        shown = told[0] if name is not None else told
        output.result(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for each in found:
        for line in _lines(each):
            output.result(line)
    if not found:
        output.note("nothing is deployed; `sopc deploy GRAPH` does it")


def _as_json(found: "Assessment") -> dict[str, object]:
    return {
        "name": found.version.name,
        "mode": found.version.mode.value,
        **found.measured.as_json(),
        "next": found.to.value if found.to else None,
        "offered": found.offered,
        "lacking": list(found.lacking),
    }


def _lines(found: "Assessment") -> list[str]:
    version, measured = found.version, found.measured
    lines = [f"{version.name}: {version.mode}, {_counted(measured.all)}"]
    lines += [f"  {step}: {_counted(count)}" for step, count in measured.steps.items()]
    if not measured.steps:
        lines.append("  no step acts on a system")
    if found.to is None:
        return lines
    if found.offered:
        lines.append(f"ready for {found.to}: `sopc promote {version.name} --by NAME`")
        return lines
    unsigned = [] if version.signers else ["nobody has signed this version"]
    lines += [f"not ready for {found.to}: {each}" for each in (*found.lacking, *unsigned)]
    return lines


def _counted(count: "Count") -> str:
    if not count.total:
        return "nothing compared"
    lower, upper = count.interval
    return f"{count.agreed} of {count.total} agree, {lower:.1%} to {upper:.1%}"


@app.command(
    "import",
    epilog="Columns: `run`, `step`, and `same`, `did` or `input.NAME`; `by`, `at` and `note` may "
    "say more. Exit codes: 0 all rows were used, 1 some were not.",
)
def import_(
    name: Name,
    file: Annotated[Path, typer.Argument(help="What people did, as CSV.", metavar="FILE.csv")],
    *,
    key: Annotated[
        str | None,
        typer.Option(
            help="The value of runs that column `run` holds; otherwise their ids.", metavar="VALUE"
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="Who imports; otherwise git's or the system's user.",
            metavar="NAME",
            envvar=PERSON_VARIABLE,
            callback=named,
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Import what people did in the shadow of a procedure."""
    from sopc.cli.user import user_name
    from sopc_runtime.modes.imported import import_agreement

    text = _text(file)
    with open_existing(data).begin() as connection:
        done = import_agreement(
            connection,
            name,
            text,
            source=file.name,
            by=by or user_name() or "unknown",
            now=datetime.now(UTC),
            key=key,
        )
    for line, problem in done.problems:
        output.warn(f"{file}:{line}: {problem}")
    again = f", {done.known} known before" if done.known else ""
    rows = f"{len(done.problems)} row{'' if len(done.problems) == 1 else 's'} not used"
    unused = f", {rows}" if done.problems else ""
    output.result(f"{done.agreed} of {done.compared} acts agree{again}{unused}")
    if done.problems:
        raise typer.Exit(1)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _LARGEST:
            raise UsageError(f"`{file}` is larger than {_LARGEST:,} bytes", hint="split it")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"`{file}` is not UTF-8", hint="save it as UTF-8") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read `{file}`: {reason}") from None
