"""`sopc simulate`: what a procedure would do, when and to whom, on a virtual clock."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sopc.cli import output
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sopc.graph import DataField, Failure
    from sopc_runtime.core.program import Program
    from sopc_runtime.simulation.habit import Habits
    from sopc_runtime.simulation.library import Library
    from sopc_runtime.simulation.memory import MemoryDriver
    from sopc_runtime.simulation.sample import Sampler

_RUN = "run"
_MOST_EVENTS = 20_000
_LONGEST = timedelta(days=3653)
_MOST_ROWS = 15
_MANY = 500


class Mode(StrEnum):
    """How far the procedure acts."""

    SHADOW = "shadow"
    ASSIST = "assist"
    AUTONOMOUS = "autonomous"


@dataclass(frozen=True)
class _Case:
    """What every run of a simulation has in common."""

    library: "Library"
    program: "Program"
    trigger: str | None
    fields: "tuple[DataField, ...]"
    at: datetime
    mode: Mode


def simulate(
    graph: Annotated[
        Path, typer.Argument(help="A graph file, or the prose it was made from.", metavar="GRAPH")
    ],
    *,
    procedure: Annotated[
        str | None, typer.Option(help="Which procedure; the first unless said.")
    ] = None,
    trigger: Annotated[
        str | None, typer.Option(help="Which trigger; the first unless said.")
    ] = None,
    given: Annotated[
        Path | None,
        typer.Option("--input", help="JSON with what the trigger brings; samples unless said."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(help="When it begins, as `2026-03-02 09:00`; now unless said."),
    ] = None,
    mode: Annotated[Mode, typer.Option(help="How far it acts.")] = Mode.AUTONOMOUS,
    people_after: Annotated[
        str, typer.Option(help="How long people take, as `PT1H` or `1 business day`.")
    ] = "PT1H",
    systems_after: Annotated[str, typer.Option(help="How long systems take.")] = "PT1S",
    silent: Annotated[
        list[str] | None, typer.Option(help="A role that never answers; may stand often.")
    ] = None,
    fail: Annotated[
        list[str] | None,
        typer.Option(help="STEP=KIND: how each call of a step fails, as `look-up=not-found`."),
    ] = None,
    runs: Annotated[
        int | None, typer.Option(help="So many runs with varied inputs.", min=1)
    ] = None,
    inputs: Annotated[
        Path | None, typer.Option(help="A run for each row of a `.csv` or `.jsonl` file.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed gives other varied inputs.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Play a procedure through on a virtual clock; nothing is really done.

    People answer after a while by the first choice, systems answer with samples. One run gives a
    timeline; many, by `--runs` or `--inputs`, give a summary.
    """
    import random

    from sopc_runtime.simulation.habit import Habits
    from sopc_runtime.simulation.rows import read_rows
    from sopc_runtime.simulation.sample import Sampler, limits_of

    case = _case(graph, procedure, trigger, at, mode)
    habits = Habits(
        Sampler(case.at),
        people_after=_length(case, people_after, "--people-after"),
        systems_after=_length(case, systems_after, "--systems-after"),
        silent=_roles(case, silent or ()),
        failing=_failing(case, fail or ()),
    )
    if runs is None and inputs is None:
        rows = read_rows(given, case.fields) if given is not None else None
        if rows is not None and len(rows) != 1:
            raise UsageError(
                f"`{given}` holds {len(rows)} rows", hint="`--inputs` takes a run for each row"
            )
        values = rows[0] if rows is not None else _sample(case, habits.sampler)
        _refuse(case, values, f"`{given}`")
        _show_one(case, _driven(case, habits, values), as_json=as_json)
        return
    limits = limits_of(case.library.graph)
    drawn = random.Random(seed)  # noqa: S311 # nothing is kept secret by it
    habits.sampler = Sampler(case.at, drawn=drawn, limits=limits)
    if inputs is not None:
        rows = read_rows(inputs, case.fields)
        for number, row in enumerate(rows, start=1):
            _refuse(case, row, f"`{inputs}`, row {number}")
        rows = [rows[number % len(rows)] for number in range(runs or len(rows))] if rows else []
    else:
        rows = [_sample(case, habits.sampler) for _ in range(runs or 0)]
    _show_many(case, habits, rows, as_json=as_json)


def _sample(case: _Case, sampler: "Sampler") -> dict[str, Any]:
    """Give what the trigger may bring: a filter lets it pass."""
    from sopc_runtime.simulation.passing import passing

    chosen = [each for each in case.program.procedure.triggers if each.id == case.trigger]
    only = getattr(chosen[0], "filter", None) if chosen else None
    return passing(sampler.values(case.fields), case.fields, only)


def _case(
    graph: Path, procedure: str | None, trigger: str | None, at: str | None, mode: Mode
) -> _Case:
    from sopc.cli.naming import graph_of
    from sopc.graph import ScheduleTrigger
    from sopc_runtime.core.moment import working
    from sopc_runtime.simulation.instant import checked_instant, instant
    from sopc_runtime.simulation.library import Library

    library = Library(graph_of(graph))
    program = library.program(procedure)
    triggers = {each.id: each for each in program.procedure.triggers}
    if trigger is not None and trigger not in triggers:
        known = ", ".join(f"`{each}`" for each in triggers) or "none"
        raise UsageError(f"there is no trigger `{trigger}`", hint=f"there are: {known}")
    chosen = triggers[trigger] if trigger else next(iter(triggers.values()), None)
    fields = library.graph.inputs
    if chosen is not None and not isinstance(chosen, ScheduleTrigger):
        fields += chosen.payload
    try:
        begins = (
            instant(checked_instant(at), beginning=None, hours=working(program))
            if at is not None
            else datetime.now(UTC).replace(microsecond=0)
        )
    except ValueError as error:
        raise UsageError(f"`--at`: {error}") from None
    return _Case(library, program, chosen.id if chosen else None, fields, begins, mode)


def _length(case: _Case, duration: str, option: str) -> timedelta:
    from pydantic import TypeAdapter, ValidationError

    from sopc.graph.duration import Duration
    from sopc_runtime.core.moment import later

    try:
        checked = TypeAdapter(Duration).validate_python(duration)
    except ValidationError as error:
        reason = str(error.errors()[0]["ctx"]["error"])
        raise UsageError(f"`{option}`: {reason}") from None
    return later(case.program, case.at, checked) - case.at


def _roles(case: _Case, names: Iterable[str]) -> frozenset[str]:
    known = {each.id for each in case.library.graph.roles}
    organization = case.library.organization
    known |= {each.id for each in organization.roles} if organization else set()
    for name in names:
        if name not in known:
            listed = ", ".join(f"`{each}`" for each in sorted(known)) or "none"
            raise UsageError(f"there is no role `{name}`", hint=f"there are: {listed}")
    return frozenset(names)


def _failing(case: _Case, said: Iterable[str]) -> "dict[str, Failure]":
    from sopc.graph import Failure

    found = {}
    for each in said:
        step, equals, kind = each.partition("=")
        if step not in case.program.steps:
            near = next(iter(get_close_matches(step, case.program.steps, n=1)), None)
            hint = f"did you mean `{near}`" if near else "write STEP=KIND"
            raise UsageError(f"there is no step `{step}`", hint=hint)
        if not equals or kind not in {str(one) for one in Failure}:
            listed = ", ".join(f"`{one}`" for one in Failure)
            raise UsageError(f"`{kind}` is no kind of failure", hint=f"there are: {listed}")
        found[step] = Failure(kind)
    return found


def _refuse(case: _Case, values: dict[str, Any], where: str) -> None:
    from sopc_runtime.core.value import problems_with

    problems = problems_with(values, case.fields)
    if problems:
        raise UsageError(f"{where}: {problems[0]}", hint="; ".join(problems[1:]) or None)


def _driven(case: _Case, habits: "Habits", values: dict[str, Any]) -> "MemoryDriver":
    from sopc_runtime.core.mode import Mode as RunMode
    from sopc_runtime.simulation.memory import MemoryDriver

    driver = MemoryDriver(habits, now=case.at, programs=case.library.called)
    mode = RunMode(case.mode.value)
    driver.start(case.program, _RUN, mode=mode, trigger=case.trigger, values=values)
    driver.run(until=case.at + _LONGEST, at_most=_MOST_EVENTS)
    return driver


def _show_one(case: _Case, driver: "MemoryDriver", *, as_json: bool) -> None:
    from sopc.diagnostics.printable import printable
    from sopc_runtime.core.moment import zone
    from sopc_runtime.simulation.summary import waited_for
    from sopc_runtime.simulation.timeline import lines_of, passed, written

    run = driver.runs[_RUN]
    place = zone(case.program)
    lines = lines_of(driver.journal, place)
    ended = run.state.ended
    if as_json:
        plain = {
            "status": run.state.status,
            "why": run.state.why,
            "started": run.state.started.isoformat(),
            "ended": ended.isoformat() if ended else None,
            "waiting": [] if run.state.over else waited_for(run),
            "values": run.state.values,
            "timeline": [
                {"at": each.at.isoformat(), "run": each.run.id, "says": each.words}
                for each in lines
            ],
        }
        output.result(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    shown = written(lines, place, main=_RUN)
    output.result("\n".join(printable(each) for each in shown))
    if ended is not None:
        output.note(f"{run.state.status} after {passed(ended - run.state.started)}")
    elif driver.taken >= _MOST_EVENTS:
        output.note(f"it goes on and on; shown are {driver.taken:,} events")
    else:
        output.note(f"it goes on, waiting for {', '.join(waited_for(run))}")


def _show_many(case: _Case, habits: "Habits", rows: list[dict[str, Any]], *, as_json: bool) -> None:
    from sopc_runtime.simulation.summary import Summary

    summary = Summary()
    for number, values in enumerate(rows, start=1):
        summary.add(list(_driven(case, habits, values).runs.values()))
        if number % _MANY == 0:
            output.note(f"{number:,} of {len(rows):,} runs")
    if as_json:
        output.result(json.dumps(summary.plain(), indent=2, ensure_ascii=False))
        return
    tables = [(title, rows) for title, rows in summary.tables() if rows]
    if output.colored():
        _rich(summary.runs, tables)
        return
    lines = [f"{summary.runs:,} runs, {summary.events:,} events"]
    for title, shown in tables:
        lines += ["", title]
        width = max(len(number) for _, number in shown)
        lines += [f"  {number:>{width}}  {words}" for words, number in shown[:_MOST_ROWS]]
        if len(shown) > _MOST_ROWS:
            lines.append(f"  {'':>{width}}  and {len(shown) - _MOST_ROWS} more")
    output.result("\n".join(lines))


def _rich(runs: int, tables: list[tuple[str, list[tuple[str, str]]]]) -> None:
    from rich.table import Table

    console = output.console()
    console.print(f"{runs:,} runs")
    for title, rows in tables:
        table = Table(title=title, title_justify="left", show_header=False, box=None)
        table.add_column(justify="right", style="bold")
        table.add_column()
        for words, number in rows[:_MOST_ROWS]:
            table.add_row(number, words)
        console.print(table)
