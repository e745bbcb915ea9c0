"""`sopc deliveries`: what came in from outside, and what was refused of it."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sopc.cli import output
from sopc.cli.database import Data, open_existing, tell_if_idle
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sopc_runtime.triggers.delivery import Outcome

app = typer.Typer(
    help="List, show and resend what came in.",
    rich_markup_mode=None,
    add_completion=False,
    invoke_without_command=True,
)

Number = Annotated[int, typer.Argument(help="The delivery's number.", metavar="N")]
Json = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]


class Chosen(StrEnum):
    """Which deliveries are listed."""

    REFUSED = "refused"
    IGNORED = "ignored"
    STARTED = "started"
    HANDED_ON = "handed-on"


@app.callback()
def list_(
    context: typer.Context,
    *,
    status: Annotated[
        Chosen | None, typer.Option(help="Only those; by default all that have a problem.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    limit: Annotated[int, typer.Option(help="The latest so many.", min=1)] = 50,
    json_: Json = False,
    data: Data = None,
) -> None:
    """List what was refused, or left out, the latest first."""
    if context.invoked_subcommand is not None:
        return
    from sqlalchemy import select

    from sopc.diagnostics.printable import printable
    from sopc_runtime.people.current import in_zone, time_zone
    from sopc_runtime.store.database import reading
    from sopc_runtime.store.tables import deliveries

    asked = select(deliveries).order_by(deliveries.c.number.desc()).limit(limit)
    if status is not None:
        asked = asked.where(deliveries.c.status == status.value)
    elif not all_:
        asked = asked.where(deliveries.c.problem.is_not(None))
    with reading(open_existing(data)).connect() as connection:
        rows = list(connection.execute(asked))
        zone = time_zone(connection)
    if json_:
        output.result(json.dumps([_told(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        what = " ".join(part for part in (row.source, row.system, row.event, row.name) if part)
        first = (row.problem or ", ".join(row.runs)).split("\n")[0]
        at = in_zone(row.received, zone, seconds=True)
        output.result(printable(f"{row.number:>5}  {at}  {row.status:<9}  {what}: {first}"))
    output.note(f"{len(rows)} deliver{'y' if len(rows) == 1 else 'ies'}")


@app.command()
def show(number: Number, *, json_: Json = False, data: Data = None) -> None:
    """Show one delivery, with all that is wrong with it and what it brought."""
    from sopc.diagnostics.printable import printable
    from sopc_runtime.people.current import in_zone, time_zone
    from sopc_runtime.store.database import reading

    engine = open_existing(data)
    row = _row(engine, number)
    if json_:
        output.result(json.dumps(_told(row), ensure_ascii=False, indent=2))
        return
    with reading(engine).connect() as connection:
        zone = time_zone(connection, row.name)
    lines = [
        f"delivery {row.number}: {row.status}",
        f"source: {row.source}",
        f"id: {row.key}",
        f"received: {in_zone(row.received, zone, seconds=True)}",
    ]
    told = {"system": row.system, "event": row.event, "procedure": row.name}
    lines += [f"{name}: {words}" for name, words in told.items() if words is not None]
    if row.occurred is not None:
        lines.append(f"occurred: {in_zone(row.occurred, zone, seconds=True)}")
    if row.runs:
        lines.append(f"runs: {', '.join(row.runs)}")
    lines += [f"problem: {each}" for each in (row.problem or "").split("\n") if each]
    lines += ["payload:", *_pretty(row.payload).split("\n")]
    output.result("\n".join(printable(line) for line in lines))


@app.command(epilog="Exit codes: 0 taken in, 1 refused or left out again.")
def resend(
    number: Number,
    *,
    payload: Annotated[
        Path | None,
        typer.Option(help="A JSON file with the payload that is taken instead.", metavar="FILE"),
    ] = None,
    data: Data = None,
) -> None:
    """Take a delivery in again that was refused or left out."""
    from sopc_runtime.triggers.intake import resend as take_again

    text = None
    if payload is not None:
        try:
            text = payload.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError(f"`{payload}` is not UTF-8") from None
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"cannot read `{payload}`: {reason}") from None
    engine = open_existing(data)
    with engine.begin() as connection:
        outcome = take_again(connection, number, datetime.now(UTC), payload=text)
    _tell(outcome)
    if outcome.runs:
        tell_if_idle(engine)
    if not outcome.runs:
        raise typer.Exit(1)


def _tell(outcome: "Outcome") -> None:
    output.result(f"delivery {outcome.number}: {outcome.status}")
    for run in outcome.runs:
        output.result(run)
    for problem in outcome.problems:
        output.warn(problem)


def _row(engine: Any, number: int) -> Any:
    from sqlalchemy import select

    from sopc_runtime.store.database import reading
    from sopc_runtime.store.tables import deliveries

    with reading(engine).connect() as connection:
        row = connection.execute(
            select(deliveries).where(deliveries.c.number == number)
        ).one_or_none()
    if row is None:
        raise UsageError(f"there is no delivery {number}", hint="`sopc deliveries` lists them")
    return row


def _told(row: Any) -> dict[str, Any]:
    content = dict(row._mapping)  # noqa: SLF001 # the public name of it in SQLAlchemy
    for name in ("received", "occurred"):
        content[name] = content[name].isoformat() if content[name] else None
    content["problems"] = (content.pop("problem") or "").split("\n") if row.problem else []
    return content


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text
