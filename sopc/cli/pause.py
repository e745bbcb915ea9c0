"""`sopc pause` and `sopc resume`: the kill switch."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sopc.cli import output
from sopc.cli.database import Data, open_existing
from sopc.cli.user import PERSON_VARIABLE, named
from sopc.errors import UsageError

Name = Annotated[str | None, typer.Argument(help="The deployed procedure.", metavar="NAME")]
All = Annotated[bool, typer.Option("--all", help="All procedures, later ones too.")]
By = Annotated[
    str,
    typer.Option(help="Who decides it.", metavar="NAME", envvar=PERSON_VARIABLE, callback=named),
]


def pause(
    name: Name = None,
    *,
    all_: All = False,
    by: By,
    reason: Annotated[str, typer.Option(help="Why.", metavar="TEXT")],
    data: Data = None,
) -> None:
    """Stop a procedure, or all of them, at once and with nothing lost.

    No run takes a further step and no call begins; events, answers and timers wait. What a system
    was asked already is allowed to end.
    """
    from sopc_runtime.modes.pause import pause as paused

    what = _which(name, all_=all_)
    with open_existing(data).begin() as connection:
        new = paused(connection, what, by=by, reason=reason, now=datetime.now(UTC))
    output.result(f"{_called(what)} {'is' if new else 'was and stays'} paused")


def resume(
    name: Name = None,
    *,
    all_: All = False,
    by: By,
    reason: Annotated[str | None, typer.Option(help="Why.", metavar="TEXT")] = None,
    data: Data = None,
) -> None:
    """Let what was paused go on, with whatever came in meanwhile."""
    from sopc_runtime.modes.pause import ALL, paused_ones
    from sopc_runtime.modes.pause import resume as resumed

    what = _which(name, all_=all_)
    with open_existing(data).begin() as connection:
        resumed(connection, what, by=by, now=datetime.now(UTC), reason=reason)
        left = {each.name for each in paused_ones(connection)}
    output.result(f"{_called(what)} goes on")
    if what == ALL and left:
        names = ", ".join(f"`{each}`" for each in sorted(left))
        output.warn(f"still paused by name: {names}", hint="`sopc resume NAME` ends that")
    elif ALL in left:
        output.warn("everything is paused still", hint="`sopc resume --all` ends that")


def _which(name: str | None, *, all_: bool) -> str:
    if (name is None) is not all_:
        raise UsageError("name one procedure, or give `--all`", hint="`sopc procedures` lists them")
    return name or "*"


def _called(what: str) -> str:
    return "every procedure" if what == "*" else f"`{what}`"
