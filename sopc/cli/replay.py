"""`sopc replay`: whether the same events still lead to the same decisions."""

from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.cli.database import Data, open_existing
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sopc_runtime.driver.replay import ReplayResult


def replay(
    run: Annotated[str | None, typer.Argument(help="The run's id.", metavar="RUN")] = None,
    *,
    all_: Annotated[bool, typer.Option("--all", help="Every run.")] = False,
    data: Data = None,
) -> None:
    """Replay a run's journal, and name the first decision that differs.

    Nothing is sent and nothing is written. Exit codes: 0 the decisions are the same, 1 they are
    not, or data that a replay needs was erased.
    """
    from sqlalchemy import select

    from sopc_runtime.deployment.running import run_row
    from sopc_runtime.driver.replay import replay as replayed
    from sopc_runtime.store.database import reading
    from sopc_runtime.store.tables import runs

    if (run is None) is not all_:
        raise UsageError("name one run, or give `--all`", hint="`sopc runs` lists them")
    engine = reading(open_existing(data))
    with engine.begin() as connection:
        if run is not None:
            ids = [str(run_row(connection, run).id)]
        else:
            ids = list(connection.execute(select(runs.c.id).order_by(runs.c.started)).scalars())
    differing = erased = 0
    for each in ids:
        # A transaction for each, so that a long replay holds no old view of the database.
        with engine.begin() as connection:
            result = replayed(connection, each)
        differing += result.difference is not None
        erased += result.difference is None and result.erased is not None
        if run is not None or not result.same:
            output.result(_told(result))
    if all_:
        noun = "run" if len(ids) == 1 else "runs"
        gone = f", {erased} only as far as data was erased" if erased else ""
        output.result(f"{len(ids)} {noun} replayed, {differing} not the same{gone}")
    if differing or erased:
        raise typer.Exit(1)


def _told(result: "ReplayResult") -> str:
    from sopc.diagnostics.printable import printable

    counted = f"{result.events} events, {result.decisions} decisions"
    if result.difference is not None:
        found = result.difference
        lines = [
            f"{result.run}: differs at entry {found.seq}, after {counted}",
            f"  journal: {found.expected or 'nothing more'}",
            f"  replay:  {found.found or 'nothing more'}",
        ]
        return "\n".join(printable(line) for line in lines)
    if result.erased is not None:
        return f"{result.run}: the same as far as entry {result.erased}, where data was erased"
    return f"{result.run}: the same, {counted}"
