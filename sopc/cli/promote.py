"""`sopc promote` and `sopc demote`: how far a procedure acts, as a signed act."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.cli.database import Data, open_existing
from sopc.cli.deploy import ModeName
from sopc.cli.user import PERSON_VARIABLE, named

if TYPE_CHECKING:
    from sopc_runtime.modes.change import Change

Name = Annotated[str, typer.Argument(help="The deployed procedure.", metavar="NAME")]
By = Annotated[
    str,
    typer.Option(
        help="Who decides it: a whole name.", metavar="NAME", envvar=PERSON_VARIABLE, callback=named
    ),
]


def promote(
    name: Name,
    *,
    by: By,
    to: Annotated[
        ModeName | None, typer.Option(help="The mode; otherwise the next one.", metavar="MODE")
    ] = None,
    despite: Annotated[
        str | None,
        typer.Option(help="Why, although agreement is below the bar.", metavar="REASON"),
    ] = None,
    data: Data = None,
) -> None:
    """Let a procedure act further: from shadow to assist, from assist to autonomous.

    It takes a sign-off of the deployed version, and agreement with people that passes the bar of
    the table `[modes]` in `sopc.toml`. Runs of this version go on in the new mode.
    """
    from sopc_runtime.core.mode import Mode
    from sopc_runtime.modes.promotion import promote as promoted
    from sopc_runtime.modes.settings import load_mode_settings

    settings = load_mode_settings(Path())
    with open_existing(data).begin() as connection:
        done = promoted(
            connection,
            name,
            by=by,
            now=datetime.now(UTC),
            settings=settings,
            to=Mode(to.value) if to else None,
            despite=despite,
        )
    output.result(_told(done))


def demote(
    name: Name,
    *,
    by: By,
    reason: Annotated[str, typer.Option(help="Why.", metavar="TEXT")],
    to: Annotated[
        ModeName | None, typer.Option(help="The mode; otherwise the one below.", metavar="MODE")
    ] = None,
    data: Data = None,
) -> None:
    """Let a procedure act less, with its runs under way; agreement is counted anew."""
    from sopc_runtime.core.mode import Mode
    from sopc_runtime.modes.promotion import demote as demoted

    with open_existing(data).begin() as connection:
        done = demoted(
            connection,
            name,
            by=by,
            now=datetime.now(UTC),
            reason=reason,
            to=Mode(to.value) if to else None,
        )
    output.result(_told(done))


def _told(done: "Change") -> str:
    count, runs = done.measured.all, len(done.told)
    compared = f"{count.agreed} of {count.total} acts agree" if count.total else "nothing compared"
    under_way = f"{runs} run{'' if runs == 1 else 's'} under way told"
    return f"{done.name}: {done.before} to {done.after}; {compared}; {under_way}"
