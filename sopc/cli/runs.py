"""`sopc runs`: list, show, cancel and move runs."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.cli.database import Data, open_existing, tell_if_idle
from sopc.cli.user import PERSON_VARIABLE, named
from sopc.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection

    from sopc_runtime.core.program import Program
    from sopc_runtime.core.state import RunState
    from sopc_runtime.deployment.moving import Move
    from sopc_runtime.deployment.running import RunLine, RunView
    from sopc_runtime.store.run_start import Version

app = typer.Typer(
    help="List, show, cancel and move runs.",
    rich_markup_mode=None,
    add_completion=False,
    invoke_without_command=True,
)

Run = Annotated[str, typer.Argument(help="The run's id.", metavar="RUN")]
By = Annotated[
    str,
    typer.Option(help="Who decides it.", metavar="NAME", envvar=PERSON_VARIABLE, callback=named),
]
Json = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]


class Status(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@app.callback()
def list_(
    context: typer.Context,
    *,
    status: Annotated[Status | None, typer.Option(help="Only those.")] = None,
    name: Annotated[
        str | None, typer.Option(help="Only those of this procedure.", metavar="NAME")
    ] = None,
    limit: Annotated[int, typer.Option(help="The latest so many; 0 for all.", min=0)] = 100,
    json_: Json = False,
    data: Data = None,
) -> None:
    """List runs, the latest first: since when, and what or whom they wait for."""
    if context.invoked_subcommand is not None:
        return
    from sopc.diagnostics.printable import printable
    from sopc_runtime.deployment.running import list_runs
    from sopc_runtime.people.current import time_zone
    from sopc_runtime.store.database import reading
    from sopc_runtime.store.run_start import version

    engine = open_existing(data)
    with reading(engine).begin() as connection:
        # One more than is shown tells whether there are more.
        most = limit + 1 if limit else None
        found = list_runs(connection, name=name, status=status and status.value, limit=most)
        zone = time_zone(connection)
        if name is not None and not found:
            version(connection, name)
    shown = found[:limit] if limit else found
    if json_:
        lines = [_as_json(each) for each in shown]
        output.result(json.dumps(lines, indent=2, ensure_ascii=False))
    else:
        for each in shown:
            output.result(printable(_line(each, zone)))
    if not found:
        output.note("there are no such runs")
    elif len(found) > len(shown):
        output.note(f"the latest {len(shown)}; `--limit 0` lists all")
    if any(each.status == Status.RUNNING for each in shown):
        tell_if_idle(engine)


def _as_json(line: "RunLine") -> dict[str, object]:
    return {
        "id": line.id,
        "name": line.name,
        "status": line.status,
        "mode": line.mode,
        "started": line.started.isoformat(),
        "ended": line.ended.isoformat() if line.ended else None,
        "waits_for": list(line.waits),
        "due": line.due.isoformat() if line.due else None,
        "problem": line.problem,
    }


def _line(line: "RunLine", zone: "ZoneInfo") -> str:
    said = (
        f"{line.id}  {line.name}  {line.status}  {line.mode}  since {_instant(line.started, zone)}"
    )
    if line.ended is not None:
        said += f", ended {_instant(line.ended, zone)}"
    if line.problem is not None:
        said += f"; cannot go on: {line.problem}"
    if line.waits:
        said += f"; waits for {'; '.join(line.waits)}"
    return said + (f"; next {_instant(line.due, zone)}" if line.due else "")


def _instant(at: datetime, zone: "ZoneInfo") -> str:
    from sopc_runtime.people.current import in_zone

    return in_zone(at, zone, seconds=True)


@app.command()
def show(run: Run, *, json_: Json = False, data: Data = None) -> None:
    """Show a run: its steps, values, open tasks and timers."""
    from sopc.diagnostics.printable import printable
    from sopc_runtime.core.state import STATE
    from sopc_runtime.deployment.running import view
    from sopc_runtime.people.current import time_zone
    from sopc_runtime.people.discretion import Discretion
    from sopc_runtime.store.database import reading
    from sopc_runtime.store.documents import program

    with reading(open_existing(data)).begin() as connection:
        found = view(connection, run)
        row = found.row
        whole = program(connection, row.graph, row.organization, row.procedure)
        sensitive = whole.sensitive
        zone = time_zone(connection, row.name)
    # Failures and tasks quote values, under whatever name.
    discreet = Discretion(whole, row.state).text
    if json_:
        state = STATE.dump_python(found.state, mode="json") if found.state else None
        state = _told_discreetly(_veiled(state, sensitive), discreet)
        told = {**_as_json(found.line), "graph": row.graph, "state": state}
        output.result(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for line in _view(found, whole, zone):
        output.result(printable(discreet(line)))


def _veiled(value: object, sensitive: frozenset[str]) -> object:
    """Leave out what is sensitive, wherever it stands."""
    if isinstance(value, dict):
        return {
            key: "(sensitive)" if key in sensitive else _veiled(each, sensitive)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_veiled(each, sensitive) for each in value]
    return value


def _told_discreetly(value: object, discreet: "Callable[[str], str]") -> object:
    """Leave sensitive values out of all texts."""
    if isinstance(value, str):
        return discreet(value)
    if isinstance(value, dict):
        return {discreet(key): _told_discreetly(each, discreet) for key, each in value.items()}
    if isinstance(value, list):
        return [_told_discreetly(each, discreet) for each in value]
    return value


def _view(found: "RunView", program: "Program", zone: "ZoneInfo") -> list[str]:
    row, state = found.row, found.state
    lines = [_line(found.line, zone), f"graph {row.graph[:12]}"]
    if row.parent:
        lines.append(f"called by {row.parent}")
    if row.status != Status.RUNNING and (state is None or not (state.steps or state.why)):
        lines.append("its content was erased; `sopc journal show` tells what is left")
        return lines
    if state is None:
        return lines
    if state.why:
        lines.append(f"because: {state.why}")
    lines.append("steps:")
    for at in state.steps.values():
        ended = f" to {_instant(at.ended, zone)}" if at.ended else ""
        said = f": {at.message}" if at.message and not at.ended else ""
        lines.append(
            f"  {at.path}: {at.phase}, {_instant(at.begun or at.reached, zone)}{ended}{said}"
        )
    lines += _values(state, program)
    if found.tasks:
        lines.append("tasks:")
    for task in found.tasks:
        due = f", until {_instant(task.due, zone)}" if task.due else ""
        whom = task.assignee or ", ".join(task.roles) or "anybody"
        lines.append(f"  {task.number}: {task.kind} of {task.step}, for {whom}{due}")
    if found.timers:
        lines.append("timers:")
    lines += [f"  {_instant(timer.due, zone)}: {timer.timer}" for timer in found.timers]
    return lines


def _values(state: "RunState", program: "Program") -> "Iterator[str]":
    from sopc_runtime.people.value_text import written

    if state.values:
        yield "values:"
    for name, value in state.values.items():
        if name in program.sensitive:
            yield f"  {name}: (sensitive)"
        else:
            shown = _veiled(value, program.sensitive)
            yield f"  {name}: {written(program.fields.get(name), shown)}"


@app.command()
def cancel(
    run: Run,
    *,
    by: By,
    reason: Annotated[str, typer.Option(help="Why.", metavar="TEXT")],
    data: Data = None,
) -> None:
    """End a run before its time, with the runs that it called."""
    from sopc_runtime.deployment.running import cancel as cancelled

    engine = open_existing(data)
    with engine.begin() as connection:
        new = cancelled(connection, run, by=by, reason=reason, now=datetime.now(UTC))
    output.result(f"{run}: {'is' if new else 'was'} told to end; a worker sees to it")
    tell_if_idle(engine)


@app.command(
    epilog="A run in the middle of what changed stays, as does one in which the new version "
    "would skip or repeat something; each reason is named. "
    "Exit codes: 0 all were moved, or could be; 1 some cannot be."
)
def migrate(
    run: Annotated[str | None, typer.Argument(help="The run's id.", metavar="RUN")] = None,
    *,
    all_: Annotated[
        str | None, typer.Option("--all", help="All runs of this procedure.", metavar="NAME")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(help="A graph by the beginning of its hash; otherwise the deployed one."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="Who decides it; otherwise git's or the system's user.",
            metavar="NAME",
            envvar=PERSON_VARIABLE,
            callback=named,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what could be moved.")
    ] = False,
    data: Data = None,
) -> None:
    """Move runs to another version of their graph where the difference allows it."""
    from sopc.cli.user import user_name
    from sopc_runtime.deployment.moving import move
    from sopc_runtime.deployment.running import list_runs, run_row

    if (run is None) is (all_ is None):
        raise UsageError("name one run, or give `--all NAME`", hint="`sopc runs` lists them")
    engine = open_existing(data)
    with engine.begin() as connection:
        name = all_ or str(run_row(connection, str(run)).name)
        target = _target(connection, name, to)
        ids = [run] if run else []
        if all_:
            ids = [each.id for each in list_runs(connection, name=all_, status="running")]
    stuck = 0
    for each in ids:
        with engine.begin() as connection:
            done = move(
                connection,
                each,
                target,
                by=by or user_name() or "unknown",
                now=datetime.now(UTC),
                dry=dry_run,
            )
        stuck += bool(done.reasons)
        _tell(done, dry=dry_run)
    if not ids:
        output.note(f"no run of `{all_}` is under way")
    if stuck:
        raise typer.Exit(1)


def _target(connection: "Connection", name: str, to: str | None) -> "Version":
    from dataclasses import replace

    from sqlalchemy import select

    from sopc_runtime.store.run_start import version
    from sopc_runtime.store.tables import documents

    found = version(connection, name)
    if to is None:
        return found
    kept = select(documents.c.hash).where(
        documents.c.kind == "graph", documents.c.hash.startswith(to, autoescape=True)
    )
    hashes = list(connection.execute(kept).scalars())
    if len(hashes) != 1:
        what = "no graph" if not hashes else "more than one graph"
        hint = "`sopc deploy GRAPH` keeps one; a hash may be given by its beginning"
        raise UsageError(f"{what} is kept whose hash begins with `{to}`", hint=hint)
    return replace(found, graph=hashes[0])


def _tell(done: "Move", *, dry: bool) -> None:
    if done.already:
        output.result(f"{done.run}: goes by this version already")
        return
    if done.reasons:
        output.result(f"{done.run}: stays under {done.before[:12]}")
        for reason in done.reasons:
            output.result(f"  {reason}")
        return
    output.result(f"{done.run}: {'can be' if dry else 'is'} moved")
    for remark in done.remarks:
        output.result(f"  {remark}")
